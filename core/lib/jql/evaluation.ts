// How well scores rank documents: over all of them together, which is what training watches (as the published heads' did), and
// per language, because pooled languages mix how well each was translated with how well it is judged. Knows numbers only.
import { meanSquaredError } from '../statistics/classification.ts';
import { spearman } from '../statistics/spearman.ts';

export interface LanguageEvaluation {
  /** Empty where the data name no language. */
  readonly language: string;
  readonly documents: number;
  /** NaN while one side is constant. */
  readonly spearman: number;
}

export interface Evaluation {
  /** Mean squared error. */
  readonly loss: number;
  /** Unweighted mean over the languages that have one; NaN when none has. */
  readonly meanSpearman: number;
  /** Over all documents together. */
  readonly pooledSpearman: number;
  readonly languages: readonly LanguageEvaluation[];
}

export interface Truth {
  readonly labels: Float32Array;
  /** Index into `languageNames`, one a document. */
  readonly languages: Uint16Array;
  readonly languageNames: readonly string[];
}

/** Languages in the order of `languageNames`, those without documents left out. */
export function evaluate(scores: Float32Array, truth: Truth): Evaluation {
  const rowsOf = new Map<number, number[]>();
  for (const [row, language] of truth.languages.entries()) {
    const rows = rowsOf.get(language);
    if (rows) rows.push(row);
    else rowsOf.set(language, [row]);
  }
  const pick = (values: Float32Array, rows: readonly number[]): Float32Array =>
    Float32Array.from(rows, (row) => values[row] ?? Number.NaN);
  const languages = [...rowsOf]
    .sort(([left], [right]) => left - right)
    .map(([language, rows]) => ({
      language: truth.languageNames[language] ?? '',
      documents: rows.length,
      spearman: spearman(pick(scores, rows), pick(truth.labels, rows)).coefficient,
    }));
  const known = languages.map((one) => one.spearman).filter((value) => !Number.isNaN(value));
  return {
    loss: meanSquaredError(truth.labels, scores),
    meanSpearman:
      known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length,
    pooledSpearman:
      languages.length === 1
        ? (languages[0]?.spearman ?? Number.NaN)
        : spearman(scores, truth.labels).coefficient,
    languages,
  };
}
