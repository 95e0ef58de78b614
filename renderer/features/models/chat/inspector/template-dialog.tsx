// The chat template: the model's own, or one for this conversation, with what it makes of the conversation beside it. An error says its line.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { ChatMessage } from '../../../../../core/api/generation.ts';
import { promptFor } from '../../../../../core/lib/conversations/prompt.ts';
import { shownPath } from '../../../../../core/lib/conversations/tree.ts';
import { templateProblem } from '../../../../../core/lib/conversations/template-problem.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { queryKeys, workspaceKey } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';
import { Button } from '../../../../ui/button.tsx';
import { Dialog } from '../../../../ui/dialog.tsx';
import { formatQuantity } from '../../../../ui/format.ts';
import type { ChatSession } from '../session/chat-session.ts';
import { PromptTokens } from '../tokens/prompt-view.tsx';
import styles from './template-dialog.module.css';
import { useChatState } from '../session/use-chat-session.ts';

/** What an empty conversation is shown with. */
const example: readonly ChatMessage[] = [
  { role: 'system', text: 'You are concise.' },
  { role: 'user', text: 'Ciao!' },
];

export function TemplateDialog({
  session,
  modelPath,
  onClose,
}: {
  readonly session: ChatSession;
  readonly modelPath: string;
  readonly onClose: () => void;
}) {
  const client = useClient();
  const conversation = useChatState(session, (state) => state.conversation);
  const model = useQuery({
    queryKey: queryKeys.model(modelPath),
    queryFn: () => client.models.inspect({ path: modelPath }),
  });
  const own = model.data?.chatTemplate ?? '';
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? conversation.template ?? own;
  const deferred = useDeferredValue(text);
  const broken = templateProblem(deferred);
  const path = shownPath(conversation);
  const before = path.at(-1)?.role === 'assistant' ? path.slice(0, -1) : path;
  const made = promptFor({ ...conversation, mode: 'chat' }, before, null);
  const prompt =
    made.kind === 'chat'
      ? {
          ...made,
          messages: made.messages.length === 0 ? [...example] : made.messages,
          template: deferred === own ? null : deferred,
        }
      : made;
  const preview = useQuery({
    queryKey: [...workspaceKey, 'template', modelPath, prompt],
    queryFn: ({ signal }) => client.chat.render({ modelPath, prompt }, { signal }),
    enabled: broken === null && model.data !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const problem = broken
    ? `Line ${broken.line}: ${broken.reason}`
    : preview.error
      ? describeError(preview.error).title
      : null;
  const keep = () => {
    session.change({ template: text === own ? null : text });
    onClose();
  };
  return (
    <Dialog
      title="Chat template"
      isOpen
      width="full"
      isDismissable={false}
      onClose={onClose}
      actions={
        <>
          <Button isDisabled={text === own} onPress={() => setTyped(own)}>
            Back to the model’s own
          </Button>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={broken !== null} onPress={keep}>
            {text === own ? 'Use the model’s own' : 'Use in this conversation'}
          </Button>
        </>
      }
    >
      <div className={styles['columns']}>
        <div className={styles['side']}>
          <p className={styles['caption']}>
            {text === own
              ? 'Jinja, from the model file'
              : 'Jinja, for this conversation; the model file is not changed'}
          </p>
          <NumberedEditor text={text} badLine={broken?.line ?? null} onChange={setTyped} />
        </div>
        <div className={styles['side']}>
          <p className={styles['caption']} role="status">
            {problem === null
              ? preview.data
                ? `What it makes of ${made.kind === 'chat' && made.messages.length === 0 ? 'an example' : 'the conversation'}: ${formatQuantity(preview.data.tokens.length, 'token')}`
                : 'Asking the runtime…'
              : ''}
            {problem === null ? null : <span className={styles['problem']}>{problem}</span>}
          </p>
          <div className={styles['preview']} data-stale={problem !== null || undefined}>
            {preview.data ? <PromptTokens tokens={preview.data.tokens} /> : null}
          </div>
        </div>
      </div>
    </Dialog>
  );
}

function NumberedEditor({
  text,
  badLine,
  onChange,
}: {
  readonly text: string;
  readonly badLine: number | null;
  readonly onChange: (text: string) => void;
}) {
  const [scroll, setScroll] = useState(0);
  return (
    <div className={styles['editor']}>
      <div className={styles['numbers']} aria-hidden="true">
        <div style={{ transform: `translateY(${-scroll}px)` }}>
          {text.split('\n').map((_, index) => (
            // Lines are known by their numbers.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} data-bad={index + 1 === badLine || undefined}>
              {index + 1}
            </div>
          ))}
        </div>
      </div>
      <textarea
        aria-label="Template"
        aria-invalid={badLine !== null}
        spellCheck={false}
        wrap="off"
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onScroll={(event) => setScroll(event.currentTarget.scrollTop)}
      />
    </div>
  );
}
