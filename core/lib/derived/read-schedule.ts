// The learning-rate schedule of a config as the tool that reads it will follow it, or the reason why it is not known.
import { numberAt, stringAt } from '../config/derived/read-values.ts';
import type { ConfigDocument, ConfigKind, KeyPath } from '../config/types.ts';
import { nodeAt } from '../config/lookup.ts';
import type { RateSchedule } from '../../api/run-facts.ts';
import { isKnownSchedule } from './hugging-face-schedule.ts';

export type ScheduleReading =
  | { readonly kind: 'schedule'; readonly schedule: RateSchedule }
  | { readonly kind: 'unknown'; readonly reason: string };

interface TrainerKeys {
  readonly name: string;
  readonly defaultName: string;
  readonly defaultPeak: number | null;
}

/** Defaults: TRL 1.10 (SFT 2e-5, DPO 1e-6, linear) and Axolotl 0.18 (cosine, the rate must be given). */
const keysOf: Readonly<Partial<Record<ConfigKind, TrainerKeys>>> = {
  'trl-sft': { name: 'lr_scheduler_type', defaultName: 'linear', defaultPeak: 2e-5 },
  'trl-dpo': { name: 'lr_scheduler_type', defaultName: 'linear', defaultPeak: 1e-6 },
  'axolotl-sft': { name: 'lr_scheduler', defaultName: 'cosine', defaultPeak: null },
};

/** For configs of trainers built on transformers. */
export function readTrainerSchedule(document: ConfigDocument, kind: ConfigKind): ScheduleReading {
  const keys = keysOf[kind];
  if (!keys) return { kind: 'unknown', reason: 'no schedule is known for this kind of config' };
  const name = stringAt(document, [keys.name]) ?? keys.defaultName;
  const peak = numberAt(document, ['learning_rate']) ?? keys.defaultPeak;
  if (peak === null || peak <= 0) {
    return { kind: 'unknown', reason: 'learning_rate is not a number above 0' };
  }
  if (!isKnownSchedule(name)) {
    return { kind: 'unknown', reason: `the schedule ${name} does not follow from the step alone` };
  }
  const ownVariant = ['cosine_min_lr_ratio', 'cosine_constant_lr_ratio'].find(
    (key) => numberAt(document, [key]) !== null,
  );
  if (kind === 'axolotl-sft' && name === 'cosine' && ownVariant !== undefined) {
    return { kind: 'unknown', reason: `${ownVariant} makes it a variant of Axolotl's own` };
  }
  const steps = numberAt(document, ['max_steps']);
  return {
    kind: 'schedule',
    schedule: {
      kind: 'hugging-face',
      name,
      peak,
      warmup: numberAt(document, ['warmup_steps']) || (numberAt(document, ['warmup_ratio']) ?? 0),
      trainSteps: steps !== null && steps > 0 ? steps : null,
      options: optionsAt(document, ['lr_scheduler_kwargs']),
    },
  };
}

function optionsAt(document: ConfigDocument, path: KeyPath): Record<string, number | string> {
  const node = nodeAt(document.root, path);
  if (node?.kind !== 'map') return {};
  const options: Record<string, number | string> = {};
  for (const { key, value } of node.entries) {
    if (value.kind !== 'scalar') continue;
    if (typeof value.value === 'number' || typeof value.value === 'string') options[key] = value.value;
    else if (typeof value.value === 'bigint') options[key] = Number(value.value);
  }
  return options;
}
