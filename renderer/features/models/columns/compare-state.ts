// What is compared side by side: up to four columns, each a model with settings of its own, and the questions all of them are asked.
// Plain data; asking is compare-session.ts.
import { z } from 'zod';
import { answerStatistics, type Prompt, sampling, stopReason } from '../../../../core/api/generation.ts';
import type { TextRange } from '../../../../core/lib/text-differences/compare-answers.ts';

/** More columns than fit beside each other on a screen. */
export const MAX_COLUMNS = 4;

export const columnAnswer = z.object({
  text: z.string(),
  tokenIds: z.array(z.number()),
  tokenTexts: z.array(z.string()),
  /** Places of special tokens. */
  special: z.array(z.number()),
  logProbabilities: z.array(z.number()),
  stopReason,
  statistics: answerStatistics,
  /** How it was asked, so that a change afterwards can be told. */
  asked: z.string(),
});
export type ColumnAnswer = z.infer<typeof columnAnswer>;

export const columnSettings = z.object({
  modelPath: z.string(),
  mode: z.enum(['chat', 'raw']),
  systemPrompt: z.string(),
  template: z.string().nullable(),
  sampling,
});
export type ColumnSettings = z.infer<typeof columnSettings>;

export const column = columnSettings.extend({
  id: z.string(),
  /** One a question; null where it has not answered. */
  answers: z.array(columnAnswer.nullable()),
});
export type Column = z.infer<typeof column>;

export const comparison = z.object({
  questions: z.array(z.string()),
  columns: z.array(column).min(1).max(MAX_COLUMNS),
  /** At once is quicker; one after the other is fair to the speeds. */
  order: z.enum(['one-by-one', 'at-once']),
});
export type Comparison = z.infer<typeof comparison>;

export function newColumn(modelPath: string): Column {
  return {
    id: crypto.randomUUID(),
    modelPath,
    mode: 'chat',
    systemPrompt: '',
    template: null,
    sampling: sampling.parse({ temperature: 0 }),
    answers: [],
  };
}

export function settingsOf({
  modelPath,
  mode,
  systemPrompt,
  template,
  sampling: own,
}: Column): ColumnSettings {
  return { modelPath, mode, systemPrompt, template, sampling: own };
}

/** Equal for two ways of asking that are the same. */
export function askedWith(own: ColumnSettings): string {
  return JSON.stringify(columnSettings.parse(own));
}

/** What the column is asked at question `index`: everything before it was answered by the same column. */
export function promptOf(questions: readonly string[], own: Column, index: number): Prompt {
  const before = questions.slice(0, index).map((question, at) => ({
    question,
    answer: own.answers[at]?.text ?? '',
  }));
  const question = questions[index] ?? '';
  if (own.mode === 'raw') {
    const said = before.map((turn) => turn.question + turn.answer).join('');
    return { kind: 'raw', text: said + question, addBos: true, tokens: null };
  }
  return {
    kind: 'chat',
    messages: [
      ...(own.systemPrompt.trim() === '' ? [] : [{ role: 'system' as const, text: own.systemPrompt }]),
      ...before.flatMap((turn) => [
        { role: 'user' as const, text: turn.question },
        { role: 'assistant' as const, text: turn.answer },
      ]),
      { role: 'user', text: question },
    ],
    template: own.template,
    tools: [],
    answerStart: null,
  };
}

/** Bits per byte the model itself gives its answer; null without tokens. */
export function answerBitsPerByte({ text, logProbabilities, special }: ColumnAnswer): number | null {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes === 0 || logProbabilities.length === 0) return null;
  const left = new Set(special);
  const sum = logProbabilities.reduce((total, one, index) => (left.has(index) ? total : total + one), 0);
  return -sum / (Math.LN2 * bytes);
}

export interface AnswerMarks {
  /** "Answers part at token 6 · loops after token 11"; empty for the column that others are compared with when it does not loop. */
  readonly words: string;
  readonly ranges: readonly TextRange[];
}
