// What the differences of two Nanotron configs mean: model, tokens, batch, rate, schedule, data, hardware.
// Works on derived numbers, so two texts that say the same in other words come out the same.

import {
  formatCount,
  formatHours,
  formatInteger,
  formatMemorySize,
  formatRate,
  formatShare,
} from '../../format/numbers.ts';
import type { DataMix } from '../derived/data-mix.ts';
import type { Derived } from '../derived/derived-types.ts';
import type { LearningRateSchedule } from '../derived/learning-rate.ts';
import type { NanotronSettings } from '../derived/nanotron-settings.ts';
import { compareAmount, compareText, isSameNumber, type Meaning } from './meaning.ts';

export interface NanotronSide {
  readonly settings: NanotronSettings;
  readonly derived: Derived;
  readonly tokenizer: string | null;
}

function compareModel(before: NanotronSide, after: NanotronSide): Meaning | null {
  const left = before.settings.shape;
  const right = after.settings.shape;
  if (left.kind !== 'shape' || right.kind !== 'shape') return null;
  if (JSON.stringify(left.shape) === JSON.stringify(right.shape)) {
    return {
      topic: 'model',
      isSame: true,
      text: `Same model (${formatCount(after.derived.parameters ?? 0)} parameters)`,
    };
  }
  const amount = compareAmount(
    'parameters',
    before.derived.parameters,
    after.derived.parameters,
    formatCount,
  );
  return amount?.isSame === true
    ? {
        topic: 'model',
        isSame: false,
        text: `Another shape with as many parameters (${formatCount(after.derived.parameters ?? 0)})`,
      }
    : amount;
}

/** Steps of an amount in words: "decay over 50,000 instead of 100,000 steps". */
function stepsDifference(label: string, before: number, after: number): readonly string[] {
  return before === after
    ? []
    : [`${label} ${formatInteger(after)} instead of ${formatInteger(before)} steps`];
}

function compareSchedule(before: LearningRateSchedule, after: LearningRateSchedule): Meaning {
  const differences = [
    ...stepsDifference('warm-up over', before.warmupSteps, after.warmupSteps),
    ...(before.decayStyle === after.decayStyle
      ? []
      : [`${after.decayStyle} instead of ${before.decayStyle} decay`]),
    ...stepsDifference('decay over', before.decaySteps, after.decaySteps),
    ...(before.decayStart === after.decayStart
      ? []
      : [
          `decay from step ${formatInteger(after.decayStart)} instead of ${formatInteger(before.decayStart)}`,
        ]),
    ...(isSameNumber(before.minimum, after.minimum)
      ? []
      : [`down to ${formatRate(after.minimum)} instead of ${formatRate(before.minimum)}`]),
  ];
  return differences.length === 0
    ? { topic: 'schedule', isSame: true, text: 'Same warm-up and decay' }
    : { topic: 'schedule', isSame: false, text: `Schedule: ${differences.join(', ')}` };
}

function compareFloor(before: Derived, after: Derived): Meaning | null {
  const left = before.learningRate?.floor ?? null;
  const right = after.learningRate?.floor ?? null;
  if ((left?.steps ?? 0) === (right?.steps ?? 0)) return null;
  const topic = 'time at the minimum rate';
  if (right === null) return { topic, isSame: false, text: 'No steps at the minimum rate any more' };
  return {
    topic,
    isSame: false,
    text: `${formatInteger(right.steps)} steps at the minimum rate instead of ${formatInteger(left?.steps ?? 0)}`,
  };
}

function sharesOf(mix: DataMix): ReadonlyMap<string, number> {
  return new Map(mix.languages.map(({ language, share }) => [language, share]));
}

function shareOrNone(share: number): string {
  return share === 0 ? 'none' : formatShare(share);
}

/** Shares per language (guessed from folder names); a difference below half a percent is not mentioned. */
function compareMix(before: DataMix | null, after: DataMix | null): Meaning | null {
  if (before === null || after === null) return null;
  const left = sharesOf(before);
  const right = sharesOf(after);
  const languages = [...new Set([...left.keys(), ...right.keys()])];
  const differences = languages
    .map((language) => ({ language, from: left.get(language) ?? 0, to: right.get(language) ?? 0 }))
    .filter(({ from, to }) => Math.abs(from - to) >= 0.005)
    .map(({ language, from, to }) => `${language} ${shareOrNone(to)} instead of ${shareOrNone(from)}`);
  if (differences.length > 0)
    return { topic: 'data mix', isSame: false, text: `Data mix: ${differences.join(', ')}` };
  const sameFolders =
    before.folders.map(({ folder }) => folder).join('\n') ===
    after.folders.map(({ folder }) => folder).join('\n');
  return sameFolders
    ? { topic: 'data mix', isSame: true, text: 'Same data mix' }
    : { topic: 'data', isSame: false, text: 'Same shares per language from other folders' };
}

function totalFlops({ derived }: NanotronSide): number | null {
  return derived.flopsPerToken === null || derived.totalTokens === null
    ? null
    : derived.flopsPerToken * derived.totalTokens;
}

function onlyDifferent(meaning: Meaning | null): Meaning | null {
  return meaning?.isSame === false ? meaning : null;
}

/** Meanings in order of weight: what is trained, on how much, how, on what. */
export function compareNanotron(before: NanotronSide, after: NanotronSide): readonly Meaning[] {
  const left = before.settings;
  const right = after.settings;
  const schedules =
    left.schedule === null || right.schedule === null
      ? []
      : [
          compareAmount('peak rate', left.schedule.peak, right.schedule.peak, formatRate),
          compareSchedule(left.schedule, right.schedule),
        ];
  const memory = (side: NanotronSide) => side.derived.memoryPerGpuBytes?.total ?? null;
  const hours = (side: NanotronSide) => (side.derived.speed === null ? null : side.derived.speed.days * 24);
  const all: readonly (Meaning | null)[] = [
    compareModel(before, after),
    onlyDifferent(compareText('tokenizer', before.tokenizer, after.tokenizer)),
    compareAmount('tokens', before.derived.totalTokens, after.derived.totalTokens, formatCount),
    compareAmount('tokens per step', before.derived.tokensPerStep, after.derived.tokensPerStep, formatCount),
    onlyDifferent(compareAmount('sequence length', left.sequenceLength, right.sequenceLength, formatInteger)),
    onlyDifferent(compareAmount('steps', left.trainSteps, right.trainSteps, formatInteger)),
    ...schedules,
    compareFloor(before.derived, after.derived),
    compareMix(before.derived.dataMix, after.derived.dataMix),
    onlyDifferent(
      compareAmount(
        'compute',
        totalFlops(before),
        totalFlops(after),
        (flops) => `${flops.toExponential(2)} FLOPs`,
      ),
    ),
    onlyDifferent(compareAmount('GPUs', before.derived.worldSize, after.derived.worldSize, formatInteger)),
    onlyDifferent(compareAmount('memory per GPU', memory(before), memory(after), formatMemorySize)),
    onlyDifferent(compareAmount('time', hours(before), hours(after), formatHours)),
  ];
  return all.filter((meaning) => meaning !== null);
}
