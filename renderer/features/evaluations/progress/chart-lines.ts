// Lines of a task as series of a chart, with bands, levels and rings. Pure.
import type { ProgressLine, ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { BAND_ERRORS } from '../../../../core/lib/evaluations/progress/progression.ts';
import { fourDigits } from '../../../../core/lib/evaluations/progress/comparison-words.ts';
import type { ChartMark } from '../../../charts/chart-marks.ts';
import type { ChartSeries } from '../../../charts/chart-series.ts';
import type { ChartLevel } from '../../../charts/level-lines.ts';
import { formatInteger } from '../../../ui/format.ts';

export interface ShownLines {
  readonly x: 'steps' | 'tokens';
  /** Number of the colour of a series, by its id. */
  readonly colorOf: (series: string) => number;
}

/** With what sets it apart from the others of its task. */
export function lineTitle({ title, differ }: Pick<ProgressLine, 'title' | 'differ'>): string {
  return [title, ...differ].join(', ');
}

export interface DrawnLine {
  readonly id: string;
  readonly task: ProgressTask;
  readonly line: ProgressLine;
  readonly label: string;
  readonly points: readonly ProgressPoint[];
  readonly color: number;
}

/** Points that have a place on the axis; lines without any are left out. */
export function drawnLines(
  task: ProgressTask,
  series: ReadonlySet<string>,
  { x, colorOf }: ShownLines,
): readonly DrawnLine[] {
  return task.lines.flatMap((line, place) => {
    if (!series.has(line.series)) return [];
    const points = x === 'tokens' ? line.points.filter(({ tokens }) => tokens !== null) : line.points;
    if (points.length === 0) return [];
    const id = `${task.task} ${task.metric} ${task.filter} ${place}`;
    return [{ id, task, line, label: lineTitle(line), points, color: colorOf(line.series) }];
  });
}

export function chartSeries({ id, label, points, color }: DrawnLine, x: 'steps' | 'tokens'): ChartSeries {
  return {
    id,
    label,
    color,
    steps: Float64Array.from(points, ({ step }) => step),
    ...(x === 'tokens' ? { x: Float64Array.from(points, ({ tokens }) => tokens ?? 0) } : {}),
    values: Float64Array.from(points, ({ value }) => value),
    errors: Float64Array.from(points, ({ standardError }) =>
      standardError === null ? Number.NaN : BAND_ERRORS * standardError,
    ),
    smoothed: null,
  };
}

/** A ring for every point, filled for those that are compared; a point with a flaw says it. */
export function pointMarks(
  lines: readonly DrawnLine[],
  onPoint: (point: ProgressPoint, task: ProgressTask) => void,
  chosen: { readonly models: readonly string[]; readonly task: string | null } = { models: [], task: null },
): readonly ChartMark[] {
  return lines.flatMap(({ id, points, task, label }) =>
    points.map((point) => ({
      id: `${id} ${point.model}`,
      kind: 'point' as const,
      isChosen: chosen.task === task.task && chosen.models.includes(point.model),
      step: point.step,
      seriesId: id,
      label: `${label}, step ${formatInteger(point.step)}: ${valueWords(point)}`,
      detail: [
        point.samples === null ? '' : `${formatInteger(point.samples)} questions`,
        point.hasAnswers ? 'answers kept' : 'no answers kept',
        ...point.flaws,
      ]
        .filter((part) => part !== '')
        .join(' · '),
      onOpen: () => onPoint(point, task),
    })),
  );
}

/** `0.3276 ± 0.0137`. */
export function valueWords({ value, standardError }: Pick<ProgressPoint, 'value' | 'standardError'>): string {
  return standardError === null ? fourDigits(value) : `${fourDigits(value)} ± ${fourDigits(standardError)}`;
}

/** Chance first, then the models that were chosen. */
export function chartLevels(
  { chance, levels }: Pick<ProgressTask, 'chance' | 'levels'>,
  chosen: readonly string[],
): readonly ChartLevel[] {
  const own =
    chance === null ? [] : [{ id: 'chance', label: `guessing ${chance}`, value: chance, color: null }];
  const models = levels.flatMap((level, place): ChartLevel[] => {
    const color = chosen.indexOf(level.model);
    if (color === -1) return [];
    const label = [level.name, ...level.differ, level.table ?? ''].filter((part) => part !== '').join(', ');
    return [
      {
        id: `${level.model} ${place}`,
        label: `${label} ${fourDigits(level.value)}`,
        value: level.value,
        color,
      },
    ];
  });
  return [...own, ...models];
}

/** What is not said of some lines, once each: names of settings, and whose. */
export function unknownWords(lines: readonly DrawnLine[]): readonly string[] {
  return [
    ...new Set(
      lines.flatMap(({ line, label }) =>
        line.unknown.length === 0 ? [] : [`${label}: nobody says ${line.unknown.join(', ')}`],
      ),
    ),
  ];
}
