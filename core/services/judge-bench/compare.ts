// Reads truth and predictions, and runs the bench. For the window and the command line.
import { setImmediate } from 'node:timers/promises';
import type { BenchDisagreement } from '../../api/judge-bench.ts';
import { StudioError } from '../../api/errors.ts';
import { joinSource, type PredictionSource } from '../../lib/judge-bench/bench-input.ts';
import { runBench } from '../../lib/judge-bench/bench.ts';
import type { BenchReport } from '../../lib/judge-bench/bench-report.ts';
import { queryOne } from '../datasets/engine.ts';
import { relation, ROW_NUMBER } from '../datasets/source.ts';
import { sqlName } from '../datasets/sql.ts';
import { type HeadLookup, readPredictions, withDistinctNames } from './read-predictions.ts';
import { readTruthCampaign, readTruthFile, type Truth } from './read-truth.ts';
import type { BenchReading } from './score-tables.ts';

export interface BenchFiles {
  readonly truth:
    | { readonly kind: 'file'; readonly path: string; readonly column: string | null }
    | { readonly kind: 'campaign'; readonly root: string; readonly name: string };
  /** Absolute. */
  readonly predictions: readonly string[];
  readonly headOf: HeadLookup;
}

export interface BenchData {
  readonly truth: Truth;
  readonly sources: readonly PredictionSource[];
}

export async function readBench(files: BenchFiles, reading: BenchReading): Promise<BenchData> {
  const truth =
    files.truth.kind === 'file'
      ? await readTruthFile(files.truth.path, files.truth.column, reading)
      : await readTruthCampaign(files.truth.root, files.truth.name, reading);
  const groups = [];
  for (const path of new Set(files.predictions)) {
    const truthColumns = path === truth.path ? truth.scoreColumns : [];
    const sources = await readPredictions(path, { truthColumns, headOf: files.headOf }, reading);
    groups.push({ path, sources });
  }
  return { truth, sources: withDistinctNames(groups) };
}

export function compare(
  { truth, sources }: BenchData,
  options: {
    readonly resamples: number;
    readonly seed: number;
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: (done: number, total: number) => void;
  },
): Promise<BenchReport> {
  return runBench(truth.documents, sources, {
    ...options,
    name: truth.name,
    notes: truth.notes,
    // Others of this process are heard between two cells.
    pause: () => setImmediate(),
  });
}

/** Enough to see what a document is about. */
const TEXT_CHARACTERS = 1200;

/** Throws NOT_FOUND when there is no such source. */
export async function largestDisagreements(
  { truth, sources }: BenchData,
  wanted: { readonly row: string; readonly language: string; readonly limit: number },
  reading: BenchReading,
): Promise<BenchDisagreement[]> {
  const source = sources.find(({ name }) => name === wanted.row);
  if (!source) {
    throw new StudioError('NOT_FOUND', `Nothing here is called ${wanted.row}`, {
      hint: 'Compare again: the files may have changed',
    });
  }
  const { scores } = joinSource(truth.documents, source);
  const found = truth.documents
    .flatMap((document, index) => {
      const prediction = scores[index];
      return document.language !== wanted.language || prediction === null || prediction === undefined
        ? []
        : [{ document, prediction }];
    })
    .toSorted((a, b) => Math.abs(b.prediction - b.document.score) - Math.abs(a.prediction - a.document.score))
    .slice(0, wanted.limit);
  const texts = await readTexts(
    truth,
    found.flatMap(({ document }) => (document.row === null ? [] : [document.row])),
    reading,
  );
  return found.map(({ document: { id, row, score }, prediction }) => ({
    id,
    row,
    truth: score,
    prediction,
    text: row === null ? null : (texts.get(row) ?? null),
  }));
}

async function readTexts(
  { path, textColumn }: Truth,
  rows: readonly number[],
  { engine, library, signal }: BenchReading,
): Promise<ReadonlyMap<number, string>> {
  if (path === null || textColumn === null || rows.length === 0) return new Map();
  const source = await library.open(path, signal);
  const text = `left(${sqlName(textColumn)}::VARCHAR, ${TEXT_CHARACTERS})`;
  const result = await queryOne(engine, {
    path,
    signal,
    statements: [`SELECT ${ROW_NUMBER}::BIGINT, ${text} FROM ${relation(source, { kind: 'list', rows })}`],
  });
  const [numbers = [], texts = []] = result.columns;
  const found = new Map<number, string>();
  for (const [index, number] of numbers.entries()) {
    const own = texts[index];
    if (typeof own === 'string') found.set(Number(number), own);
  }
  return found;
}
