// The constants of a run from the config it was launched with: what its curves are turned into other numbers with.
// Knows nothing about the run's points, nor about where it runs: resources, GPU and tokenizer are added by who knows them.
import type { RunFacts } from '../../api/run-facts.ts';
import { deriveNumbers } from '../config/derived/derive.ts';
import { readNanotronSettings } from '../config/derived/nanotron-settings.ts';
import { positiveIntegerAt, stringAt } from '../config/derived/read-values.ts';
import { parseConfig } from '../config/document.ts';
import { recogniseKind } from '../config/kinds.ts';
import type { ConfigDocument } from '../config/types.ts';
import { readTrainerSchedule } from './read-schedule.ts';

export const NO_FACTS: RunFacts = {
  tool: null,
  parameters: null,
  sequencesPerStep: null,
  tokensPerStep: null,
  tokensPerStepIsCeiling: false,
  flopsPerToken: null,
  gpus: null,
  gpu: null,
  trainSteps: null,
  schedule: null,
  stages: [],
  checkpointInterval: null,
  checkpointFolder: null,
  checkpointSizeBytes: null,
  tokenizer: null,
  bytesPerToken: null,
  limitSeconds: null,
  reasons: {},
};

export interface FactOptions {
  /** GPUs of the job; the config's own parallelism where it is not given. */
  readonly gpus?: number | null;
}

/** Never throws: a config that cannot be read gives no facts, with the reason. */
export function readFacts(configText: string, options: FactOptions = {}): RunFacts {
  const document = parseConfig(configText);
  const kind = recogniseKind(document);
  switch (kind) {
    case 'nanotron':
      return nanotronFacts(document);
    case 'trl-sft':
    case 'trl-dpo':
    case 'axolotl-sft':
      return trainerFacts(document, kind, options);
    case 'studio':
    case 'unknown':
      return { ...NO_FACTS, reasons: { tool: 'its config is of no kind the studio knows' } };
  }
}

function nanotronFacts(document: ConfigDocument): RunFacts {
  const settings = readNanotronSettings(document);
  const derived = deriveNumbers(document, 'nanotron');
  return {
    ...NO_FACTS,
    tool: 'nanotron',
    parameters: derived?.parameters ?? null,
    sequencesPerStep: derived?.globalBatchSequences ?? null,
    tokensPerStep: derived?.tokensPerStep ?? null,
    flopsPerToken: derived?.flopsPerTokenByConvention ?? null,
    gpus: settings.worldSize,
    trainSteps: settings.trainSteps,
    schedule: settings.schedule === null ? null : { kind: 'nanotron', ...settings.schedule },
    stages: settings.stages
      .flatMap(({ name, startStep }, index) =>
        startStep === null ? [] : [{ name: name ?? `stage ${index + 1}`, startStep }],
      )
      .sort((left, right) => left.startStep - right.startStep),
    checkpointInterval: settings.checkpointInterval,
    checkpointFolder: stringAt(document, ['checkpoints', 'checkpoints_path']),
    checkpointSizeBytes: derived?.checkpoints?.sizeBytes ?? null,
    tokenizer: stringAt(document, ['tokenizer', 'tokenizer_name_or_path']),
    reasons: {
      ...derived?.reasons,
      ...(settings.schedule === null ? { schedule: 'its learning-rate schedule cannot be read' } : {}),
    },
  };
}

function trainerFacts(
  document: ConfigDocument,
  kind: 'trl-sft' | 'trl-dpo' | 'axolotl-sft',
  { gpus }: FactOptions,
): RunFacts {
  const derived = deriveNumbers(document, kind, gpus === null || gpus === undefined ? {} : { gpus });
  const reading = readTrainerSchedule(document, kind);
  const isAxolotl = kind === 'axolotl-sft';
  return {
    ...NO_FACTS,
    tool: kind,
    parameters: derived?.parameters ?? null,
    sequencesPerStep: derived?.globalBatchSequences ?? null,
    tokensPerStep: derived?.tokensPerStep ?? null,
    tokensPerStepIsCeiling: derived?.tokensPerStepIsCeiling ?? false,
    gpus: gpus ?? positiveIntegerAt(document, ['num_processes']),
    trainSteps: positiveIntegerAt(document, ['max_steps']),
    schedule: reading.kind === 'schedule' ? reading.schedule : null,
    checkpointInterval: positiveIntegerAt(document, ['save_steps']) ?? (isAxolotl ? null : 500),
    checkpointFolder: stringAt(document, ['output_dir']) ?? (isAxolotl ? './model-out' : null),
    tokenizer: stringAt(document, [isAxolotl ? 'base_model' : 'model_name_or_path']),
    reasons: {
      ...derived?.reasons,
      ...(reading.kind === 'unknown' ? { schedule: reading.reason } : {}),
    },
  };
}
