// Results as they change over a training: for each task the lines of runs and published progressions, and the levels of models that
// stand still. What was asked in different ways never shares a line. Knows no files and no windows.
import { stepOfModel } from '../checkpoint-of.ts';
import { comparabilityKey, differencesOf } from '../comparability.ts';
import { grouped } from '../grouped.ts';
import { mainResults } from '../main-results.ts';
import type { ReferenceTable } from '../reference.ts';
import { referenceKeys } from '../reference-models.ts';
import { referenceRowResults } from '../reference-results.ts';
import type { EvaluationResult } from '../result.ts';
import { taskFacts } from '../task-facts.ts';

/** Half the width of a 95 % interval, in standard errors. */
export const BAND_ERRORS = 1.96;

/** A number and whose it is. */
export interface MeasuredResult {
  readonly result: EvaluationResult;
  readonly model: {
    readonly key: string;
    readonly name: string;
    readonly run: {
      readonly id: string;
      readonly name: string;
      readonly step: number;
      readonly tokens: number | null;
    } | null;
    readonly type: string | null;
  };
  /** The answers to its questions were kept. */
  readonly hasAnswers: boolean;
}

export interface ProgressPoint {
  /** Key of the model. */
  readonly model: string;
  readonly name: string;
  readonly step: number;
  /** Null where nobody says how many tokens were seen. */
  readonly tokens: number | null;
  readonly value: number;
  readonly standardError: number | null;
  readonly samples: number | null;
  readonly hasAnswers: boolean;
  /** What is known to be wrong with it. */
  readonly flaws: readonly string[];
}

export interface LineSettings {
  /** What is known to differ from the other lines of the task: `5-shot`, `limit 100 questions`. */
  readonly differ: readonly string[];
  /** What nobody says, by name: `chat template`. */
  readonly unknown: readonly string[];
}

export interface ProgressLine extends LineSettings {
  /** Of the series, the same in every task: `run:<id>`, `run:<id>/<type>`, `named:<name>`, `reference:<table>`. */
  readonly series: string;
  readonly title: string;
  readonly kind: 'run' | 'named' | 'reference';
  /** By step. */
  readonly points: readonly ProgressPoint[];
}

/** A model that stands still: a horizontal line. */
export interface ProgressLevel extends LineSettings {
  readonly model: string;
  readonly name: string;
  /** Of a published table; null for what was measured. */
  readonly table: string | null;
  readonly value: number;
  readonly standardError: number | null;
}

export interface ProgressTask {
  readonly task: string;
  readonly metric: string;
  readonly filter: string;
  readonly language: string | null;
  readonly chance: number | null;
  readonly higherIsBetter: boolean;
  /** A value that the harness formed over tasks. */
  readonly isGroup: boolean;
  readonly lines: readonly ProgressLine[];
  readonly levels: readonly ProgressLevel[];
}

export interface ProgressionOptions {
  /** Every metric of a task, not only the one that reports quote. */
  readonly allMetrics: boolean;
}

interface Placed extends MeasuredResult {
  readonly series: {
    readonly id: string;
    readonly title: string;
    readonly kind: ProgressLine['kind'];
  } | null;
  readonly step: number;
  readonly table: string | null;
  readonly flaws: readonly string[];
}

/** Tasks with lines first, in the order in which they come. */
export function progression(
  measured: readonly MeasuredResult[],
  references: readonly ReferenceTable[],
  options: ProgressionOptions,
): readonly ProgressTask[] {
  const placed = [...measured.map(placeOf), ...references.flatMap(rowsOf)];
  const main = new Set(mainResults(placed.map(({ result }) => result)));
  const shown = options.allMetrics ? placed : placed.filter(({ result }) => main.has(result));
  const byTask = grouped(shown, ({ result }) => JSON.stringify([result.task, result.metric, result.filter]));
  const tasks = [...byTask.values()].flatMap((own) => taskOf(own) ?? []);
  return [
    ...tasks.filter(({ lines }) => lines.length > 0),
    ...tasks.filter(({ lines }) => lines.length === 0),
  ];
}

function placeOf(one: MeasuredResult): Placed {
  const { run, type, name } = one.model;
  const base = { ...one, table: null, flaws: [] };
  if (run !== null) {
    const id = type === null ? `run:${run.id}` : `run:${run.id}/${type}`;
    const title = type === null ? run.name : `${run.name}, ${type}`;
    return { ...base, series: { id, title, kind: 'run' }, step: run.step };
  }
  const named = stepOfModel(name);
  if (named === null) return { ...base, series: null, step: 0 };
  const stem = named.run ?? 'Checkpoints without a run';
  return { ...base, series: { id: `named:${stem}`, title: stem, kind: 'named' }, step: named.step };
}

function rowsOf(table: ReferenceTable): readonly Placed[] {
  const { id, where, title, kind, rows } = table;
  const series = { id: `reference:${id}`, title: `${where}: ${title}`, kind: 'reference' as const };
  const keys = referenceKeys(table);
  return rows.flatMap((row, place) =>
    referenceRowResults(table, place).map(
      (result): Placed => ({
        result,
        model: { key: keys[place] ?? '', name: row.name, run: null, type: null },
        hasAnswers: false,
        // A row without a step is no point of a training.
        series: kind === 'progression' && row.step !== null ? series : null,
        step: row.step ?? 0,
        table: where,
        flaws: row.flaws,
      }),
    ),
  );
}

function taskOf(own: readonly Placed[]): ProgressTask | null {
  // What most numbers were measured with sets the others apart.
  const base = mostFrequent(own.filter(({ table }) => table === null)) ?? mostFrequent(own);
  if (base === null) return null;
  const { task, metric, filter, higherIsBetter } = base;
  const { language, chance } = taskFacts(task);
  const [moving, still] = [
    own.filter(({ series }) => series !== null),
    own.filter(({ series }) => series === null),
  ];
  const lines = [...grouped(moving, lineKey).values()].flatMap((points) => lineOf(points, base) ?? []);
  return {
    task,
    metric,
    filter,
    language,
    chance: /^(acc|acc_norm|acc_bytes|pearson)$/.test(metric) ? chance : null,
    higherIsBetter: higherIsBetter ?? true,
    isGroup: base.isGroup,
    lines,
    levels: newest(still).map(
      ({ result, model, table }): ProgressLevel => ({
        model: model.key,
        name: model.name,
        table,
        value: result.value,
        standardError: result.standardError,
        ...settingsOf(base, result),
      }),
    ),
  };
}

const lineKey = ({ series, result }: Placed): string =>
  JSON.stringify([series?.id ?? '', comparabilityKey(result)]);

function mostFrequent(own: readonly Placed[]): EvaluationResult | null {
  const [most] = [...grouped(own, ({ result }) => comparabilityKey(result)).values()].toSorted(
    (a, b) => b.length - a.length,
  );
  return most?.[0]?.result ?? null;
}

function lineOf(points: readonly Placed[], base: EvaluationResult): ProgressLine | null {
  const [first] = points;
  if (first === undefined || first.series === null) return null;
  const { id, title, kind } = first.series;
  return {
    series: id,
    title,
    kind,
    ...settingsOf(base, first.result),
    points: newest(points)
      .toSorted((a, b) => a.step - b.step)
      .map(({ result, model, step, hasAnswers, flaws }) => ({
        model: model.key,
        name: model.name,
        step,
        tokens: model.run?.tokens ?? null,
        value: result.value,
        standardError: result.standardError,
        samples: result.samples,
        hasAnswers,
        flaws: [...flaws],
      })),
  };
}

/** A model that was asked the same twice counts as it was measured last. */
function newest(points: readonly Placed[]): readonly Placed[] {
  const byModel = grouped(points, ({ model, result }) =>
    JSON.stringify([model.key, comparabilityKey(result)]),
  );
  return [...byModel.values()].flatMap(
    (same) => same.toSorted((a, b) => (b.result.measuredMs ?? 0) - (a.result.measuredMs ?? 0))[0] ?? [],
  );
}

function settingsOf(base: EvaluationResult, result: EvaluationResult): LineSettings {
  const found = differencesOf(base, result);
  return {
    differ: found.flatMap(({ name, second, weight }) =>
      weight === 'different' ? [name === 'number of examples' ? second : `${name} ${second}`] : [],
    ),
    unknown: found.flatMap(({ name, weight }) => (weight === 'unknown' ? [name] : [])),
  };
}
