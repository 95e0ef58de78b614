// `nesso embedder`: embedding models from the hub or from disk, whether they work, and the cache of their vectors.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { embeddingCacheFacts, emptyEmbeddingCache } from '../../core/services/embedders/cache-folders.ts';
import { checkEmbedder } from '../../core/services/embedders/check-embedder.ts';
import { hubEndpoint, hubToken } from '../../core/services/embedders/hub-client.ts';
import { listEmbedders } from '../../core/services/embedders/list-embedders.ts';
import { folderOfModel, pullModel } from '../../core/services/embedders/pull-model.ts';
import type { CommandContext } from '../command.ts';
import { cacheRootOf, choiceOf, type EmbedderOptions, withModelOptions } from '../embedder-options.ts';
import { withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { shownPath } from '../shown-path.ts';
import { table } from '../table.ts';

interface PullOptions {
  readonly variant?: string;
  readonly revision: string;
  readonly to?: string;
}

/** A line about the download this often. */
const NOTE_INTERVAL_MS = 5000;
const megabytes = (bytes: number): string =>
  `${(bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;

export function registerEmbedder(program: Command, context: CommandContext): void {
  const embedder = program.command('embedder').description('embedding models: download, list, check, cache');
  registerPull(embedder, context);

  withWorkspaceOption(embedder.command('list').description('embedding models of the workspace')).action(
    context.action(async (options: WorkspaceOption) => {
      const models = await listEmbedders(context.findWorkspace(options.workspace), context.signal);
      context.print(models, () =>
        models.length === 0
          ? 'No embedding model in this workspace; nesso embedder pull downloads one into models/'
          : table(
              ['folder', 'model', 'variants', 'values', 'tokens', ''],
              models.map(({ path, id, variants, dimensions, maxLength, problem }) => [
                path,
                id,
                variants.map(({ name, sizeBytes }) => `${name} (${megabytes(sizeBytes)})`).join(', ') || '–',
                dimensions?.toLocaleString('en') ?? '–',
                maxLength.toLocaleString('en'),
                problem ?? '',
              ]),
            ),
      );
      return undefined;
    }),
  );

  withModelOptions(
    embedder.command('check <folder>').description('load a model, or builtin, and embed a sample'),
  ).action(
    context.action(async (folder: string, options: EmbedderOptions) => {
      const checked = await checkEmbedder({
        choice: choiceOf({ ...options, embedder: folder }),
        appFolder: context.appFolder,
        threads: options.threads,
        signal: context.signal,
      });
      const { identity, warnings, loadMs, tokensPerSecond } = checked;
      context.print(checked, () =>
        [
          `${identity.id} works: ${identity.dimensions} values a document`,
          `Variant: ${identity.variant}`,
          ...(identity.sha256 === null ? [] : [`SHA-256 of the weights: ${identity.sha256}`]),
          `Loaded in ${(loadMs / 1000).toFixed(1)} s${tokensPerSecond > 0 ? `, ${tokensPerSecond.toLocaleString('en')} tokens/s on a sample` : ''}`,
          ...warnings,
        ].join('\n'),
      );
      return undefined;
    }),
  );

  embedder
    .command('cache')
    .description('what is kept of embedded documents around the current folder')
    .option('--empty', 'delete it: documents are embedded anew when they are scored again')
    .action(
      context.action(async ({ empty }: { readonly empty?: boolean }) => {
        const root = cacheRootOf(context);
        if (empty === true) {
          const emptied = await emptyEmbeddingCache(root);
          context.print(emptied, `${megabytes(emptied.freedBytes)} freed`);
          return undefined;
        }
        const facts = await embeddingCacheFacts(root);
        context.print(facts, () =>
          [
            ...facts.folders.map(
              ({ name, records, sizeBytes }) =>
                `${name}  ${records.toLocaleString('en')} documents, ${megabytes(sizeBytes)}`,
            ),
            `${megabytes(facts.sizeBytes)} in all`,
          ].join('\n'),
        );
        return undefined;
      }),
    );
}

function registerPull(embedder: Command, context: CommandContext): void {
  embedder
    .command('pull <model>')
    .description('download an embedding model with ONNX files from the Hugging Face hub, owner/name')
    .option('--variant <name>', 'fp32, fp16, int8, … (default: the most exact there is)')
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .option('--to <folder>', 'where to (default: models/ of the workspace, or of the current folder)')
    .addHelpText(
      'after',
      '\nA token is read from HF_TOKEN or from what hf auth login wrote; HF_ENDPOINT names another hub.\nA download that was stopped goes on when the command is given again.',
    )
    .action(
      context.action(async (id: string, options: PullOptions) => {
        const root = cacheRootOf(context);
        const base = existsSync(join(root, 'studio.yaml')) ? root : process.cwd();
        const folder = resolve(options.to ?? join(base, 'models', folderOfModel(id)));
        let notedMs = performance.now();
        const pulled = await pullModel({
          id,
          revision: options.revision,
          variant: options.variant ?? null,
          folder,
          access: { endpoint: hubEndpoint(), token: await hubToken() },
          signal: context.signal,
          onProgress: (doneBytes, totalBytes) => {
            if (performance.now() - notedMs < NOTE_INTERVAL_MS) return;
            notedMs = performance.now();
            context.note(`${megabytes(doneBytes)} of ${megabytes(totalBytes)}`);
          },
        });
        context.print({ ...pulled, folder: shownPath(folder) }, () =>
          [
            `${id} ${pulled.variant} is in ${shownPath(folder)} (${megabytes(pulled.downloadedBytes)} downloaded)`,
            `Revision ${pulled.revision}, every file checked`,
          ].join('\n'),
        );
        return undefined;
      }),
    );
}
