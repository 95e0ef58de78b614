// `nesso run script`: the batch script of a run as it was launched, or the one that a launch would submit.
import type { Command } from 'commander';
import type { JobScript } from '../../core/api/launches.ts';
import { runId } from '../../core/api/runs.ts';
import { isRefused } from '../../core/lib/slurm/edited-script.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace } from '../in-workspace.ts';
import { type LaunchOptions, requestOf, withLaunchOptions } from './run-launch.ts';

const examples = `
Examples:
  What would be submitted, to edit it:
    nesso run script pretrain-nanotron -t leonardo > job.sh
    nesso run launch pretrain-nanotron -t leonardo --script job.sh
  What a run was launched with:
    nesso run script pre-train-with-nanotron-2026-11-22`;

export function registerRunScript(run: Command, context: CommandContext): void {
  withLaunchOptions(
    run
      .command('script')
      .description('print the batch script of a run, or of a launch without submitting it')
      .argument('<id>', 'id of a run or of a recipe'),
  )
    .addHelpText('after', examples)
    .action(
      context.action(async (id: string, options: LaunchOptions) =>
        inWorkspace(context, options, async (client) => {
          const known = runId.safeParse(id);
          const runs = await client.runs.list(undefined, { signal: context.signal });
          if (known.success && runs.some((one) => one.id === known.data)) {
            const kept = await client.runs.jobScript({ id: known.data });
            context.print({ script: kept.text, isEdited: kept.isEdited }, kept.text);
            return 0;
          }
          const script = await client.runs.script(await requestOf(context, client, id, options));
          context.print({ script: script.text, isEdited: script.isEdited, notes: script.notes }, script.text);
          for (const note of script.notes) context.note(noteText(note));
          return isRefused(script.notes) ? 1 : 0;
        }),
      ),
    );
}

function noteText({ kind, line, message, reason }: JobScript['notes'][number]): string {
  return `${kind}${line === null ? '' : ` (line ${line})`}: ${message}\n  ${reason}`;
}
