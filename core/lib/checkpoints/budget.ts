// What of the checkpoints here may go, and why, or why not: from what is known of each. Removes nothing.
import type { LocalCheckpoint } from '../../api/checkpoint-budget.ts';
import type { CheckpointLife } from '../../api/checkpoint-life.ts';

/** Of each run, where no rule says another number. */
export const KEPT_STEPS = 5;

export type Measured = Omit<LocalCheckpoint, 'proposal' | 'kept'>;

export interface BudgetFacts {
  /** How many newer steps of the same run are here. */
  readonly newer: number;
  readonly keep: number;
  /** Something goes on with it now. */
  readonly isBusy: boolean;
}

/** The least that is lost first: what came by half, weights whose model is proven, then old steps. Never the only copy. */
export function proposalFor(
  measured: Measured,
  facts: BudgetFacts,
): Pick<LocalCheckpoint, 'proposal' | 'kept'> {
  const { life, source, partsBytes, weightsBytes, modelsBytes } = measured;
  const no = (kept: string) => ({ proposal: null, kept });
  if (facts.isBusy) return no('work goes on with it');
  if (life.pinned) return no('pinned');
  if (partsBytes > 0 && life.pulled !== null)
    return {
      proposal: { what: 'parts', bytes: partsBytes, reason: 'left of a pull that broke off' },
      kept: null,
    };
  if (source === 'gone') return no('the only copy: its run no longer has it');
  if (source === 'unknown') return no('not known whether its run still has it: connect to its target');
  const allBytes = weightsBytes + modelsBytes + partsBytes;
  if (facts.newer >= facts.keep && allBytes > 0)
    return {
      proposal: { what: 'all', bytes: allBytes, reason: `older than the newest ${facts.keep} of its run` },
      kept: null,
    };
  if (weightsBytes > 0 && isProven(life))
    return {
      proposal: { what: 'weights', bytes: weightsBytes, reason: 'its model is verified' },
      kept: null,
    };
  if (life.models.length === 0 && weightsBytes > 0) return no('no model was made of it yet');
  if (weightsBytes > 0) return no('its model is not verified');
  return no(`one of the newest ${facts.keep} of its run`);
}

function isProven({ models }: CheckpointLife): boolean {
  return (
    models.length > 0 && models.every(({ verified }) => verified !== null && verified.verdict !== 'different')
  );
}
