// Which evaluations a rule still asks for.
import type { EvaluationRule } from '../../../api/evaluation-jobs.ts';
import type { Checkpoint } from '../../../api/checkpoints.ts';

export interface DueEvaluation {
  readonly step: number;
  readonly preset: string;
}

/** Whole checkpoints from `from` on at multiples of `every`, oldest first, each with each set; without what is known already. */
export function dueEvaluations(
  { every, from, presets }: Pick<EvaluationRule, 'every' | 'from' | 'presets'>,
  checkpoints: readonly Pick<Checkpoint, 'step' | 'problem'>[],
  known: readonly DueEvaluation[],
): readonly DueEvaluation[] {
  const keys = new Set(known.map(({ step, preset }) => `${step} ${preset}`));
  return checkpoints
    .filter(({ step, problem }) => problem === null && step > 0 && step >= from && step % every === 0)
    .map(({ step }) => step)
    .toSorted((a, b) => a - b)
    .flatMap((step) => [...new Set(presets)].map((preset) => ({ step, preset })))
    .filter(({ step, preset }) => !keys.has(`${step} ${preset}`));
}
