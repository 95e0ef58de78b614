// Several runs launched as one: each waits until the one before it ended well. Either all are in the queue, or none is left.
import type { RunId } from '../../../api/runs.ts';

export interface ChainSteps<Step> {
  readonly launch: (step: Step, after: RunId | undefined) => Promise<RunId>;
  /** Takes a run back that was launched a moment ago. */
  readonly takeBack: (id: RunId) => Promise<void>;
}

/** The ids in the order of the steps. What is thrown by a step is thrown, after those before it were taken back. */
export async function launchInTurn<Step>(
  steps: readonly Step[],
  { launch, takeBack }: ChainSteps<Step>,
): Promise<readonly RunId[]> {
  const launched: RunId[] = [];
  try {
    for (const step of steps) launched.push(await launch(step, launched.at(-1)));
    return launched;
  } catch (error) {
    // The last one first: nobody may see its forerunner vanish.
    for (const id of launched.toReversed()) await takeBack(id);
    throw error;
  }
}
