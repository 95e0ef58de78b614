// Models of the same weights on the same tasks: what each smaller type loses against the largest, question by question. Speed, memory
// and bits per byte are those that were measured of them last.
import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type {
  EvaluationCell,
  EvaluationRun,
  QuantizationComparison,
  QuantizationResult,
} from '../../../api/evaluation-runs.ts';
import { pairResults } from '../../../lib/evaluations/compare-results.ts';
import { pairedTest } from '../../../lib/evaluations/paired-test.ts';
import { mainMetric, taskFacts } from '../../../lib/evaluations/task-facts.ts';
import type { Fingerprints } from '../../models/fingerprints.ts';
import { isSameButType } from '../../quantizations/make-type.ts';
import { lastTable } from '../../quantizations/table-files.ts';
import { type FoundResult, readEvaluations } from '../results/read-files.ts';
import { findAnswers, readScores } from '../results/read-scores.ts';

/** Exact tests need none; the standard error of a difference does not either. */
const OPTIONS = { resamples: 200, seed: 1 };

export interface QuantizationUse {
  readonly root: string;
  readonly fingerprints: Fingerprints;
  readonly signal?: AbortSignal | undefined;
}

export async function quantizationResults(
  run: EvaluationRun,
  use: QuantizationUse,
): Promise<readonly QuantizationComparison[]> {
  const finished = run.cells.filter(({ state, results }) => state === 'finished' && results !== null);
  const weights = new Map<string, string | null>();
  for (const { model } of finished) {
    const found = await use.fingerprints.of(join(use.root, model)).catch(() => null);
    weights.set(model, found?.weightsSha256 ?? null);
  }
  const isSame = (one: EvaluationCell, other: EvaluationCell): boolean => {
    const [a = null, b = null] = [weights.get(one.model), weights.get(other.model)];
    return a === null || b === null ? isSameButType(one.model, other.model) : a === b;
  };
  const groups: EvaluationCell[][] = [];
  for (const cell of finished) {
    const group = groups.find(
      ([first]) => first !== undefined && first.task === cell.task && isSame(first, cell),
    );
    if (group === undefined) groups.push([cell]);
    else group.push(cell);
  }
  const tables: QuantizationComparison[] = [];
  for (const cells of groups) {
    use.signal?.throwIfAborted();
    if (cells.length > 1) tables.push(...(await comparisonOf(cells, use)));
  }
  return tables;
}

async function comparisonOf(
  cells: readonly EvaluationCell[],
  use: QuantizationUse,
): Promise<readonly QuantizationComparison[]> {
  const sorted = cells.toSorted((a, b) => b.sizeBytes - a.sizeBytes);
  const [largest] = sorted;
  if (largest === undefined) return [];
  const reference = await resultsOf(largest, use);
  // Of a group, its mean; the numbers of its tasks are in the leaderboard.
  const own = reference.filter(({ task }) => task === largest.task);
  const metric = mainMetric(largest.task, [...new Set(own.map((one) => one.metric))]);
  const tables: QuantizationComparison[] = [];
  for (const result of own.filter((one) => one.metric === metric)) {
    const rows: QuantizationResult[] = [];
    for (const cell of sorted) rows.push(await rowOf(cell, { largest, result, reference }, use));
    const { task, filter } = result;
    tables.push({
      task,
      metric: result.metric,
      filter,
      chance: taskFacts(task).chance,
      questions: result.samples ?? largest.total,
      reference: largest.model,
      rows,
    });
  }
  return tables;
}

async function resultsOf(
  cell: EvaluationCell,
  { root, signal }: QuantizationUse,
): Promise<readonly FoundResult[]> {
  const path = join(root, cell.results ?? '');
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? (await readEvaluations([path], { signal })).results : [];
}

interface Against {
  readonly largest: EvaluationCell;
  readonly result: FoundResult;
  readonly reference: readonly FoundResult[];
}

async function rowOf(
  cell: EvaluationCell,
  against: Against,
  use: QuantizationUse,
): Promise<QuantizationResult> {
  const { task, metric, filter } = against.result;
  const found = await use.fingerprints.of(join(use.root, cell.model)).catch(() => null);
  const table = found === null ? null : await lastTable(use.root, found.modelKey);
  const measured = table?.rows.find(({ modelKey }) => modelKey === found?.modelKey);
  const own = await resultsOf(cell, use);
  const mean = cell.means.find((one) => one.metric === metric && one.filter === filter);
  return {
    model: cell.model,
    name: cell.model.split('/').pop() ?? cell.model,
    type: found?.quantization ?? null,
    sizeBytes: cell.sizeBytes,
    value: mean?.value ?? Number.NaN,
    standardError: mean?.standardError ?? null,
    against:
      cell.model === against.largest.model
        ? null
        : await differenceOf(own, against, { task, metric, filter }, use),
    tokensPerSecond: finite(measured?.tokensPerSecond),
    memoryBytes: finite(measured?.memoryBytes),
    bitsPerByte: (measured?.bitsPerByte ?? []).flatMap(({ text, value }) =>
      value === null || Number.isNaN(value) ? [] : [{ text, value }],
    ),
  };
}

const finite = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value;

/** Over the questions of all tasks of a group, where it is one. */
async function differenceOf(
  own: readonly FoundResult[],
  { reference }: Against,
  wanted: Pick<FoundResult, 'task' | 'metric' | 'filter'>,
  { signal }: QuantizationUse,
): Promise<QuantizationResult['against']> {
  const isWanted = (one: FoundResult) =>
    one.metric === wanted.metric && one.filter === wanted.filter && !one.isGroup;
  const pairs = pairResults(reference.filter(isWanted), own.filter(isWanted)) as readonly (readonly [
    FoundResult,
    FoundResult,
  ])[];
  const first: { id: number; documentHash: string | null; score: number }[] = [];
  const second: typeof first = [];
  for (const [a, b] of pairs) {
    const [pathA, pathB] = [await findAnswers(a), await findAnswers(b)];
    if (pathA === null || pathB === null) return null;
    const shift = first.length;
    const questionsA = (await readScores(pathA, a, { signal })).questions;
    const questionsB = (await readScores(pathB, b, { signal })).questions;
    if (questionsA.length !== questionsB.length) return null;
    first.push(...questionsA.map((one, index) => ({ ...one, id: shift + index })));
    second.push(...questionsB.map((one, index) => ({ ...one, id: shift + index })));
  }
  const test = pairedTest(first, second, OPTIONS);
  if (test === null) return null;
  const mean = (list: typeof first) =>
    list.reduce((sum, { score }) => sum + score, 0) / Math.max(1, list.length);
  return {
    difference: mean(second) - mean(first),
    standardError: test.standardError,
    questions: test.questions,
    gained: test.mcNemar?.onlySecond ?? 0,
    lost: test.mcNemar?.onlyFirst ?? 0,
    p: test.p,
    test: test.mcNemar === null ? 'paired bootstrap' : 'McNemar, mid-p',
  };
}
