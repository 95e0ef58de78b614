// Routes of the quality lab: binds the contract to the services of this folder.
import { basename } from 'node:path';
import type { ApplyEvent, DescribeEvent } from '../../api/quality.ts';
import type { CorpusTokens } from '../../api/quality-corpus.ts';
import { StudioError } from '../../api/errors.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { applyRecipe } from './apply-recipe.ts';
import { readBoard } from './board.ts';
import type { Corpus } from './corpus.ts';
import { describeCorpus } from './describe.ts';
import { readDistribution, readTokenLengths } from './distributions.ts';
import { readHeadAgreement } from './head-agreement.ts';
import { createQualityLab } from './lab.ts';
import { makeRecipe } from './make-recipe.ts';
import { progressEvents, type RowProgress } from '../progress-events.ts';
import { listRecipes, RECIPE_FOLDER, saveRecipe } from './recipe-files.ts';
import { readSamples } from './samples.ts';
import { computeThresholds } from './thresholds.ts';
import type { TokenWorkers } from '../tokenizers/token-workers.ts';

export function qualityRoutes(context: CoreContext, tokenWorkers: TokenWorkers) {
  const { appFolder, stateFolder } = context.options;
  const lab = createQualityLab({
    appFolder,
    stateFolder,
    workspace: () => context.workspace.current?.path ?? null,
    tokenWorkers,
    context,
  });
  const { engine } = lab;
  const root = () => context.workspace.require().path;
  const inside = (paths: readonly string[]) => Promise.all(paths.map((path) => resolveInside(root(), path)));
  const nameOf = (path: string): string => toWorkspacePath(root(), path);

  const tokensInside = async (tokens: CorpusTokens): Promise<CorpusTokens> =>
    tokens.kind === 'tokenizer' ? { ...tokens, path: await resolveInside(root(), tokens.path) } : tokens;
  const where = async ({ paths, tokens }: Asked) => ({
    paths: await inside(paths),
    tokens: await tokensInside(tokens),
  });

  const openAll = async (
    asked: Asked,
    signal: AbortSignal | undefined,
    onProgress?: (progress: RowProgress) => void,
  ): Promise<Corpus> => lab.corpora.open({ ...(await where(asked)), heads: null, signal, onProgress });

  /** The table of every score column serves all; a filter over another column gets a table of its own. */
  const open = async (
    asked: Asked,
    columns: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<Corpus> => {
    const all = await openAll(asked, signal);
    const known = new Set(all.table.heads.map(({ column }) => column));
    if (columns.every((column) => known.has(column))) return all;
    return lab.corpora.open({ ...(await where(asked)), heads: columns, signal });
  };
  const columnsOf = (filter: { readonly heads: readonly { readonly column: string }[] }) =>
    filter.heads.map(({ column }) => column);

  return {
    procedures: {
      describe: api.quality.describe.handler(async ({ input, signal }) =>
        describeEvents((onProgress) => openAll(input, signal, onProgress), nameOf),
      ),
      distributions: api.quality.distributions.handler(async ({ input, signal }) =>
        readDistribution(await open(input, [input.head], signal), input, { engine, signal }),
      ),
      tokenLengths: api.quality.tokenLengths.handler(async ({ input, signal }) =>
        readTokenLengths(await openAll(input, signal), input, { engine, signal }),
      ),
      agreement: api.quality.agreement.handler(async ({ input, signal }) =>
        readHeadAgreement(await open(input, input.heads, signal), input, { engine, signal }),
      ),
      thresholds: api.quality.thresholds.handler(async ({ input, signal }) =>
        computeThresholds(await open(input, input.choice.heads, signal), input.choice, {
          engine,
          signal,
        }),
      ),
      board: api.quality.board.handler(async ({ input, signal }) =>
        readBoard(await open(input, columnsOf(input.filter), signal), input, { engine, signal }),
      ),
      samples: api.quality.samples.handler(async ({ input, signal }) => ({
        rows: [
          ...(await readSamples(
            await open(input, columnsOf(input.filter), signal),
            input,
            { engine, signal },
            nameOf,
          )),
        ],
      })),
      makeRecipe: api.quality.makeRecipe.handler(async ({ input, signal }) =>
        makeRecipe(await open(input, input.choice.heads, signal), { ...input, nameOf }, { engine, signal }),
      ),
      saveRecipe: api.quality.saveRecipe.handler(async ({ input }) => {
        requireRecipePath(input.path);
        await saveRecipe(await resolveInside(root(), input.path), input.recipe, input.overwrite);
        return { path: input.path };
      }),
      listRecipes: api.quality.listRecipes.handler(({ signal }) => listRecipes(root(), signal)),
      apply: api.quality.apply.handler(async ({ input, signal }) => {
        const output = await resolveInside(root(), input.output);
        const { paths, tokens } = await where(input);
        return applyEvents((onProgress) =>
          context.activities.run(
            { title: `Writing ${basename(output)}`, unit: 'rows', signal, outlives: true },
            (activity) =>
              applyRecipe({
                recipe: input.recipe,
                paths,
                tokens,
                output,
                overwrite: input.overwrite,
                engine,
                library: lab.library,
                counter: lab.counter,
                nameOf,
                signal: activity.signal,
                onProgress: (progress) => {
                  activity.progress(progress.doneRows, progress.totalRows);
                  onProgress(progress);
                },
              }),
          ),
        );
      }),
    },
    dispose: async () => {
      await lab.corpora.settle();
      await engine.dispose();
    },
  };
}

interface Asked {
  readonly paths: readonly string[];
  readonly tokens: CorpusTokens;
}

function requireRecipePath(path: string): void {
  if (path.startsWith(`${RECIPE_FOLDER}/`) && path.endsWith('.json')) return;
  throw new StudioError('INVALID_INPUT', 'A recipe is kept as a .json file in filters/', {
    hint: `Save it as ${RECIPE_FOLDER}/NAME.json`,
    path,
  });
}

async function* describeEvents(
  start: (onProgress: (progress: RowProgress) => void) => Promise<Corpus>,
  nameOf: (path: string) => string,
): AsyncGenerator<DescribeEvent, void> {
  for await (const event of progressEvents(start)) {
    if (event.kind === 'progress') yield event;
    else {
      yield { kind: 'ready', description: describeCorpus(event.result, nameOf) };
    }
  }
}

async function* applyEvents(
  start: (onProgress: (progress: RowProgress) => void) => ReturnType<typeof applyRecipe>,
): AsyncGenerator<ApplyEvent, void> {
  for await (const event of progressEvents(start)) {
    if (event.kind === 'progress') yield event;
    else yield { kind: 'done', ...event.result };
  }
}
