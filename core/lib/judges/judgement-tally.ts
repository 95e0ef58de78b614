// What a judgement says so far: counts that grow by one line at a time, so that a board and a report are the same numbers.
import { aggregateRating, ratingDeviation } from '../statistics/ratings.ts';
import { ratingClass } from '../statistics/classification.ts';
import type { JudgementLine } from './judgement-line.ts';
import type { GenerationStatus } from './parse-score.ts';

const statuses = ['success', 'error_server', 'error_no_generated_text', 'error_faulty_score'] as const;

export interface LanguageTally {
  readonly language: string;
  readonly documents: number;
  /** Documents without a single valid sample (Fig. 9). */
  readonly invalidDocuments: number;
  readonly samples: number;
  readonly invalidSamples: number;
  /** Mean of the aggregated scores; null without any. */
  readonly mean: number | null;
}

export interface JudgementTally {
  readonly documents: number;
  readonly invalidDocuments: number;
  readonly samples: number;
  readonly statuses: Readonly<Record<GenerationStatus, number>>;
  /** Documents per class 0–5 of the aggregated score, half up. */
  readonly classes: readonly number[];
  readonly mean: number | null;
  /** Documents with two valid samples or more: the base of the three numbers below. */
  readonly comparedDocuments: number;
  readonly majorityAgreement: number | null;
  readonly fullAgreement: number | null;
  /** Mean over documents of the population standard deviation of their samples. */
  readonly meanStandardDeviation: number | null;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** True when the server counted all of them. */
  readonly tokensByServer: boolean;
  readonly truncatedDocuments: number;
  readonly languages: readonly LanguageTally[];
}

interface Counts {
  documents: number;
  invalid: number;
  samples: number;
  invalidSamples: number;
  sum: number;
}

export interface Tally {
  add(line: JudgementLine): void;
  snapshot(): JudgementTally;
}

/** `highest` of the scale: classes go from 0 to it. */
export function createTally(highest = 5): Tally {
  const languages = new Map<string, Counts>();
  const byStatus: Record<GenerationStatus, number> = {
    success: 0,
    error_server: 0,
    error_no_generated_text: 0,
    error_faulty_score: 0,
  };
  const classes = Array.from({ length: highest + 1 }, () => 0);
  const all = { compared: 0, majority: 0, full: 0, deviation: 0, prompt: 0, completion: 0, truncated: 0 };
  let byServer = true;
  const own = (language: string): Counts => {
    const known = languages.get(language);
    if (known) return known;
    const fresh = { documents: 0, invalid: 0, samples: 0, invalidSamples: 0, sum: 0 };
    languages.set(language, fresh);
    return fresh;
  };
  return {
    add(line) {
      const counts = own(line.language ?? 'und');
      counts.documents += 1;
      for (const status of line.document_processing_status) {
        byStatus[status] += 1;
        counts.samples += 1;
        if (status !== 'success') counts.invalidSamples += 1;
      }
      const score = aggregateRating(line.scores);
      if (score === null) counts.invalid += 1;
      else {
        counts.sum += score;
        const place = Math.min(highest, ratingClass(score));
        classes[place] = (classes[place] ?? 0) + 1;
      }
      const valid = line.scores.filter((value) => value !== null);
      if (valid.length >= 2) {
        const different = new Set(valid).size;
        all.compared += 1;
        if (different < valid.length) all.majority += 1;
        if (different === 1) all.full += 1;
        all.deviation += ratingDeviation(valid) ?? 0;
      }
      all.prompt += line.usage?.prompt_tokens ?? 0;
      all.completion += line.usage?.completion_tokens ?? 0;
      if (line.usage?.counted_by !== 'server') byServer = false;
      if (line.usage?.truncated === true) all.truncated += 1;
    },
    snapshot() {
      const parts = [...languages].sort(([a], [b]) => (a < b ? -1 : 1));
      const sum = (pick: (counts: Counts) => number): number =>
        parts.reduce((total, [, counts]) => total + pick(counts), 0);
      const documents = sum((counts) => counts.documents);
      const invalidDocuments = sum((counts) => counts.invalid);
      const share = (count: number): number | null => (all.compared === 0 ? null : count / all.compared);
      return {
        documents,
        invalidDocuments,
        samples: statuses.reduce((total, status) => total + byStatus[status], 0),
        statuses: { ...byStatus },
        classes: [...classes],
        mean: meanOf(
          sum((counts) => counts.sum),
          documents - invalidDocuments,
        ),
        comparedDocuments: all.compared,
        majorityAgreement: share(all.majority),
        fullAgreement: share(all.full),
        meanStandardDeviation: share(all.deviation),
        promptTokens: all.prompt,
        completionTokens: all.completion,
        tokensByServer: documents > 0 && byServer,
        truncatedDocuments: all.truncated,
        languages: parts.map(([language, counts]) => ({
          language,
          documents: counts.documents,
          invalidDocuments: counts.invalid,
          samples: counts.samples,
          invalidSamples: counts.invalidSamples,
          mean: meanOf(counts.sum, counts.documents - counts.invalid),
        })),
      };
    },
  };
}

const meanOf = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);
