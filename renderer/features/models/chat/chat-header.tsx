// The bar above a conversation: its name, what can be done with it, how it is looked at.
import { Binary, MoreHorizontal, ScanText } from 'lucide-react';
import { useState } from 'react';
import { conversationText } from '../../../../core/lib/conversations/file.ts';
import { conversationMarkdown } from '../../../../core/lib/conversations/markdown.ts';
import {
  copyOfConversation,
  newConversationLike,
} from '../../../../core/lib/conversations/new-conversation.ts';
import { copyText } from '../../../app/copy-text.ts';
import { notifyError } from '../../../app/notifications.ts';
import { href, navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import { Badge } from '../../../ui/badge.tsx';
import { IconButton } from '../../../ui/button.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { PaneHeader } from '../../../ui/pane.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { validityOf } from '../../../../core/lib/conversations/check-answer.ts';
import { ModelModeSwitch } from '../model-mode-switch.tsx';
import { useModelTitle } from '../use-model-title.ts';
import type { ChatSession } from './session/chat-session.ts';
import { newId } from './session/chat-state.ts';
import { downloadConversation } from './download-conversation.ts';
import type { TokenLook } from './tokens/token-look.ts';
import { useChatState } from './session/use-chat-session.ts';
import styles from './chat-pane.module.css';

export interface ChatHeaderProps {
  readonly session: ChatSession;
  readonly modelPath: string;
  readonly query: URLSearchParams;
  readonly look: TokenLook;
  readonly onLook: (look: TokenLook) => void;
  readonly showsPrompt: boolean;
  readonly onPrompt: (shows: boolean) => void;
}

export function ChatHeader(props: ChatHeaderProps) {
  const { session, modelPath, query, look, onLook, showsPrompt, onPrompt } = props;
  const conversation = useChatState(session, (state) => state.conversation);
  const [name, setName] = useState<string | null>(null);
  const titleOf = useModelTitle();
  const { valid, checked } = validityOf(conversation);
  const rename = (title: string) => {
    setName(null);
    if (title.trim() !== '') session.change({ title: title.trim() });
  };
  return (
    <>
      <PaneHeader
        title={titleOf(modelPath)}
        detail={
          conversation.mode === 'raw'
            ? `raw completion, ${conversation.addBos ? 'with' : 'without'} begin token`
            : conversation.template === null
              ? 'chat template of the model'
              : 'template of your own'
        }
        actions={<ModelModeSwitch path={modelPath} query={query} />}
      />
      <div className={styles['head']}>
        {name === null ? (
          <h3 className={styles['title']} title={conversation.title}>
            {conversation.title}
          </h3>
        ) : (
          <span
            className={styles['rename']}
            role="presentation"
            onKeyDown={(event) => {
              if (event.key === 'Escape') setName(null);
            }}
          >
            <TextField
              label="Name of the conversation"
              isLabelHidden
              autoFocus
              value={name}
              onChange={setName}
              onSubmit={rename}
              onBlur={() => rename(name)}
            />
          </span>
        )}
        <span className={styles['spring']} />
        {checked > 0 ? (
          <Badge
            tone={valid === checked ? 'good' : 'warn'}
            title="Answers and calls of all branches that fit their schema"
          >
            {`${valid} of ${checked} valid`}
          </Badge>
        ) : null}
        <IconButton
          icon={Binary}
          label="Tokens and their probabilities"
          keys="T"
          isPressed={look.isOn}
          onPress={() => onLook({ ...look, isOn: !look.isOn })}
        />
        <IconButton
          icon={ScanText}
          label="What the model sees"
          keys="P"
          isPressed={showsPrompt}
          onPress={() => onPrompt(!showsPrompt)}
        />
        <ConversationMenu
          session={session}
          modelPath={modelPath}
          onRename={() => setName(conversation.title)}
        />
      </div>
    </>
  );
}

function ConversationMenu({
  session,
  modelPath,
  onRename,
}: {
  readonly session: ChatSession;
  readonly modelPath: string;
  readonly onRename: () => void;
}) {
  const client = useClient();
  const now = () => session.store.getState().conversation;
  const open = async (make: (id: string) => ReturnType<typeof copyOfConversation>) => {
    const id = newId();
    try {
      await client.conversations.save({ conversation: make(id), baseVersion: null });
      navigate(href('models', modelPath, { chat: id }));
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <Menu
      label="Conversation"
      icon={MoreHorizontal}
      groups={[
        [
          { id: 'rename', label: 'Rename…', perform: onRename },
          {
            id: 'duplicate',
            label: 'Duplicate',
            detail: 'All branches',
            perform: () => void open((id) => copyOfConversation(now(), id, Date.now())),
          },
          {
            id: 'again',
            label: 'New with the same settings',
            detail: 'System prompt, sampling, tools',
            perform: () => void open((id) => newConversationLike(now(), id, Date.now())),
          },
        ],
        [
          {
            id: 'markdown',
            label: 'Copy as Markdown',
            detail: 'The branch that is shown',
            perform: () => copyText(conversationMarkdown(now()), 'Conversation copied as Markdown'),
          },
          {
            id: 'json',
            label: 'Copy as JSON',
            detail: 'All branches, every token',
            perform: () => copyText(conversationText(now()), 'Conversation copied as JSON'),
          },
          {
            id: 'export-markdown',
            label: 'Export as Markdown',
            perform: () => downloadConversation(now(), 'md'),
          },
          { id: 'export-json', label: 'Export as JSON', perform: () => downloadConversation(now(), 'json') },
        ],
      ]}
    />
  );
}
