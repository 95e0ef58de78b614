// What one checkpoint's answers are like, measure by measure, and when a measure moved more than its noise.
import { parseJson, primary, repetitionOf } from './judge.ts';
import type { Suite, SuitePrompt } from './suite.ts';

export const measureKinds = [
  'score',
  'repetition',
  'ends',
  'length',
  'language',
  'json',
  'bitsPerByte',
] as const;
export type MeasureKind = (typeof measureKinds)[number];

export interface MeasureInfo {
  readonly title: string;
  /** How it is counted. */
  readonly meaning: string;
  /** Which way is worse; `both` says only that it moved. */
  readonly worse: 'up' | 'down' | 'both';
  readonly unit: 'share' | 'tokens' | 'bits';
}

export const measureInfo: Readonly<Record<MeasureKind, MeasureInfo>> = {
  score: {
    title: 'Share that passes',
    meaning: 'of answers with a check',
    worse: 'down',
    unit: 'share',
  },
  repetition: {
    title: 'Repetition',
    meaning: 'mean share of an answer that was there before',
    worse: 'up',
    unit: 'share',
  },
  ends: {
    title: 'Ends by itself',
    meaning: 'before the limit of tokens',
    worse: 'down',
    unit: 'share',
  },
  length: { title: 'Length', meaning: 'mean tokens of an answer', worse: 'both', unit: 'tokens' },
  language: {
    title: 'Right language',
    meaning: 'of answers long enough to tell',
    worse: 'down',
    unit: 'share',
  },
  json: {
    title: 'Valid JSON',
    meaning: 'of prompts that ask for it',
    worse: 'down',
    unit: 'share',
  },
  bitsPerByte: {
    title: 'Bits per byte',
    meaning: 'of held-out text in its language',
    worse: 'up',
    unit: 'bits',
  },
};

/** A measure of one unit (a prompt or a document): several answers of one prompt are averaged first. */
export type UnitValues = ReadonlyMap<string, number>;

export interface Measure {
  readonly value: number;
  /** Of so many prompts or documents. */
  readonly units: number;
}

/** Bits per byte are weighted by bytes elsewhere; everything else is the plain mean over prompts. */
export function meanOf(values: UnitValues): Measure | null {
  if (values.size === 0) return null;
  let sum = 0;
  for (const value of values.values()) sum += value;
  return { value: sum / values.size, units: values.size };
}

/**
 * Standard errors from which on a change counts: of a hundred changes by chance one is beyond 2.58.
 */
export const NOISE_ERRORS = 2.58;
/** With fewer prompts in common nothing can be told. */
const MIN_UNITS = 5;

export interface Change {
  readonly before: number;
  readonly after: number;
  /** Mean of after − before over the prompts that both have. */
  readonly difference: number;
  /** 2.58 standard errors of that mean. */
  readonly noise: number;
  readonly units: number;
  /** The prompts that moved, the furthest first. */
  readonly moved: readonly string[];
}

/**
 * The change of a measure between two checkpoints over the prompts that both answered, or null where it is within its noise. The
 * same prompts are asked of both, so their differences are compared: their mean must be beyond 2.58 of its standard errors
 * (sample standard deviation / √n). At least five prompts in common; a mean that nothing scatters around counts as it is.
 */
export function changeOf(before: UnitValues, after: UnitValues): Change | null {
  const differences: { readonly id: string; readonly by: number }[] = [];
  let sumBefore = 0;
  let sumAfter = 0;
  for (const [id, value] of after) {
    const old = before.get(id);
    if (old === undefined) continue;
    differences.push({ id, by: value - old });
    sumBefore += old;
    sumAfter += value;
  }
  const units = differences.length;
  if (units < MIN_UNITS) return null;
  const mean = differences.reduce((sum, { by }) => sum + by, 0) / units;
  const variance = differences.reduce((sum, { by }) => sum + (by - mean) ** 2, 0) / (units - 1);
  const noise = NOISE_ERRORS * Math.sqrt(variance / units);
  // Equal shifts of all prompts have no scatter; rounding alone must not count as a change.
  if (Math.abs(mean) <= noise || Math.abs(mean) < 1e-9) return null;
  return {
    before: sumBefore / units,
    after: sumAfter / units,
    difference: mean,
    noise,
    units,
    moved: differences
      .filter(({ by }) => Math.sign(by) === Math.sign(mean))
      .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
      .map(({ id }) => id),
  };
}

export interface MeasuredAnswer {
  readonly prompt: SuitePrompt;
  readonly text: string;
  readonly tokens: number;
  readonly stopReason: string;
  /** Null where no check can be told. */
  readonly passed: boolean | null;
}

/** Per measure and prompt, the mean over its answers. `bitsPerByte` is not among them: it is not measured on answers. */
export function unitValuesOf(
  own: Suite,
  answers: readonly MeasuredAnswer[],
  languageOf: (text: string) => string | null,
): ReadonlyMap<MeasureKind, UnitValues> {
  const sums = new Map<MeasureKind, Map<string, { sum: number; count: number }>>();
  const add = (kind: MeasureKind, id: string, value: number | null): void => {
    if (value === null) return;
    const byPrompt = sums.get(kind) ?? new Map<string, { sum: number; count: number }>();
    const before = byPrompt.get(id) ?? { sum: 0, count: 0 };
    byPrompt.set(id, { sum: before.sum + value, count: before.count + 1 });
    sums.set(kind, byPrompt);
  };
  for (const { prompt, text, tokens, stopReason, passed } of answers) {
    const { id } = prompt;
    add('score', id, passed === null ? null : Number(passed));
    add('repetition', id, repetitionOf(text));
    add('ends', id, Number(stopReason === 'end' || stopReason === 'stop-text'));
    add('length', id, tokens);
    const wanted = prompt.language ?? own.language;
    const asksForJson = prompt.checks.some(({ kind }) => kind === 'json' || kind === 'jsonSchema');
    if (asksForJson) add('json', id, Number(parseJson(text) !== null));
    else if (wanted !== null) {
      const found = languageOf(text);
      add('language', id, found === null ? null : Number(found === primary(wanted)));
    }
  }
  return new Map(
    [...sums].map(([kind, byPrompt]) => [
      kind,
      new Map([...byPrompt].map(([id, { sum, count }]) => [id, sum / count])),
    ]),
  );
}
