// `nesso run`: recipes, launches and what became of them.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { StudioError } from '../../core/api/errors.ts';
import type { Recipe, Run } from '../../core/api/runs.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { parseRunId, registerRunManage } from './run-manage.ts';

/** The parameters of every recipe are in `nesso run recipes`. */
const launchExamples = `
Parameters and their defaults: nesso run recipes

Examples:
  A JQL head from documents with ratings, over the built-in n-gram embedder:
    nesso run launch train-head -p data=data/documents.jsonl -p labelColumn=rating -p pauseMs=0
  From an embedding set (nesso quality embed), tested on another one, as the published heads were trained:
    nesso run launch train-head -p data=embeddings/train.safetensors -p test=embeddings/test.safetensors -p sampling=balanced -p pauseMs=0
  One point of a curve over sample sizes, and a head of one language:
    nesso run launch train-head -p data=embeddings/train.safetensors -p limit=10000 -p pauseMs=0
    nesso run launch train-head -p data=embeddings/train.safetensors -p languages=fin -p pauseMs=0`;

export function registerRun(program: Command, context: CommandContext): void {
  const run = program.command('run').description('launch recipes on this computer and watch over them');
  registerRunManage(run, context);

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
    .command('launch')
    .description('start a run; it goes on when this command ends')
    .argument('<recipe>', 'id of the recipe')
    .option('-w, --workspace <folder>', 'the workspace (default: around the current folder)')
    .option('-n, --name <name>', 'name of the run (default: the recipe)')
    .option(
      '-p, --parameter <name=value>',
      'a parameter of the recipe; may be repeated',
      collectParameter,
      {},
    )
    .addHelpText('after', launchExamples)
    .action(
      context.action(
        async (
          recipe: string,
          options: WorkspaceOption & { name?: string; parameter: Record<string, string> },
        ) =>
          inWorkspace(context, options, async (client) => {
            const recipes = await client.runs.recipes(undefined, { signal: context.signal });
            const known = recipes.find((candidate) => candidate.id === recipe);
            if (!known) throw unknownRecipe(recipe, recipes);
            const launched = await client.runs.launch({
              recipe,
              name: options.name ?? known.title,
              parameters: typedParameters(known, options.parameter),
            });
            context.print(launched, `${launched.id} · ${launched.state} · ${launched.folder}`);
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

  run
    .command('stop')
    .description('stop a run: SIGTERM to its process group, SIGKILL after the grace time')
    .argument('<id>', 'id of the run')
    .option('-w, --workspace <folder>', 'the workspace (default: around the current folder)')
    .option('--grace <seconds>', 'time to end by itself', seconds, 10)
    .action(
      context.action(async (id: string, options: WorkspaceOption & { grace: number }) =>
        inWorkspace(context, options, async (client) => {
          await client.runs.stop({ id: parseRunId(id), graceMs: options.grace * 1000 });
          context.print({ id, stopped: true }, `Stopping ${id}`);
          return 0;
        }),
      ),
    );
}

function collectParameter(text: string, before: Record<string, string>): Record<string, string> {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, split)]: text.slice(split + 1) };
}

function seconds(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError('Must be a number of seconds.');
  return value;
}

/** Texts of the command line → the types the recipe declares. */
function typedParameters(
  recipe: Recipe,
  given: Readonly<Record<string, string>>,
): Record<string, string | number | boolean> {
  const typed: Record<string, string | number | boolean> = {};
  for (const [name, text] of Object.entries(given)) {
    const parameter = recipe.parameters.find((candidate) => candidate.name === name);
    if (!parameter) {
      throw new StudioError('INVALID_INPUT', `The recipe ${recipe.id} has no parameter ${name}`, {
        hint: `It has ${recipe.parameters.map((candidate) => candidate.name).join(', ')}`,
      });
    }
    if (parameter.kind === 'int' || parameter.kind === 'float') typed[name] = Number(text);
    else if (parameter.kind === 'bool') typed[name] = text === 'true' || text === 'yes' || text === '1';
    else typed[name] = text;
  }
  return typed;
}

function unknownRecipe(id: string, recipes: readonly Recipe[]): StudioError {
  return new StudioError('NOT_FOUND', `There is no recipe ${id}`, {
    hint: `Known recipes: ${recipes.map((recipe) => recipe.id).join(', ')}`,
  });
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
