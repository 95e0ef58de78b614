// `nesso run`: recipes, launches and what became of them.
import type { Command } from 'commander';
import type { Recipe, Run } from '../../core/api/runs.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { registerRunLog } from './run-log.ts';
import { registerRunAttach } from './run-attach.ts';
import { registerRunLaunch } from './run-launch.ts';
import { registerRunContinue } from './run-continue.ts';
import { registerRunPreflight } from './run-preflight.ts';
import { registerRunScript } from './run-script.ts';
import { registerRunManage } from './run-manage.ts';
import { registerRunStop } from './run-stop.ts';
import { registerRunWatch } from './run-watch.ts';

export function registerRun(program: Command, context: CommandContext): void {
  const run = program.command('run').description('launch recipes, here or on a target, and watch over them');
  registerRunLaunch(run, context);
  registerRunScript(run, context);
  registerRunPreflight(run, context);
  registerRunContinue(run, context);
  registerRunManage(run, context);
  registerRunStop(run, context);
  registerRunWatch(run, context);
  registerRunAttach(run, context);
  registerRunLog(run, context);

  run
    .command('recipes')
    .description('list what can be launched, with its parameters')
    .option('-w, --workspace <folder>', 'the workspace (default: around the current folder)')
    .action(
      context.action(async (options: WorkspaceOption) =>
        inWorkspace(context, options, async (client) => {
          const recipes = await client.runs.recipes(undefined, { signal: context.signal });
          context.print(recipes, () => recipes.map(recipeText).join('\n\n'));
          return 0;
        }),
      ),
    );

  run
    .command('list')
    .description('list the runs of the workspace')
    .option('-w, --workspace <folder>', 'the workspace (default: around the current folder)')
    .action(
      context.action(async (options: WorkspaceOption) =>
        inWorkspace(context, options, async (client) => {
          const runs = await client.runs.list(undefined, { signal: context.signal });
          context.print(runs, () => (runs.length === 0 ? 'No runs yet' : runTable(runs)));
          return 0;
        }),
      ),
    );
}

function recipeText(recipe: Recipe): string {
  const parameters = recipe.parameters.map((parameter) => [
    `  ${parameter.name}`,
    parameter.kind,
    `${String(parameter.default)}${parameter.unit ? ` ${parameter.unit}` : ''}`,
    parameter.description,
  ]);
  return `${recipe.id}: ${recipe.title}\n${recipe.description}\n${table(['  Parameter', 'Type', 'Default', 'Meaning'], parameters)}`;
}

function runTable(runs: readonly Run[]): string {
  return table(
    ['Run', 'State', 'Step', 'Started', 'Name'],
    runs.map((run) => [
      run.id,
      run.state,
      `${run.latestStep ?? '–'}${run.totalSteps === null ? '' : `/${run.totalSteps}`}`,
      run.startedMs === null ? '–' : new Date(run.startedMs).toISOString().slice(0, 19).replace('T', ' '),
      run.name,
    ]),
  );
}
