// What stands on the curves of a run besides its points: checkpoints, restarts, data stages, findings. A click opens what it is about.
import type { Checkpoint } from '../../../core/api/checkpoints.ts';
import type { Finding } from '../../../core/api/findings.ts';
import type { RunFacts } from '../../../core/api/run-facts.ts';
import type { RunAttempt } from '../../../core/api/runs.ts';
import { TAGS } from '../../../core/lib/derived/known-tags.ts';
import { formatCount, formatDiskSize, formatInteger } from '../../ui/format.ts';

/** As the charts take it (renderer/charts/chart-marks.ts). */
export interface RunMark {
  readonly id: string;
  readonly kind: 'checkpoint' | 'restart' | 'stage' | 'finding';
  readonly step: number;
  readonly toStep?: number;
  readonly label: string;
  readonly detail?: string;
  readonly severity?: 'info' | 'warning' | 'error';
  /** Only on charts of these tags. */
  readonly tags?: readonly string[];
  readonly onOpen?: () => void;
}

export interface MarkSources {
  readonly checkpoints: readonly Checkpoint[];
  readonly findings: readonly Finding[];
  readonly attempts: readonly RunAttempt[];
  readonly facts: RunFacts | null;
  readonly onCheckpoint: (name: string) => void;
  readonly onFinding: (id: string) => void;
}

/** Where a checkpoint is of interest: every chart with rings all over would say less. */
const CHECKPOINT_TAGS = [...TAGS.loss, 'val_loss', 'eval_loss'];

const tagsOfKind: Readonly<Record<Finding['kind'], readonly string[]>> = {
  'loss-spike': TAGS.loss,
  'loss-rise': TAGS.loss,
  'not-finite': [...TAGS.loss, ...TAGS.gradNorm],
  'grad-norm': TAGS.gradNorm,
  'throughput-drop': [...TAGS.tokensPerSecond, ...TAGS.tokensPerSecondPerGpu, ...TAGS.secondsPerStep],
  'low-mfu': [...TAGS.tokensPerSecond, ...TAGS.tokensPerSecondPerGpu, ...TAGS.teraflopsPerGpu],
  'rate-off-schedule': TAGS.rate,
  stalled: TAGS.loss,
  'checkpoint-incomplete': TAGS.loss,
  'disk-nearly-full': TAGS.loss,
  'time-limit': TAGS.loss,
};

export function marksOf(sources: MarkSources): readonly RunMark[] {
  const { checkpoints, findings, attempts, facts, onCheckpoint, onFinding } = sources;
  return [
    ...checkpoints.map((checkpoint): RunMark => {
      const { name, step, problem, tokens, sizeBytes } = checkpoint;
      const parts = [
        tokens === null ? '' : `${formatCount(tokens)} tokens`,
        sizeBytes === null ? '' : formatDiskSize(sizeBytes),
        problem === null ? '' : 'not whole',
      ];
      return {
        id: `checkpoint ${name}`,
        kind: 'checkpoint',
        step,
        label: `Checkpoint ${formatInteger(step)}`,
        detail: parts.filter((part) => part !== '').join(' · '),
        severity: problem === null ? 'info' : 'error',
        tags: CHECKPOINT_TAGS,
        onOpen: () => onCheckpoint(name),
      };
    }),
    ...findings.flatMap((finding): RunMark[] => {
      const { id, kind, step, title, explanation, severity } = finding;
      if (step === null) return [];
      return [
        {
          id: `finding ${id}`,
          kind: 'finding',
          step,
          label: title,
          detail: explanation,
          severity,
          tags: tagsOfKind[kind],
          onOpen: () => onFinding(id),
        },
      ];
    }),
    ...attempts.slice(1).flatMap(({ number, firstStep, redoneSteps, reason }): RunMark[] => {
      if (firstStep === null) return [];
      const redone = redoneSteps === 0 ? '' : `${formatInteger(redoneSteps)} steps done again`;
      return [
        {
          id: `restart ${number}`,
          kind: 'restart',
          step: firstStep,
          label: `Attempt ${number}`,
          detail: [reason ?? '', redone].filter((part) => part !== '').join(' · '),
          severity: 'info',
        },
      ];
    }),
    ...(facts?.stages ?? []).slice(1).map(
      ({ name, startStep }): RunMark => ({
        id: `stage ${startStep}`,
        kind: 'stage',
        step: startStep,
        label: `Data stage ${name}`,
        severity: 'info',
      }),
    ),
  ];
}
