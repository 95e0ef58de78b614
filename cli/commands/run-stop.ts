// `nesso run stop`: asks a run to end, waits as long as it may take for that, and ends it.
import { type Command, InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudioClient } from '../../core/api/contract.ts';
import type { Run } from '../../core/api/runs.ts';
import { isOver } from '../../core/lib/runs/run-state.ts';
import type { CommandContext } from '../command.ts';
import { connectRuns } from '../connect-runs.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { parseRunId } from './run-manage.ts';

const LOOK_EVERY_MS = 500;

export function registerRunStop(run: Command, context: CommandContext): void {
  withWorkspaceOption(
    run
      .command('stop')
      .description('stop a run: it is asked to end (SIGTERM), and killed or cancelled after the grace time')
      .argument('<id>', 'id of the run'),
  )
    .option('--grace <seconds>', 'time to end by itself', seconds, 10)
    .action(
      context.action(async (text: string, options: WorkspaceOption & { grace: number }) =>
        inWorkspace(context, options, async (client) => {
          const id = parseRunId(text);
          const [found] = await connectRuns(context, client, { id, isNeeded: true });
          const graceMs = options.grace * 1000;
          await client.runs.stop({ id, graceMs });
          if (found !== undefined && graceMs > 0) await endAfter(context, client, found, graceMs);
          context.print({ id, stopped: true }, `Stopping ${id}`);
          return 0;
        }),
      ),
    );
}

/** A scheduler knows no grace time: whoever warned a job cancels it, and has to be there for that. */
async function endAfter(
  context: CommandContext,
  client: StudioClient,
  { id, target, name }: Run,
  graceMs: number,
): Promise<void> {
  const { signal } = context;
  const targets = await client.targets.list(undefined, { signal });
  if (targets.find((one) => one.name === target)?.kind !== 'slurm') return;
  context.note(`${name} was warned, and is cancelled in ${graceMs / 1000} s unless it ends before`);
  const begunMs = performance.now();
  while (performance.now() - begunMs < graceMs) {
    await sleep(LOOK_EVERY_MS, undefined, { signal });
    const now = (await client.runs.list(undefined, { signal })).find((one) => one.id === id);
    if (now === undefined || isOver(now.state)) return;
  }
  await client.runs.stop({ id, graceMs: 0 });
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Must be a number of seconds.');
  return value;
}
