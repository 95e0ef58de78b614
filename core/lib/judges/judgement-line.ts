// One line of annotations.jsonl, in the format ml_filter writes, and one line of the aggregated scores made of it.
import { z } from 'zod';
import { aggregateRating } from '../statistics/ratings.ts';
import { type ParseRule, scoreParser } from './parse-score.ts';
import type { JudgeTemplate } from './judge-template.ts';

const status = z.enum(['success', 'error_server', 'error_no_generated_text', 'error_faulty_score']);

/** The lists have one entry a sample. What is not ml_filter's own: `language` of the document and `usage`. */
export const judgementLine = z.object({
  document_id: z.string().min(1),
  /** Null: the source says nothing about languages. */
  language: z.string().nullable().default(null),
  scores: z.array(z.number().nullable()),
  /** The generations as they came; empty where there is none. */
  explanations: z.array(z.string()),
  errors: z.array(z.array(z.string())),
  /** Seconds since 1970. */
  time_stamps: z.array(z.number()),
  document_processing_status: z.array(status),
  meta_information: z.object({
    prompt_name: z.string(),
    prompt_lang: z.string(),
    model_name: z.string(),
    raw_data_file_path: z.string(),
    out_tokens_per_second: z.number().nullable().default(null),
  }),
  usage: z
    .object({
      /** Of all requests of the document; by the server where it says so, else by the meter. */
      prompt_tokens: z.number(),
      completion_tokens: z.number(),
      counted_by: z.enum(['server', 'estimate']),
      requests: z.number(),
      truncated: z.boolean(),
    })
    .optional(),
});
export type JudgementLine = z.infer<typeof judgementLine>;

export const aggregatedLine = z.object({
  id: z.string(),
  /** Null when no sample is valid. */
  score: z.number().nullable(),
  aggregation_type: z.literal('majority_vote'),
  language: z.string().nullable(),
});
export type AggregatedLine = z.infer<typeof aggregatedLine>;

/** Null when the text is no line of a judgement: half a line, another program's text. */
export function parseJudgementLine(text: string): JudgementLine | null {
  try {
    const parsed = judgementLine.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** What tells documents apart: translations share an id. */
export function judgedKey({
  document_id: id,
  language,
}: Pick<JudgementLine, 'document_id' | 'language'>): string {
  return JSON.stringify([id, language]);
}

export function aggregateLine(line: JudgementLine): AggregatedLine {
  return {
    id: line.document_id,
    score: aggregateRating(line.scores),
    aggregation_type: 'majority_vote',
    language: line.language,
  };
}

/** The same generations read by another label, scale or rule. What the server never answered stays an error. */
export function reparseLine(
  line: JudgementLine,
  judge: Pick<JudgeTemplate, 'label' | 'scale'>,
  rule: ParseRule,
): JudgementLine {
  const parser = scoreParser(judge, rule);
  const parsed = line.explanations.map((text, index) => {
    const before = line.document_processing_status[index];
    if (before === 'error_server') return { score: null, status: before };
    const { score, status: now } = parser.parse(text);
    return { score, status: now };
  });
  return {
    ...line,
    scores: parsed.map(({ score }) => score),
    document_processing_status: parsed.map(({ status: now }) => now),
  };
}

/** The server gave this document no answer at all: nothing was paid, so it may be asked again. */
export function isUnanswered({ document_processing_status: states }: JudgementLine): boolean {
  return states.length > 0 && states.every((state) => state === 'error_server');
}
