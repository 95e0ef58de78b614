// How fast the last answer of the shown branch came, and what the conversation took in all.
import { shownPath } from '../../../../../core/lib/conversations/tree.ts';
import { formatDiskSize, formatDuration, formatInteger } from '../../../../ui/format.ts';
import { Section } from '../../../../ui/pane.tsx';
import { PropertyList } from '../../../../ui/property-list.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import { useChatState } from '../session/use-chat-session.ts';

export function AnswerStatistics({ session }: { readonly session: ChatSession }) {
  const conversation = useChatState(session, (state) => state.conversation);
  const measured = shownPath(conversation).filter((turn) => turn.statistics !== undefined);
  const last = measured.at(-1)?.statistics;
  if (!last) return null;
  const speeds = conversation.turns.flatMap(({ statistics }) =>
    statistics && statistics.tokens > 1 ? [statistics.tokensPerSecond] : [],
  );
  return (
    <Section title="Last answer">
      <PropertyList
        properties={[
          {
            name: 'First token',
            value: formatDuration(last.timeToFirstTokenMs),
            title: 'From sending to the first token, with loading',
          },
          { name: 'Generation', value: `${last.tokensPerSecond.toFixed(1)} tokens/s` },
          {
            name: 'Prompt',
            value: last.promptTokensPerSecond > 0 ? `${last.promptTokensPerSecond.toFixed(0)} tokens/s` : '–',
            title: 'Over the tokens that were not known from before',
          },
          {
            name: 'Prompt tokens',
            value: `${formatInteger(last.promptTokens)}, ${formatInteger(last.reusedTokens)} known`,
          },
          { name: 'Load', value: last.loadMs === null ? 'was loaded' : formatDuration(last.loadMs) },
          {
            name: 'Memory',
            value: last.memoryBytes === null ? '–' : formatDiskSize(last.memoryBytes),
            title: 'Of the process that runs the model',
          },
          ...(speeds.length > 1
            ? [{ name: `Median of ${speeds.length}`, value: `${median(speeds).toFixed(1)} tokens/s` }]
            : []),
        ]}
      />
    </Section>
  );
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
