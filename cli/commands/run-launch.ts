// `nesso run launch`: a recipe with its parameters becomes a run, on this computer or on a target of studio.yaml.
import { type Command, InvalidArgumentError } from 'commander';
import { resolve } from 'node:path';
import type { StudioClient } from '../../core/api/contract.ts';
import { StudioError } from '../../core/api/errors.ts';
import type { PreflightFinding } from '../../core/api/launches.ts';
import type { Recipe } from '../../core/api/runs.ts';
import { MAX_SCRIPT_LENGTH } from '../../core/lib/slurm/edited-script.ts';
import { readTextFile } from '../../core/services/files/read-text.ts';
import type { CommandContext } from '../command.ts';
import { findingText } from '../finding-text.ts';
import { inWorkspace, type WorkspaceOption } from '../in-workspace.ts';
import { type ResourceOptions, resourcesOf, withResourceOptions } from './launch-resources.ts';
import { parseRunId } from './run-manage.ts';
import { withQuestions } from './target.ts';

export const THIS_COMPUTER = 'this-computer';

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
    nesso run launch train-head -p data=embeddings/train.safetensors -p languages=fin -p pauseMs=0
  On a cluster: tokens first, then the training that needs them:
    nesso run launch tokenize -t leonardo -p input=~/fineweb-ita -p output=~/tokens/ita --json
    nesso run launch pretrain-nanotron -t leonardo -p config=configs/zagreus-0.4B-ita.yaml --after tokenize-a-corpus-2026-11-22`;

export interface LaunchOptions extends WorkspaceOption, ResourceOptions {
  readonly name?: string;
  readonly parameter: Record<string, string>;
  readonly target: string;
  readonly after?: string;
  readonly script?: string;
}

/** The options that say what is launched, and where. */
export function withLaunchOptions(command: Command): Command {
  const started = command
    .option('-w, --workspace <folder>', 'the workspace (default: around the current folder)')
    .option('-n, --name <name>', 'name of the run (default: the recipe)')
    .option(
      '-p, --parameter <name=value>',
      'a parameter of the recipe; may be repeated',
      collectParameter,
      {},
    )
    .option('-t, --target <name>', 'a target of studio.yaml', THIS_COMPUTER);
  return withResourceOptions(started)
    .option('--after <run>', 'start when this run of the same target has ended well')
    .option('--script <file>', 'an edited batch script instead of the generated one (see nesso run script)');
}

/** The launch that a command line asks for. NOT_FOUND for an unknown recipe, INVALID_INPUT for an unknown parameter. */
export async function requestOf(
  context: CommandContext,
  client: StudioClient,
  recipe: string,
  options: LaunchOptions,
) {
  const recipes = await client.runs.recipes(undefined, { signal: context.signal });
  const known = recipes.find((candidate) => candidate.id === recipe);
  if (!known) throw unknownRecipe(recipe, recipes);
  return {
    recipe,
    name: options.name ?? known.title,
    parameters: typedParameters(known, options.parameter),
    target: options.target,
    resources: resourcesOf(options),
    ...(options.after === undefined ? {} : { after: parseRunId(options.after) }),
    ...(options.script === undefined ? {} : { script: await readScript(context, options.script) }),
  };
}

export function registerRunLaunch(run: Command, context: CommandContext): void {
  withLaunchOptions(
    run
      .command('launch')
      .description('start a run, here or on a target; it goes on when this command ends')
      .argument('<recipe>', 'id of the recipe'),
  )
    .option(
      '--override',
      'launch although the check found errors; they are kept with the run, with your name',
    )
    .option('--no-check', 'launch on a target without looking first')
    .addHelpText('after', launchExamples)
    .action(
      context.action(async (recipe: string, options: LaunchOptions & CheckOptions) =>
        inWorkspace(context, options, async (client) => {
          const request = await requestOf(context, client, recipe, options);
          const { target } = request;
          let overridden: readonly PreflightFinding[] = [];
          if (target !== THIS_COMPUTER) {
            await withQuestions(client, () =>
              client.targets.connect({ name: target }, { signal: context.signal }),
            );
            if (options.check) {
              const { findings } = await client.runs.preflight(request, { signal: context.signal });
              overridden = findings.filter(({ severity }) => severity !== 'info');
              for (const finding of overridden) context.note(findingText(finding));
              if (overridden.some(({ severity }) => severity === 'error') && !options.override)
                throw notLaunched(overridden);
            }
          }
          const launched = await client.runs.launch({ ...request, overridden: [...overridden] });
          const job = launched.jobId === null ? '' : ` · job ${launched.jobId}`;
          context.print(launched, `${launched.id} · ${launched.state}${job} · ${launched.folder}`);
          return 0;
        }),
      ),
    );
}

interface CheckOptions {
  readonly override?: boolean;
  readonly check: boolean;
}

function notLaunched(findings: readonly PreflightFinding[]): StudioError {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return new StudioError(
    'INVALID_INPUT',
    `Not launched: ${first?.message ?? ''}${errors.length > 1 ? `, and ${errors.length - 1} more` : ''}`,
    {
      hint: 'Mend what was found, or launch with --override',
    },
  );
}

async function readScript(context: CommandContext, path: string): Promise<string> {
  const { text } = await readTextFile(resolve(path), MAX_SCRIPT_LENGTH);
  context.signal.throwIfAborted();
  return text;
}

function collectParameter(text: string, before: Record<string, string>): Record<string, string> {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, split)]: text.slice(split + 1) };
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
