// Tables of reports: one row a model or checkpoint, one column a task, sometimes with the metric in brackets. Pure.
import { UNNAMED_METRIC } from '../comparability.ts';
import { numberOf } from './json-values.ts';
import type { TableLine } from './table-lines.ts';
import type { EvaluationResult, ReadingProblem, ReadResults, ResultSource } from '../result.ts';

const MEANS = /^(media( \w+)?|average|avg\.?|mean|mean \w+|durchschnitt|moyenne|total)$/i;
const NO_TASK = /^(#|rank|model.*|checkpoint.*|steps?|name|)$/i;

/** Values above 1 are read as they stand: whether a table is in percent is not told by its numbers. */
export function readWideTable(lines: readonly TableLine[], source: ResultSource): ReadResults {
  const problems: ReadingProblem[] = [];
  const results: EvaluationResult[] = [];
  const note = (line: number, text: string) =>
    problems.push({ path: source.path, where: `line ${line}`, text });
  const headAt = lines.findIndex(
    ({ cells }) =>
      cells.some((cell) => NO_TASK.test(plain(cell)) && plain(cell) !== '') &&
      cells.every((cell) => numberOf(cell) === null),
  );
  const head = lines[headAt];
  if (head === undefined) {
    problems.push({ path: source.path, where: '', text: 'No table of results stands in it' });
    return { results, problems };
  }
  const columns = head.cells.map(plain);
  const nameAt = columns.findIndex((cell) => /^(model|checkpoint|steps?|name)/i.test(cell));
  const seen = new Map<string, number>();
  for (const { line, cells } of lines.slice(headAt + 1)) {
    if (cells.every((cell) => /^:?-*:?$/.test(cell))) continue;
    const model = plain(cells[nameAt] ?? '');
    if (model === '') {
      note(line, 'It names no model');
      continue;
    }
    if (cells.length !== columns.length)
      note(line, `It has ${cells.length} cells under ${columns.length} columns`);
    const values: string[] = [];
    for (const [index, column] of columns.entries()) {
      if (index === nameAt || NO_TASK.test(column) || MEANS.test(column)) continue;
      const cell = plain(cells[index] ?? '');
      values.push(cell);
      const value = numberOf(cell);
      if (value === null) {
        note(line, `${model} has no ${column}`);
        continue;
      }
      const [, task = column, metric = UNNAMED_METRIC] = /^(.+?)\s*\(([\w-]+)\)$/.exec(column) ?? [];
      results.push(plainResult({ task, metric, value, model, source }));
    }
    const same = seen.get(values.join('|'));
    if (same !== undefined) note(line, `All values are those of line ${same}`);
    seen.set(values.join('|'), line);
  }
  return { results, problems };
}

/** Without Markdown's marks, and medals in front. */
const plain = (cell: string): string => cell.replaceAll(/\*\*|`|\\/g, '').trim();

function plainResult(
  known: Pick<EvaluationResult, 'task' | 'metric' | 'value' | 'model' | 'source'>,
): EvaluationResult {
  return {
    isGroup: false,
    version: null,
    shots: null,
    filter: 'none',
    standardError: null,
    samples: null,
    available: null,
    higherIsBetter: null,
    harness: 'unknown',
    harnessVersion: null,
    chatTemplate: 'unknown',
    systemPrompt: 'unknown',
    limit: 'unknown',
    taskHash: null,
    measuredMs: null,
    ...known,
  };
}
