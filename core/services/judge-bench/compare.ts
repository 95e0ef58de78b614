// Reads truth and predictions, and runs the bench. For the window and the command line.
import { setImmediate } from 'node:timers/promises';
import type { BenchDisagreement } from '../../api/judge-bench.ts';
import { StudioError } from '../../api/errors.ts';
import { type DocumentChoice, isChosen } from '../../lib/judge-bench/document-choice.ts';
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

export interface WantedDocuments {
  /** Name of a source; null: people alone. */
  readonly row: string | null;
  readonly language: string | null;
  /** Null: every document with a score of both. */
  readonly only: DocumentChoice | null;
  readonly limit: number;
}

/** Those on which people and the source differ most first. Throws NOT_FOUND when there is no such source. */
export async function documentsBehind(
  { truth, sources }: BenchData,
  { row, language, only, limit }: WantedDocuments,
  reading: BenchReading,
): Promise<{ readonly total: number; readonly documents: BenchDisagreement[] }> {
  const source = sources.find(({ name }) => name === row);
  if (!source && row !== null) {
    throw new StudioError('NOT_FOUND', `Nothing here is called ${row}`, {
      hint: 'Compare again: the files may have changed',
    });
  }
  const scores = source ? joinSource(truth.documents, source).scores : [];
  const seen = new Set<string>();
  const found = truth.documents
    .map((document, index) => ({ document, prediction: scores[index] }))
    .filter(({ document, prediction }) => {
      if (language !== null && document.language !== language) return false;
      if (only === null) return typeof prediction === 'number';
      if (!isChosen({ ...document, prediction }, only)) return false;
      // Translations carry the ratings of their original: its spread counts once.
      const isTwin = only.kind === 'spread' && seen.has(document.id);
      seen.add(document.id);
      return !isTwin;
    })
    .toSorted((a, b) => distance(b) - distance(a));
  const shown = found.slice(0, limit);
  const rows = shown.flatMap(({ document }) => (document.row === null ? [] : [document.row]));
  const texts = await readTexts(truth, rows, reading);
  return {
    total: found.length,
    documents: shown.map(({ document, prediction }) => ({
      id: document.id,
      row: document.row,
      language: document.language,
      truth: document.score,
      prediction: prediction ?? null,
      text: document.row === null ? null : (texts.get(document.row) ?? null),
    })),
  };
}

function distance(one: {
  readonly document: { readonly score: number };
  readonly prediction: number | null | undefined;
}): number {
  return typeof one.prediction === 'number' ? Math.abs(one.prediction - one.document.score) : 0;
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
