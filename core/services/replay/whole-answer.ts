// One answer as a whole, for work that shows none of it while it is written.
import type { AnswerStatistics, GenerationEvent, StopReason, Token, ToolCall } from '../../api/generation.ts';
import { StudioError } from '../../api/errors.ts';

export interface WholeAnswer {
  readonly text: string;
  /** Empty where none were asked for. */
  readonly tokens: readonly Token[];
  readonly stopReason: StopReason;
  readonly toolCalls: readonly ToolCall[];
  readonly statistics: AnswerStatistics;
}

/** CANCELLED when it was stopped on the way: half an answer is no result. */
export async function wholeAnswer(events: AsyncIterable<GenerationEvent>): Promise<WholeAnswer> {
  const pieces: string[] = [];
  const tokens: Token[] = [];
  for await (const event of events) {
    if (event.kind === 'text') {
      pieces.push(event.text);
      tokens.push(...event.tokens);
    }
    if (event.kind !== 'done') continue;
    if (event.stopReason === 'stopped') break;
    const { stopReason, toolCalls, statistics } = event;
    return { text: pieces.join(''), tokens, stopReason, toolCalls, statistics };
  }
  throw new StudioError('CANCELLED', 'Stopped', { hint: 'Start it again: what is finished is kept' });
}
