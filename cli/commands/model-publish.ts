// `nesso model card` and `publish`: the card of weights, and a folder sent to the Hugging Face hub.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { hubRepository } from '../../core/api/publishing.ts';
import { formatDiskSize } from '../../core/lib/format/numbers.ts';
import { planPublishing } from '../../core/services/conversion/publish-folder.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { hubEndpoint } from '../../core/services/embedders/hub-client.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { tokenOr } from '../../core/services/publishing/routes.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';
import { cardOf, type CardOptions, withCardOptions } from './model-card-options.ts';

interface PublishOptions {
  readonly repo: string;
  readonly public?: true;
  readonly message?: string;
  readonly dryRun?: true;
}

/** A line about progress this often. */
const NOTE_INTERVAL_MS = 2000;

function repository(text: string): string {
  const parsed = hubRepository.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Write owner/name, such as my-team/my-model');
  return parsed.data;
}

export function registerModelPublish(model: Command, context: CommandContext): void {
  const weights = { spawn: () => spawnChild(context.appFolder, 'native-weights'), signal: context.signal };

  withCardOptions(
    model
      .command('card')
      .description('write the card of a folder of weights: facts of its config and of its training')
      .argument('<source>', 'a Hugging Face folder or a step of Nanotron')
      .option('-o, --output <file>', 'where to, usually README.md; without it the card is printed')
      .option('--name <name>', 'name of the model'),
  ).action(
    context.action(
      async (source: string, options: CardOptions & { readonly output?: string; readonly name?: string }) => {
        const request = {
          source: resolve(source),
          name: options.name ?? null,
          card: await cardOf(context, options),
        };
        const { result: card } = await askWeights({ kind: 'card', request }, weights);
        const output = options.output === undefined ? null : resolve(options.output);
        if (output !== null) await writeFile(output, card, { flag: 'wx' });
        context.print({ output, card }, () => (output === null ? card : `Written to ${output}`));
        return 0;
      },
    ),
  );

  model
    .command('publish')
    .description(
      'send a folder of weights to the Hugging Face hub; asked again, it goes on where it broke off',
    )
    .argument('<folder>', 'a Hugging Face folder, or one with GGUF files')
    .requiredOption('--repo <owner/name>', 'repository at the hub; made when it is not there', repository)
    .option('--private', 'a new repository is private; this is so unless --public is given')
    .option('--public', 'a new repository is public')
    .option('--message <text>', 'of the commit')
    .option('--dry-run', 'only list what would be sent')
    .action(
      context.action(async (given: string, options: PublishOptions) => {
        const folder = resolve(given);
        const plan = planPublishing(folder);
        for (const warning of plan.warnings) context.note(`Warning: ${warning}`);
        if (options.dryRun) {
          context.print({ ...plan, repository: options.repo }, () =>
            [
              table(
                ['File', 'Size'],
                plan.files.map(({ path, sizeBytes }) => [path, formatDiskSize(sizeBytes)]),
              ),
              `${formatDiskSize(plan.totalBytes)} would be sent to ${options.repo}`,
              ...plan.leftOut.map((name) => `Left out: ${name}`),
            ].join('\n'),
          );
          return 0;
        }
        let notedMs = performance.now();
        const { result } = await askWeights(
          {
            kind: 'publish',
            request: {
              folder,
              repository: options.repo,
              visibility: options.public ? 'public' : 'private',
              token: await tokenOr(null),
              message: options.message ?? null,
              endpoint: hubEndpoint(),
            },
          },
          {
            ...weights,
            onProgress: (share) => {
              if (performance.now() - notedMs < NOTE_INTERVAL_MS) return;
              notedMs = performance.now();
              context.note(`${Math.round(share * 100)} % sent`);
            },
          },
        );
        context.print(
          { ...result, warnings: plan.warnings },
          () =>
            `${result.url}: ${result.files} files, ${formatDiskSize(result.sentBytes)} sent, commit ${result.commit}`,
        );
        return 0;
      }),
    );
}
