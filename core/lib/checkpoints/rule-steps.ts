// Which steps a rule asks for, which of those it brought may go, and how often a trainer saves.
import type { CheckpointRule } from '../../api/checkpoint-budget.ts';
import type { CheckpointLife } from '../../api/checkpoint-life.ts';
import type { Checkpoint } from '../../api/checkpoints.ts';

/** Whole multiples of `every`, of the newest `keep`, newest first: a run of months is not brought here from its beginning. */
export function dueSteps(
  { every, keep }: Pick<CheckpointRule, 'every' | 'keep'>,
  checkpoints: readonly Pick<Checkpoint, 'step' | 'problem'>[],
): readonly number[] {
  return checkpoints
    .filter(({ step, problem }) => problem === null && step > 0 && step % every === 0)
    .map(({ step }) => step)
    .sort((a, b) => b - a)
    .slice(0, keep);
}

/** Brought by the rule, not pinned, and older than the newest `keep` that it brought. */
export function outlived(
  { keep }: Pick<CheckpointRule, 'keep'>,
  lives: readonly CheckpointLife[],
): readonly CheckpointLife[] {
  return lives
    .filter(({ byRule, pinned }) => byRule && !pinned)
    .toSorted((a, b) => b.step - a.step)
    .slice(keep);
}

/** Steps between the two newest, oldest first, as the trainer saves them; null where none can be told. */
export function newestInterval(checkpoints: readonly Pick<Checkpoint, 'step'>[]): number | null {
  const [last, before] = [checkpoints.at(-1), checkpoints.at(-2)];
  if (last === undefined) return null;
  return before === undefined ? last.step : last.step - before.step || null;
}
