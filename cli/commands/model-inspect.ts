// `nesso model inspect`: what is inside a GGUF file, a Hugging Face folder or a step of a training, without loading a runtime.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { TensorEntry, TensorStatistics, WeightsDetail } from '../../core/api/weights.ts';
import { formatCount, formatDiskSize, formatInteger } from '../../core/lib/format/numbers.ts';
import { isGguf } from '../../core/services/conversion/sources/open-source.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { inspectModel } from '../../core/services/models/list-models.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';

interface InspectOptions {
  readonly tensors?: true;
  readonly norms?: true;
}

export function registerModelInspect(model: Command, context: CommandContext): void {
  model
    .command('inspect')
    .description('what is inside a GGUF file, a Hugging Face folder or a step of Nanotron')
    .argument('<path>')
    .option('--tensors', 'list every tensor')
    .option('--norms', 'read every value: norm, mean, least and largest, and what is no number')
    .action(
      context.action(async (given: string, options: InspectOptions) => {
        const path = resolve(given);
        const statistics = options.norms ? await readStatistics(path, context) : null;
        const isFile = isGguf(path);
        const detail = isFile ? await inspectModel(path, path) : await inspectFolder(path, context);
        const tensors = detail.tensors.map((tensor) =>
          isFile ? { ...tensor, shape: [...tensor.shape].reverse() } : tensor,
        );
        context.print(statistics === null ? detail : { ...detail, statistics }, () =>
          [
            ...('layout' in detail ? folderHead(detail) : fileHead(detail)),
            '',
            table(
              ['Key', 'Value'],
              detail.metadata.map(({ key, value }) => [key, oneLine(value)]),
            ),
            ...(statistics !== null
              ? ['', statisticsTable(tensors, statistics)]
              : options.tensors
                ? ['', tensorTable(tensors)]
                : []),
          ].join('\n'),
        );
        return 0;
      }),
    );
}

function inWeightsChild(context: CommandContext) {
  return { spawn: () => spawnChild(context.appFolder, 'native-weights'), signal: context.signal };
}

async function inspectFolder(path: string, context: CommandContext): Promise<WeightsDetail> {
  return (await askWeights({ kind: 'inspect', path }, inWeightsChild(context))).result;
}

async function readStatistics(path: string, context: CommandContext): Promise<readonly TensorStatistics[]> {
  const found: TensorStatistics[] = [];
  const { result } = await askWeights(
    { kind: 'statistics', path },
    { ...inWeightsChild(context), onTensors: (tensors) => void found.push(...tensors) },
  );
  for (const name of result.unread) context.note(`The values of ${name} are of a type that is not read`);
  return found;
}

function fileHead(detail: Awaited<ReturnType<typeof inspectModel>>): readonly string[] {
  return [
    detail.name,
    `${detail.architecture} · ${formatCount(detail.parameters ?? 0)} parameters · ${detail.quantization} · ${formatDiskSize(detail.sizeBytes)}`,
    `Context ${formatInteger(detail.contextLength ?? 0)} tokens · ${detail.hasChatTemplate ? 'chat template' : 'no chat template'} · ${detail.tensors.length} tensors`,
  ];
}

const layouts: Readonly<Record<WeightsDetail['layout'], string>> = {
  gguf: 'GGUF',
  huggingface: 'Hugging Face folder',
  nanotron: 'step of Nanotron',
};

function folderHead(detail: WeightsDetail): readonly string[] {
  const { tokenizer, tokenizerProblem } = detail;
  const words = tokenizer
    ? `${tokenizer.kind} of ${formatInteger(tokenizer.vocabularySize)} tokens, ${tokenizer.special.length} of them added`
    : (tokenizerProblem ?? 'none');
  return [
    detail.path,
    `${layouts[detail.layout]} · ${detail.architecture ?? 'no known architecture'} · ${formatCount(detail.parameters)} parameters · ${formatDiskSize(detail.sizeBytes)}`,
    `Tokenizer: ${words} · ${detail.template === null ? 'no chat template' : 'chat template'} · ${detail.tensors.length} tensors`,
  ];
}

function tensorTable(tensors: readonly Pick<TensorEntry, 'name' | 'shape' | 'type'>[]): string {
  return table(
    ['Tensor', 'Shape', 'Type'],
    tensors.map((t) => [t.name, t.shape.join(' × '), t.type]),
  );
}

function statisticsTable(
  tensors: readonly Pick<TensorEntry, 'name' | 'shape' | 'type'>[],
  statistics: readonly TensorStatistics[],
): string {
  const known = new Map(statistics.map((one) => [one.name, one]));
  const short = (value: number | null) => (value === null ? '–' : value.toPrecision(4));
  return table(
    ['Tensor', 'Shape', 'Type', 'Norm', 'Mean', 'Deviation', 'Least', 'Largest', 'NaN or infinite'],
    tensors.map(({ name, shape, type }) => {
      const one = known.get(name);
      const numbers = one ? [one.norm, one.mean, one.deviation, one.least, one.largest].map(short) : [];
      const broken = one ? String(one.nan + one.infinite) : '–';
      return [name, shape.join(' × '), type, ...(one ? numbers : ['–', '–', '–', '–', '–']), broken];
    }),
  );
}

/** Templates have many lines; a table cell has one. */
function oneLine(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ');
  return flat.length > 80 ? `${flat.slice(0, 80)}…` : flat;
}
