// The list of data stages: starts, names, sequence lengths, and that only the last one is trained.

import { formatInteger } from '../../../format/numbers.ts';
import { trainedStage } from '../../derived/derive-nanotron.ts';
import type { NanotronStage } from '../../derived/nanotron-settings.ts';
import { isGiven, listAt, positiveIntegerAt } from '../../derived/read-values.ts';
import { removeFix, setFix } from '../fixes.ts';
import { type NanotronRule, report } from '../rule.ts';

export const stageStart: NanotronRule = {
  code: 'stage-start',
  check(context) {
    const { stages } = context.settings;
    if (listAt(context.document, ['data_stages'])?.items.length === 0) {
      return [
        report(context, {
          code: 'stage-start',
          severity: 'error',
          path: ['data_stages'],
          message: 'The list of data stages is empty.',
          reason: 'Nanotron asserts that one stage starts at step 1 (steps count from 1, not from 0).',
        }),
      ];
    }
    if (stages.length === 0 || stages.some((stage) => stage.startStep === 1 || stage.startStep === null))
      return [];
    const first = stages.reduce((low, stage) =>
      (stage.startStep ?? 0) < (low.startStep ?? 0) ? stage : low,
    );
    const path = [...first.path, 'start_training_step'];
    return [
      report(context, {
        code: 'stage-start',
        severity: 'error',
        path,
        message: `No data stage starts at step 1; the first one starts at ${formatInteger(first.startStep ?? 0)}.`,
        reason: 'Nanotron asserts that one stage starts at step 1 (steps count from 1, not from 0).',
        fix: setFix(context, 'Start at 1', path, 1),
      }),
    ];
  },
};

function repeated<Value>(
  stages: readonly NanotronStage[],
  valueOf: (stage: NanotronStage) => Value | null,
): readonly NanotronStage[] {
  return stages.filter((stage, index) => {
    const value = valueOf(stage);
    return value !== null && stages.findIndex((other) => valueOf(other) === value) < index;
  });
}

export const stageUnique: NanotronRule = {
  code: 'stage-unique',
  check(context) {
    const { stages } = context.settings;
    const names = repeated(stages, (stage) => stage.name).map((stage) =>
      report(context, {
        code: 'stage-unique',
        severity: 'error',
        path: [...stage.path, 'name'],
        message: `Two data stages are named "${stage.name}".`,
        reason: 'Nanotron refuses stages that share a name; checkpoints record progress by stage name.',
        fix: setFix(context, 'Number it', [...stage.path, 'name'], `${stage.name} ${stage.index + 1}`),
      }),
    );
    const starts = repeated(stages, (stage) => stage.startStep).map((stage) =>
      report(context, {
        code: 'stage-unique',
        severity: 'error',
        path: [...stage.path, 'start_training_step'],
        message: `Two data stages start at step ${formatInteger(stage.startStep ?? 0)}.`,
        reason: 'Nanotron refuses stages that share a start step.',
      }),
    );
    return [...names, ...starts];
  },
};

export const lastStageOnly: NanotronRule = {
  code: 'last-stage-only',
  check(context) {
    const { stages } = context.settings;
    const last = trainedStage(context.settings);
    if (stages.length < 2 || last === null) return [];
    const resumes = isGiven(context.document, ['checkpoints', 'resume_checkpoint_path']);
    return [
      report(context, {
        code: 'last-stage-only',
        severity: resumes ? 'info' : 'warning',
        path: ['data_stages'],
        message: `Only the last stage is trained: "${last.name ?? 'unnamed'}" from step ${formatInteger(last.startStep ?? 0)}.`,
        reason: resumes
          ? 'run_train always takes the last stage. The earlier stages must already be in the checkpoint that is resumed, and this one must start at the step after it.'
          : 'run_train always takes the last stage, and without resume_checkpoint_path there is no checkpoint that holds the earlier ones. Run the first stage alone, then append the next and resume.',
      }),
    ];
  },
};

export const stageSequenceLength: NanotronRule = {
  code: 'stage-sequence-length',
  check(context) {
    const { stages, sequenceLength } = context.settings;
    return stages.flatMap((stage) => {
      const path = [...stage.path, 'sequence_length'];
      const length = positiveIntegerAt(context.document, path);
      if (length === null || sequenceLength === null || length === sequenceLength) return [];
      return [
        report(context, {
          code: 'stage-sequence-length',
          severity: 'warning',
          path,
          message: `This stage asks for ${formatInteger(length)} tokens per sequence, tokens.sequence_length says ${formatInteger(sequenceLength)}.`,
          reason:
            'Nanotron does not support a sequence length that changes between stages; batch arithmetic uses tokens.sequence_length.',
          fix: removeFix(context, 'Use the common length', path),
        }),
      ];
    });
  },
};

export const stageAfterEnd: NanotronRule = {
  code: 'stage-after-end',
  check(context) {
    const { stages, trainSteps } = context.settings;
    return stages.flatMap((stage) => {
      if (trainSteps === null || stage.startStep === null || stage.startStep <= trainSteps) return [];
      return [
        report(context, {
          code: 'stage-after-end',
          severity: 'error',
          path: [...stage.path, 'start_training_step'],
          message: `The stage starts at step ${formatInteger(stage.startStep)}, after the last step ${formatInteger(trainSteps)}.`,
          reason: 'tokens.train_steps is the absolute last step of the run, all stages included.',
        }),
      ];
    });
  },
};
