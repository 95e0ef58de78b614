// The whole bench: every source against people, language by language, then what follows from it. Slow where intervals are
// drawn: it hands the thread back between cells and can be stopped there.
import { EVALUATED_LANGUAGES, findLanguage, languages } from '../datasets/language-codes.ts';
import { seededRandom } from '../jql/random.ts';
import { spreadShares } from '../statistics/annotators.ts';
import { ratingClass } from '../statistics/classification.ts';
import { histogramCounts } from '../statistics/histogram.ts';
import { type Rating, ratingAgreement } from '../statistics/ratings.ts';
import { type JoinedSource, joinSource, type PredictionSource, type TruthDocument } from './bench-input.ts';
import type { BenchCell, BenchMeans, BenchReport, BenchRow, RegimeName } from './bench-report.ts';
import { measureCell } from './measure.ts';
import { regimeOf } from './regimes.ts';

export interface BenchOptions {
  readonly name: string;
  /** 0 draws no intervals. */
  readonly resamples: number;
  readonly seed: number;
  readonly notes?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Cells done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Gives others a turn; awaited between cells. */
  readonly pause: () => Promise<void>;
}

const LEVEL = 0.95;
/** Fig. 39: the two lengths that are compared. */
const LENGTH_MARKS = [512, 8192];
const LONGEST_BIN = 131_072;

const european = languages.filter(({ isEuropean35 }) => isEuropean35).map(({ code }) => code);

/** Throws INVALID_INPUT for a source that cannot be joined, and what `signal` aborts with. */
export async function runBench(
  truth: readonly TruthDocument[],
  sources: readonly PredictionSource[],
  options: BenchOptions,
): Promise<BenchReport> {
  const names = languageOrder(truth);
  const byLanguage = new Map(names.map((name) => [name, [] as number[]]));
  for (const [index, { language }] of truth.entries()) byLanguage.get(language)?.push(index);
  const joined = sources.map((source) => joinSource(truth, source));
  const total = joined.length * names.length;
  const rows: BenchRow[] = [];
  let done = 0;
  for (const source of joined) {
    const cells: (BenchCell | null)[] = [];
    for (const name of names) {
      options.signal?.throwIfAborted();
      const documents = (byLanguage.get(name) ?? []).map((index) => ({
        truth: truth[index]?.score ?? Number.NaN,
        prediction: source.scores[index],
      }));
      // The same draws for every cell: two sources of one language are compared on the same documents.
      const random = seededRandom(options.seed);
      const bootstrap =
        options.resamples === 0 ? null : { resamples: options.resamples, level: LEVEL, random };
      const isKnown = documents.some(({ prediction }) => prediction !== undefined);
      cells.push(isKnown ? measureCell(name, documents, bootstrap) : null);
      done += 1;
      options.onProgress?.(done, total);
      await options.pause();
    }
    rows.push(rowOf(source, cells));
  }
  return {
    truth: { name: options.name, ...truthFacts(truth, names) },
    languages: names,
    rows,
    regimes: regimesOf(rows, names),
    crossLanguage: crossLanguageOf(rows),
    sampleSizes: rows
      .flatMap(({ head }, row) =>
        head === null ? [] : [{ row, samples: head.trainDocuments, epochs: head.epochs }],
      )
      .toSorted((a, b) => a.samples - b.samples),
    lengthPairs: lengthPairsOf(rows),
    bootstrap: { resamples: options.resamples, seed: options.seed, level: LEVEL },
    notes: [...(options.notes ?? [])],
  };
}

/** The 13 evaluated ones first, in the paper's order, then the others by name. */
function languageOrder(truth: readonly TruthDocument[]): string[] {
  const place = (name: string): number => {
    const index = EVALUATED_LANGUAGES.indexOf(name);
    return index < 0 ? EVALUATED_LANGUAGES.length : index;
  };
  return [...new Set(truth.map(({ language }) => language))].toSorted(
    (a, b) => place(a) - place(b) || a.localeCompare(b),
  );
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** `values` has one entry a language of `names`. */
export function meansOf(names: readonly string[], values: readonly (number | null)[]): BenchMeans {
  const over = (wanted: readonly string[]) => {
    const own = wanted.map((code) => values[names.indexOf(code)] ?? null).filter((value) => value !== null);
    return { value: meanOf(own), languages: own.length, wanted: wanted.length };
  };
  return { avg13: over(EVALUATED_LANGUAGES), avg35: over(european), all: over(names) };
}

function rowOf(source: JoinedSource, cells: readonly (BenchCell | null)[]): BenchRow {
  const known = cells.filter((cell) => cell !== null);
  const names = cells.map((cell, index) => cell?.language ?? `\u0000${index}`);
  const of = (pick: (cell: BenchCell) => number | null) =>
    meansOf(
      names,
      cells.map((cell) => (cell === null ? null : pick(cell))),
    );
  const pValues = known.flatMap(({ pValue }) => (pValue === null ? [] : [pValue]));
  const spearman = of((cell) => cell.spearman);
  return {
    name: source.name,
    cells: [...cells],
    // Where the source has nothing to say, the mean is over fewer languages than the report has.
    spearman: { ...spearman, all: { ...spearman.all, wanted: cells.length } },
    macroF1: of((cell) => cell.macroF1),
    invalidShare: of(({ documents, invalid }) =>
      documents + invalid === 0 ? null : invalid / (documents + invalid),
    ),
    pValues: {
      mean: meanOf(pValues),
      smallest: pValues.length === 0 ? null : Math.min(...pValues),
      largest: pValues.length === 0 ? null : Math.max(...pValues),
    },
    head: source.head === null ? null : { ...source.head, trainLanguages: [...source.head.trainLanguages] },
    maxLength: source.maxLength,
    withoutTruth: source.withoutTruth,
  };
}

const REGIMES: readonly RegimeName[] = [
  'one language',
  'family',
  'family, second order',
  'others and family',
  'not of the family',
  'several with this one',
];

function regimesOf(rows: readonly BenchRow[], names: readonly string[]): BenchReport['regimes'] {
  return REGIMES.flatMap((name) => {
    const used = names.map((language) =>
      rows.flatMap(({ head }, row) => (regimeOf(head?.trainLanguages ?? [], language) === name ? [row] : [])),
    );
    const heads = new Set(used.flat()).size;
    const values = used.map((some, column) =>
      meanOf(some.map((row) => rows[row]?.cells[column]?.spearman ?? null)),
    );
    return heads === 0 ? [] : [{ name, heads, values, rows: used, means: meansOf(names, values) }];
  });
}

function crossLanguageOf(rows: readonly BenchRow[]): BenchReport['crossLanguage'] {
  return rows.flatMap(({ head, spearman }, row) => {
    const [train, other] = head?.trainLanguages ?? [];
    return train === undefined || other !== undefined ? [] : [{ row, train, mean: spearman.all.value }];
  });
}

function lengthPairsOf(rows: readonly BenchRow[]): BenchReport['lengthPairs'] {
  const [short = 0, long = 0] = LENGTH_MARKS;
  const bare = (name: string) => name.replace(/[\s_.,@(-]*(512|8192)\)?/g, '');
  return rows.flatMap((row, index) => {
    if (row.maxLength !== short) return [];
    const other = rows.findIndex(
      (candidate) => candidate.maxLength === long && bare(candidate.name) === bare(row.name),
    );
    return other < 0 ? [] : [{ name: bare(row.name) || row.name, short: index, long: other }];
  });
}

function truthFacts(truth: readonly TruthDocument[], names: readonly string[]) {
  const histogram = [0, 1, 2, 3, 4, 5].map(
    (score) => truth.filter((document) => ratingClass(document.score) === score).length,
  );
  const real = (value: number) => (Number.isFinite(value) ? value : null);
  // Translations carry the ratings of their original: one document, one set of ratings.
  const rated = new Map<string, readonly Rating[]>();
  for (const { id, ratings } of truth) if (ratings !== null && !rated.has(id)) rated.set(id, ratings);
  const agreement = ratingAgreement([...rated.values()]);
  return {
    documents: truth.length,
    languages: names.map((language) => ({
      language,
      documents: truth.filter((document) => document.language === language).length,
    })),
    histogram,
    spread:
      agreement.documents === 0
        ? null
        : {
            documents: agreement.documents,
            shares: spreadShares([...rated.values()]).map(real),
            majority: real(agreement.majority),
            meanDeviation: real(agreement.meanDeviation),
          },
    lengths: lengthsOf(truth),
  };
}

function lengthsOf(truth: readonly TruthDocument[]): BenchReport['truth']['lengths'] {
  const counts = truth.flatMap(({ tokens }) => (tokens === null || !(tokens >= 1) ? [] : [tokens]));
  if (counts.length === 0) return null;
  // Four bins an octave, wide enough for any tokenizer's longest document.
  const edges = Array.from({ length: 4 * Math.log2(LONGEST_BIN) + 1 }, (_, index) => 2 ** (index / 4));
  const clamped = counts.map((tokens) => Math.min(tokens, LONGEST_BIN));
  return {
    label: 'as counted in the file',
    edges,
    counts: [...histogramCounts(clamped, edges)],
    beyond: LENGTH_MARKS.map((mark) => ({
      tokens: mark,
      share: counts.filter((tokens) => tokens > mark).length / counts.length,
    })),
  };
}

/** The name of a language for people: `Italian`, else its code. */
export function languageName(code: string): string {
  return code === '' ? 'no language' : (findLanguage(code)?.name ?? code);
}
