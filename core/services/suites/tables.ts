// The grid of a suite: every model with answers against every prompt, what each model's answers are like, and what moved from
// one checkpoint to the next. Checks are judged here, whenever a grid is read.
import type { SuiteAlert, SuiteAnswer, SuiteModel, SuiteOfRun, SuiteTable } from '../../api/suites.ts';
import type { CheckTools } from '../../lib/suites/judge.ts';
import { judge, markOf } from '../../lib/suites/judge.ts';
import {
  changeOf,
  type MeasuredAnswer,
  type MeasureKind,
  measureInfo,
  measureKinds,
  meanOf,
  type UnitValues,
  unitValuesOf,
} from '../../lib/suites/measures.ts';
import type { SuiteResult } from '../../lib/suites/result.ts';
import type { Suite, SuitePrompt } from '../../lib/suites/suite.ts';
import { type MeasuredModel, runOf } from './model-files.ts';
import { readResults, resultFile, resultKeys } from './result-files.ts';
import { cellsOf } from './run-suite.ts';

/** What a row of the grid says of a prompt. */
const MAX_WORDS = 160;
/** Prompts named in an alert. */
const MAX_MOVED = 12;

/** Held-out text beside the answers: bits per byte of a model by document; null where it was not measured. */
export type ReadBits = (
  model: Pick<MeasuredModel, 'key' | 'identity'>,
  suite: Suite,
) => Promise<HeldOut | null>;
export interface HeldOut {
  /** Over all bytes. */
  readonly bitsPerByte: number;
  /** By document, to see what moved. */
  readonly documents: UnitValues;
}

export interface TableInput {
  readonly name: string;
  readonly suite: Suite;
  /** evals/suites/<suite>, absolute. */
  readonly folder: string;
  readonly models: readonly MeasuredModel[];
  readonly tools: CheckTools;
  readonly readBits: ReadBits;
}

interface Row {
  readonly model: SuiteModel;
  readonly values: ReadonlyMap<MeasureKind, UnitValues>;
}

export async function readTable(input: TableInput): Promise<SuiteTable> {
  const { suite, name } = input;
  const rows = await readRows(input);
  return {
    name,
    title: suite.title,
    language: suite.language,
    samplers: suite.samplers.map(({ id }) => id),
    prompts: suite.prompts.map((prompt) => ({
      id: prompt.id,
      domain: prompt.domain,
      language: prompt.language ?? suite.language,
      words: wordsOf(prompt),
      checks: prompt.checks.length,
    })),
    models: rows.map(({ model }) => model),
    alerts: alertsOf(rows),
  };
}

/** Null when no checkpoint of the run has answers. */
export async function readOfRun(input: TableInput, run: string): Promise<SuiteOfRun | null> {
  const rows = (await readRows(input)).filter(({ model }) => model.run?.id === run);
  if (rows.length === 0) return null;
  return {
    suite: input.name,
    title: input.suite.title,
    points: rows.map(({ model: { path, type, measures, run: own } }) => ({
      path,
      type,
      measures,
      step: own?.step ?? 0,
    })),
    alerts: alertsOf(rows),
  };
}

async function readRows(input: TableInput): Promise<readonly Row[]> {
  const byKey = new Map<string, MeasuredModel>();
  for (const model of input.models)
    if (model.key !== '' && !byKey.has(model.key)) byKey.set(model.key, model);
  const rows: Row[] = [];
  for (const key of await resultKeys(input.folder)) {
    const results = await readResults(resultFile(input.folder, key));
    const known = byKey.get(key) ?? null;
    const last = [...results.values()].at(-1);
    if (!last) continue;
    rows.push(await rowOf(input, results, known ?? goneModel(last, key), known !== null));
  }
  return rows.filter(({ model }) => model.answers > 0).sort((a, b) => order(a.model, b.model));
}

/** What its newest answer says of a model whose file is not here. */
function goneModel(last: SuiteResult, key: string): MeasuredModel {
  return {
    path: last.model,
    absolutePath: '',
    name: last.model.slice(last.model.lastIndexOf('/') + 1),
    run: runOf(last.model),
    type: null,
    identity: last.identity,
    key,
    templateHash: last.template,
    problem: null,
  };
}

function order(a: SuiteModel, b: SuiteModel): number {
  const run = (a.run?.id ?? '\uFFFF').localeCompare(b.run?.id ?? '\uFFFF');
  return run || (a.run?.step ?? 0) - (b.run?.step ?? 0) || a.path.localeCompare(b.path);
}

async function rowOf(
  input: TableInput,
  results: ReadonlyMap<string, SuiteResult>,
  model: MeasuredModel,
  exists: boolean,
): Promise<Row> {
  const { suite, tools } = input;
  const measured: MeasuredAnswer[] = [];
  const marks: string[] = [];
  for (const cell of cellsOf(model, suite)) {
    const result = results.get(cell.key);
    const first = cell.sampler === suite.samplers[0];
    if (first) marks.push('');
    const letter =
      result === undefined
        ? '-'
        : letterOf(judged(cell.prompt, result, tools), measured, cell.prompt, result);
    marks[marks.length - 1] += letter;
  }
  const values = new Map(unitValuesOf(suite, measured, tools.languageOf));
  const held = await input.readBits(model, suite);
  if (held !== null) values.set('bitsPerByte', held.documents);
  return {
    model: {
      path: model.path,
      name: model.name,
      run: model.run,
      type: model.type,
      exists,
      answers: measured.length,
      passed: measured.filter(({ passed }) => passed === true).length,
      failed: measured.filter(({ passed }) => passed === false).length,
      measures: measureKinds.flatMap((kind) => {
        const mean = meanOf(values.get(kind) ?? new Map());
        if (mean === null) return [];
        return [
          { kind, ...mean, ...(kind === 'bitsPerByte' && held !== null ? { value: held.bitsPerByte } : {}) },
        ];
      }),
      marks,
    },
    values,
  };
}

function judged(prompt: SuitePrompt, result: SuiteResult, tools: CheckTools) {
  return markOf(judge(prompt.checks, result, tools));
}

function letterOf(
  mark: ReturnType<typeof markOf>,
  measured: MeasuredAnswer[],
  prompt: SuitePrompt,
  { text, tokens, stopReason }: SuiteResult,
): string {
  measured.push({ prompt, text, tokens, stopReason, passed: mark === 'unchecked' ? null : mark === 'pass' });
  return mark.charAt(0);
}

/** Each checkpoint against the one before it, of the same run and type. */
function alertsOf(rows: readonly Row[]): SuiteAlert[] {
  const alerts: SuiteAlert[] = [];
  const newest = new Map<string, Row>();
  for (const row of rows) {
    const { run, type, path } = row.model;
    if (run === null) continue;
    const line = `${run.id} ${type ?? ''}`;
    const before = newest.get(line);
    newest.set(line, row);
    if (!before) continue;
    for (const kind of measureKinds) {
      const change = changeOf(before.values.get(kind) ?? new Map(), row.values.get(kind) ?? new Map());
      if (change === null) continue;
      const { worse } = measureInfo[kind];
      const isUp = change.difference > 0;
      const direction = worse === 'both' ? 'moved' : (worse === 'up') === isUp ? 'worse' : 'better';
      alerts.push({
        kind,
        path,
        beforePath: before.model.path,
        step: run.step,
        before: change.before,
        after: change.after,
        noise: change.noise,
        units: change.units,
        direction,
        moved: change.moved.slice(0, MAX_MOVED),
      });
    }
  }
  return alerts;
}

/** One cell in full: the answers of a model to a prompt, in the order of the samplers. */
export async function readAnswers(
  input: Pick<TableInput, 'suite' | 'folder' | 'tools' | 'models'>,
  modelPath: string,
  promptId: string,
): Promise<SuiteAnswer[]> {
  const { suite, folder, tools } = input;
  const present = input.models.find(({ path, key }) => path === modelPath && key !== '');
  const keys = present ? [present.key] : await resultKeys(folder);
  for (const key of keys) {
    const results = await readResults(resultFile(folder, key));
    const last = [...results.values()].at(-1);
    if (!last || (!present && last.model !== modelPath)) continue;
    const cells = cellsOf(present ?? goneModel(last, key), suite).filter(
      ({ prompt }) => prompt.id === promptId,
    );
    return cells.flatMap(({ key: own, prompt, sampler }) => {
      const result = results.get(own);
      if (!result) return [];
      const checks = judge(prompt.checks, result, tools);
      const { text, tokens, promptTokens, stopReason, tokensPerSecond, createdMs } = result;
      return [
        {
          sampler: sampler.id,
          text,
          tokens,
          promptTokens,
          stopReason,
          tokensPerSecond,
          createdMs,
          mark: markOf(checks),
          checks: [...checks],
        },
      ];
    });
  }
  return [];
}

function wordsOf({ input }: SuitePrompt): string {
  const text = input.kind === 'raw' ? input.text : (input.messages.at(-1)?.text ?? '');
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  return flat.length > MAX_WORDS ? `${flat.slice(0, MAX_WORDS - 1)}…` : flat;
}
