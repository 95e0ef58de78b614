// Targets of live runs, connected for the time of a command, so that what runs do there comes here.
import type { StudioClient } from '../core/api/contract.ts';
import type { Run, RunId } from '../core/api/runs.ts';
import { isOver } from '../core/lib/runs/run-state.ts';
import { toStudioError } from '../core/services/system-errors.ts';
import type { CommandContext } from './command.ts';
import { withQuestions } from './commands/target.ts';

export const THIS_COMPUTER = 'this-computer';

export interface ConnectRunsOptions {
  /** The run that is wanted; all live ones without. */
  readonly id: RunId | null;
  /** Without its target the command can do nothing, and fails; else what was known last serves. */
  readonly isNeeded: boolean;
}

export async function connectRuns(
  context: CommandContext,
  client: StudioClient,
  { id, isNeeded }: ConnectRunsOptions,
): Promise<readonly Run[]> {
  const { signal } = context;
  const runs = await client.runs.list(undefined, { signal });
  const wanted = runs.filter((run) => (id === null || run.id === id) && !isOver(run.state));
  for (const name of new Set(wanted.map(({ target }) => target))) {
    if (name === THIS_COMPUTER) continue;
    try {
      await withQuestions(client, () => client.targets.connect({ name }, { signal }));
    } catch (error) {
      if (isNeeded) throw error;
      context.note(`${name}: ${toStudioError(error).message}. Its runs are shown as they were known last.`);
    }
  }
  return wanted;
}
