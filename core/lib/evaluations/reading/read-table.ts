// Tables of results as text: what lm-eval and lighteval print, and tables of models by tasks as reports have them. Pasted from a
// terminal, a Markdown file, or typed from a screenshot: cells may be missing and lines broken.
import { numberOf } from './json-values.ts';
import { taskOf } from './read-lighteval.ts';
import { modelOfArguments } from './read-lm-eval.ts';
import { tableLines } from './table-lines.ts';
import { readWideTable } from './read-wide-table.ts';
import type { EvaluationResult, ReadingProblem, ReadResults, ResultSource } from '../result.ts';

type Column = 'task' | 'version' | 'filter' | 'shots' | 'metric' | 'value' | 'error' | 'none';

const COLUMNS: Readonly<Record<string, Column>> = {
  task: 'task',
  tasks: 'task',
  groups: 'task',
  group: 'task',
  version: 'version',
  filter: 'filter',
  'n-shot': 'shots',
  fewshot: 'shots',
  metric: 'metric',
  value: 'value',
  stderr: 'error',
};

const ARROWS = /^[↑↓]$/;
const NO_VALUE = /^(|-|–|—|n\/a|nan|none)$/i;

/** `model` is what the text does not say: whose results these are. */
export function readTable(text: string, source: ResultSource, model: string | null): ReadResults {
  const lines = tableLines(text);
  const head = lines.find(({ cells }) => columnsOf(cells) !== null);
  if (head === undefined) return readWideTable(lines, source);
  const problems: ReadingProblem[] = [];
  const results: EvaluationResult[] = [];
  const summary = summaryOf(text);
  const shared = {
    harness: 'unknown' as EvaluationResult['harness'],
    harnessVersion: null,
    chatTemplate: 'unknown',
    systemPrompt: 'unknown',
    limit: summary.limit,
    taskHash: null,
    samples: null,
    available: null,
    model: model ?? summary.model ?? 'unknown',
    measuredMs: null,
    source,
  };
  let columns: readonly Column[] = [];
  let inGroups = false;
  let harness: EvaluationResult['harness'] = 'unknown';
  let task = '';
  let version: string | null = null;
  const seen = new Map<string, number>();
  let above: readonly string[] = [];
  for (const { line, cells, depth } of lines) {
    const note = (problem: string) =>
      problems.push({ path: source.path, where: `line ${line}`, text: problem });
    const header = columnsOf(cells);
    if (header !== null) {
      columns = header;
      inGroups = /^groups?$/i.test(cells[0] ?? '');
      harness = header.includes('filter')
        ? /all/.test(text) && !/[↑↓]/.test(text)
          ? 'lm-eval-pt'
          : 'lm-eval'
        : 'lighteval';
      task = '';
      above = [];
      continue;
    }
    if (columns.length === 0 || cells.every((cell) => /^:?-*:?$/.test(cell))) continue;
    const row = rowOf(cells, columns);
    if (row === null) {
      note(`Its ${cells.length} cells do not fit the ${columns.length} columns`);
      continue;
    }
    if (row.task !== '') {
      task = row.task.replace(/^[\s-]+/, '');
      version = null;
      above = [...above.slice(0, depth), task];
    }
    if (row.version !== '') version = row.version.replace(/^(\d+)\.0$/, '$1');
    if (task === '') {
      note('No task stands before it');
      continue;
    }
    const value = NO_VALUE.test(row.value) ? null : numberOf(row.value);
    if (row.metric === '' || value === null) {
      note(row.metric === '' ? `A metric of ${task} has no name` : `${task} ${row.metric} has no value`);
      continue;
    }
    const named =
      harness === 'lighteval' ? taskOf(task.replace(/:(\d+)$/, '|$1')) : { task, shots: numberOf(row.shots) };
    // The second table of lm-eval repeats its groups.
    const key = JSON.stringify([named, row.filter, row.metric, value]);
    const before = seen.get(JSON.stringify([named, row.filter, row.metric]));
    if (inGroups) {
      const again = results.findIndex((one) => keyOf(one) === key);
      const first = results[again];
      if (first !== undefined) {
        results[again] = { ...first, isGroup: true };
        continue;
      }
    }
    if (before !== undefined) note(`${task} ${row.metric} stands in line ${before} too`);
    seen.set(JSON.stringify([named, row.filter, row.metric]), line);
    results.push({
      ...shared,
      harness,
      ...named,
      isGroup: inGroups,
      ...(above.length > 1 && { groups: above.slice(0, -1).toReversed() }),
      version,
      filter: row.filter === '' ? 'none' : row.filter,
      metric: row.metric,
      value,
      standardError: NO_VALUE.test(row.error) ? null : numberOf(row.error),
      higherIsBetter: row.arrow === '' ? null : row.arrow === '↑',
    });
  }
  if (results.length === 0)
    problems.push({ path: source.path, where: '', text: 'The table holds no results' });
  return { results, problems };
}

const keyOf = ({ task, shots, filter, metric, value }: EvaluationResult) =>
  JSON.stringify([{ task, shots }, filter, metric, value]);

/** Null for a line that is no header of a harness. */
function columnsOf(cells: readonly string[]): readonly Column[] | null {
  const columns = cells.map((cell): Column => COLUMNS[cell.toLowerCase()] ?? 'none');
  const has = (column: Column) => columns.includes(column);
  return has('task') && has('metric') && has('value') ? columns : null;
}

interface Row {
  readonly task: string;
  readonly version: string;
  readonly filter: string;
  readonly shots: string;
  readonly metric: string;
  readonly arrow: string;
  readonly value: string;
  readonly error: string;
}

/** By place where all cells are there; else from the cells that can only be one thing. */
function rowOf(cells: readonly string[], columns: readonly Column[]): Row | null {
  const at = (column: Column) => cells[columns.indexOf(column)] ?? '';
  const arrow = cells.find((cell) => ARROWS.test(cell)) ?? '';
  if (cells.length === columns.length) {
    return {
      task: at('task'),
      version: at('version'),
      filter: columns.includes('filter') ? at('filter') : '',
      shots: columns.includes('shots') ? at('shots') : '',
      metric: at('metric'),
      arrow,
      value: at('value').replace(/%$/, ''),
      error: columns.includes('error') ? at('error').replace(/^±\s*/, '') : '',
    };
  }
  return astray(cells, columns, arrow);
}

/** Cells were lost: the value is the last decimal before ±, the metric the last word before the value. */
function astray(cells: readonly string[], columns: readonly Column[], arrow: string): Row | null {
  const sign = cells.findIndex((cell) => cell.startsWith('±'));
  const before = (sign === -1 ? cells : cells.slice(0, sign)).map((cell) => cell.trim());
  const valueAt = before.findLastIndex((cell) => /^-?\d*\.\d+$/.test(cell));
  if (valueAt === -1) return null;
  const isWord = (cell: string) => /[a-z]/i.test(cell) && !ARROWS.test(cell);
  const metricAt = before.slice(0, valueAt).findLastIndex(isWord);
  if (metricAt === -1) return null;
  const start = before.slice(0, metricAt);
  const filters = columns.includes('filter')
    ? start.findLastIndex((cell, index) => index > 0 && isWord(cell))
    : -1;
  const after =
    sign === -1
      ? ''
      : ([cells[sign]?.replace(/^±\s*/, ''), cells[sign + 1]].find(
          (cell) => cell !== '' && cell !== undefined,
        ) ?? '');
  const whole = start.filter((cell) => /^\d+(\.\d+)?$/.test(cell));
  return {
    task: isWord(start[0] ?? '') ? (start[0] ?? '') : '',
    version: whole.length > 1 || filters === -1 ? (whole[0] ?? '') : '',
    filter: filters === -1 ? '' : (start[filters] ?? ''),
    shots: filters === -1 ? '' : (start.slice(filters + 1).find((cell) => /^\d+$/.test(cell)) ?? ''),
    metric: before[metricAt] ?? '',
    arrow,
    value: before[valueAt] ?? '',
    error: after,
  };
}

/** `hf (pretrained=X), gen_kwargs: (None), limit: None, num_fewshot: 5, batch_size: 1` above the table. */
function summaryOf(text: string): {
  readonly model: string | null;
  readonly limit: EvaluationResult['limit'];
} {
  const line = /^.*\(.*\), (?:gen_kwargs|limit): .*$/m.exec(text)?.[0];
  if (line === undefined) return { model: null, limit: 'unknown' };
  const limit = /limit: ([^,]+)/.exec(line)?.[1]?.trim();
  return {
    model: modelOfArguments(line),
    limit: limit === undefined ? 'unknown' : limit === 'None' ? 'none' : (numberOf(limit) ?? 'unknown'),
  };
}
