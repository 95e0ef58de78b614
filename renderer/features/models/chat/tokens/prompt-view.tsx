// The exact prompt of the next answer: every token with its boundary, special tokens as such, the begin token visible.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Conversation, Turn } from '../../../../../core/api/conversations.ts';
import type { PromptToken } from '../../../../../core/api/generation.ts';
import { promptFor } from '../../../../../core/lib/conversations/prompt.ts';
import { describeError } from '../../../../app/describe-error.ts';
import { workspaceKey } from '../../../../app/query-keys.ts';
import { useClient } from '../../../../app/session.ts';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import { ErrorState } from '../../../../ui/error-state.tsx';
import { formatQuantity } from '../../../../ui/format.ts';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import styles from '../chat-pane.module.css';
import { visibleText } from './token-look.ts';
import tokenStyles from './token-text.module.css';

/** More spans than a page draws well; the rest is one text. */
const MAX_SPANS = 6000;

export function PromptView({
  conversation,
  path,
  modelPath,
}: {
  readonly conversation: Conversation;
  readonly path: readonly Turn[];
  readonly modelPath: string;
}) {
  const client = useClient();
  // The answer that is there is not part of its own prompt.
  const before = path.at(-1)?.role === 'assistant' ? path.slice(0, -1) : path;
  const prompt = promptFor(conversation, before, null);
  const isEmpty = prompt.kind === 'raw' ? prompt.text === '' : prompt.messages.length === 0;
  const rendered = useQuery({
    queryKey: [...workspaceKey, 'prompt', modelPath, prompt],
    queryFn: ({ signal }) => client.chat.render({ modelPath, prompt }, { signal }),
    enabled: !isEmpty,
    placeholderData: keepPreviousData,
    retry: false,
  });
  if (isEmpty)
    return (
      <p className={styles['beginning']}>Write a message or a system prompt first: there is no prompt yet</p>
    );
  if (rendered.error) return <ErrorState compact {...describeError(rendered.error)} />;
  if (!rendered.data) return <Skeleton label="Asking the runtime for the prompt" />;
  const { text, tokens } = rendered.data;
  const special = tokens.filter((token) => token.special).length;
  return (
    <>
      <div className={styles['bar']}>
        <span>
          {formatQuantity(tokens.length, 'token')}, {special} of them special · the prompt of{' '}
          {path.at(-1)?.role === 'assistant' ? 'the last answer' : 'the next answer'}
        </span>
        <span className={styles['spring']} />
        <CopyButton text={text} label="Copy the prompt" />
      </div>
      <div className={styles['prompt']} role="region" aria-label="Prompt" tabIndex={-1}>
        <PromptTokens tokens={tokens} />
      </div>
    </>
  );
}

export function PromptTokens({ tokens }: { readonly tokens: readonly PromptToken[] }) {
  const rest = tokens.slice(MAX_SPANS);
  return (
    <div className={tokenStyles['tokens']}>
      {tokens.slice(0, MAX_SPANS).map((token, place) => (
        <span
          // Places are what tokens are known by.
          // oxlint-disable-next-line react/no-array-index-key
          key={place}
          className={tokenStyles['token']}
          data-special={token.special || undefined}
          title={`id ${token.id}`}
        >
          {visibleText(token.text)}
        </span>
      ))}
      {rest.map(({ text }) => text).join('')}
    </div>
  );
}
