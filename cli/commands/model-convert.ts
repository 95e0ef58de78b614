// `nesso model convert`: a checkpoint or a Hugging Face folder as a GGUF file, or as a folder that is ready to publish.
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { weightTypes, type WeightType } from '../../core/lib/conversion/gguf-metadata.ts';
import { formatCount, formatDiskSize } from '../../core/lib/format/numbers.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import type { CommandContext } from '../command.ts';
import { cardOf, type CardOptions, withCardOptions } from './model-card-options.ts';

interface ConvertOptions {
  readonly output: string;
  readonly type?: WeightType;
  readonly tokenizer?: string;
  readonly pre?: string;
  readonly name?: string;
  readonly force?: true;
  readonly shardSize?: number;
}

/** A line about progress this often. */
const NOTE_INTERVAL_MS = 2000;

function weightType(text: string): WeightType {
  const type = weightTypes.find((one) => one === text.toLowerCase());
  if (type === undefined) throw new InvalidArgumentError(`Known types are ${weightTypes.join(', ')}`);
  return type;
}

function shardBytes(text: string): number {
  const bytes = Number(text);
  if (!Number.isInteger(bytes) || bytes < 1) throw new InvalidArgumentError('Write a number of bytes');
  return bytes;
}

export function registerModelConvert(model: Command, context: CommandContext): void {
  withCardOptions(
    model
      .command('convert')
      .description('a Nanotron step or a Hugging Face folder as GGUF, or as a folder for the hub')
      .argument('<source>', 'folder of weights; of a folder of steps the newest')
      .requiredOption('-o, --output <path>', 'a file that ends in .gguf, or a folder for the hub')
      .option(
        '-t, --type <type>',
        `${weightTypes.join(', ')}; unless named, f16 for a file and bf16 for a folder`,
        weightType,
      )
      .option(
        '--tokenizer <folder>',
        'folder of a tokenizer.json or tokenizer.model, where the weights have none',
      )
      .option(
        '--pre <name>',
        'how llama.cpp cuts text, where the tokenizer is not recognised; sentencepiece to accept what is lost',
      )
      .option('--name <name>', 'name of the model')
      .option('--force', 'replace the file')
      .option('--shard-size <bytes>', 'of a folder for the hub: largest file of weights', shardBytes),
  ).action(
    context.action(async (source: string, options: ConvertOptions & CardOptions) => {
      const output = resolve(options.output);
      const format = output.toLowerCase().endsWith('.gguf') ? 'gguf' : 'huggingface';
      let notedMs = performance.now();
      const { result: converted } = await askWeights(
        {
          kind: 'convert',
          request: {
            source: resolve(source),
            output,
            format,
            type: options.type ?? (format === 'gguf' ? 'f16' : 'bf16'),
            tokenizer: options.tokenizer === undefined ? null : resolve(options.tokenizer),
            preTokenizer: options.pre ?? null,
            name: options.name ?? null,
            replace: options.force === true,
            shardBytes: options.shardSize ?? null,
            card: format === 'huggingface' ? await cardOf(context, options) : null,
          },
        },
        {
          spawn: () => spawnChild(context.appFolder, 'native-weights'),
          signal: context.signal,
          onProgress: (share) => {
            if (performance.now() - notedMs < NOTE_INTERVAL_MS) return;
            notedMs = performance.now();
            context.note(`${Math.round(share * 100)} % written`);
          },
        },
      );
      context.print(converted, () =>
        [
          `${converted.output}: ${converted.architecture}, ${formatCount(converted.parameters)} parameters, ${converted.tensors} tensors, ${formatDiskSize(converted.sizeBytes)} in ${(converted.durationMs / 1000).toFixed(1)} s`,
          `SHA-256 of the weights: ${converted.sourceSha256}`,
          ...converted.warnings.map((warning) => `Warning: ${warning}`),
        ].join('\n'),
      );
      return 0;
    }),
  );
}
