// `nesso run show|rename|remove|restore`: one run after it was launched.
import type { Command } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import { type Run, type RunId, runId } from '../../core/api/runs.ts';
import type { Checkpoint } from '../../core/api/checkpoints.ts';
import type { RunNumbers } from '../../core/api/run-facts.ts';
import { numberCells } from '../../core/lib/derived/number-cells.ts';
import { formatDiskSize } from '../../core/lib/format/numbers.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { findingLine } from './finding-line.ts';

export function registerRunManage(run: Command, context: CommandContext): void {
  withWorkspaceOption(
    run
      .command('show')
      .description('everything about one run, and the config it was launched with')
      .argument('<id>'),
  ).action(
    context.action(async (id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const runs = await client.runs.list(undefined, { signal: context.signal });
        const found = runs.find((candidate) => candidate.id === id);
        if (!found) throw unknownRun(id);
        const config = found.configPath === null ? null : await client.runs.config({ id: found.id });
        const numbers = await client.monitor.numbers({ id: found.id }, { signal: context.signal });
        const { findings } = await client.monitor.report({ id: found.id }, { signal: context.signal });
        const { checkpoints } = await client.checkpoints.list({ id: found.id }, { signal: context.signal });
        context.print({ ...found, config, numbers, findings, checkpoints }, () =>
          [
            describe(found),
            numbersText(numbers),
            ...findings.map((finding) => findingLine(found.id, finding)),
            ...(checkpoints.length === 0 ? [] : [checkpointsText(checkpoints)]),
          ].join('\n\n'),
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    run.command('rename').description('give a run another name').argument('<id>').argument('<name>'),
  ).action(
    context.action(async (id: string, name: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const renamed = await client.runs.rename({ id: parseRunId(id), name });
        context.print(renamed, `${renamed.id} is now called ${renamed.name}`);
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    run.command('remove').description('move a finished run to the trash of the workspace').argument('<id>'),
  ).action(
    context.action(async (id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const removed = await client.runs.remove({ id: parseRunId(id) });
        context.print(
          { id, ...removed },
          `Removed; nesso run restore ${removed.restoreToken} brings it back`,
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    run.command('restore').description('bring a removed run back').argument('<token>', 'what remove printed'),
  ).action(
    context.action(async (restoreToken: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const restored = await client.runs.restore({ restoreToken });
        context.print(restored, `${restored.id} is back`);
        return 0;
      }),
    ),
  );
}

export function parseRunId(text: string): RunId {
  const parsed = runId.safeParse(text);
  if (parsed.success) return parsed.data;
  throw unknownRun(text);
}

function unknownRun(id: string): StudioError {
  return new StudioError('NOT_FOUND', `There is no run ${id}`, { hint: 'nesso run list shows the ids' });
}

function checkpointsText(checkpoints: readonly Checkpoint[]): string {
  return table(
    ['Checkpoint', 'Step', 'Size', 'Standing'],
    checkpoints.map(({ path, step, sizeBytes, problem }) => [
      path,
      String(step),
      sizeBytes === null ? '–' : formatDiskSize(sizeBytes),
      problem === null ? 'whole' : `not whole: ${problem}`,
    ]),
  );
}

function numbersText(numbers: RunNumbers): string {
  const cells = numberCells(
    numbers,
    (ms) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  );
  return table(
    ['Number', 'Value', '', 'Convention and source'],
    cells.map(({ label, value, detail, note }) => [label, value, detail, note]),
  );
}

function describe(run: Run): string {
  const rows: readonly (readonly [string, string])[] = [
    ['name', run.name],
    ['state', run.end ? `${run.state}: ${run.end.reason}` : run.state],
    ['recipe', run.recipe],
    ['target', run.target],
    ['step', `${run.latestStep ?? '–'}${run.totalSteps === null ? '' : ` of ${run.totalSteps}`}`],
    ['folder', run.folder],
    ['config', run.configPath ?? '–'],
    ['command', run.command.join(' ')],
    ...Object.entries(run.latest).map(([tag, value]): [string, string] => [tag, String(value)]),
  ];
  return table(['', run.id], rows);
}
