// `nesso model verify` and `diff`: whether a converted model is its source, and how far two checkpoints are apart.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { ParityReport, WeightDifference } from '../../core/api/conversion.ts';
import { createChatEngine, type ChatEngine } from '../../core/services/model-runtime/engine.ts';
import { keepReport } from '../../core/services/models/parity-file.ts';
import { verifyModel } from '../../core/services/conversion/verification/verify-model.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { createSettingsFile } from '../../core/services/system/settings.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';

/** Tensors shown of a difference, the ones that moved most. */
const ROWS_SHOWN = 20;

export function registerModelCompare(model: Command, context: CommandContext): void {
  const weights = {
    spawn: () => spawnChild(context.appFolder, 'native-weights'),
    signal: context.signal,
  };

  model
    .command('verify')
    .description('whether a converted model has the tokens, the template and the opinions of its source')
    .argument('<source>', 'folder of weights it was converted from')
    .argument('<model>', 'the GGUF file')
    .option('--tokenizer <folder>', 'folder of a tokenizer.json, where the weights have none')
    .action(
      context.action(async (source: string, file: string, options: { readonly tokenizer?: string }) => {
        const tokenizer = options.tokenizer === undefined ? null : resolve(options.tokenizer);
        const request = { source: resolve(source), model: resolve(file), tokenizer };
        const report = await withEngine(context, (engine) => verifyModel(request, { ...weights, engine }));
        await keepReport(request.model, { report, source });
        context.print(report, () => parityText(report));
        return report.verdict === 'different' ? 1 : 0;
      }),
    );

  model
    .command('diff')
    .description(
      'how far each tensor moved between two models: GGUF files, folders or steps, in any combination',
    )
    .argument('<a>')
    .argument('<b>')
    .action(
      context.action(async (a: string, b: string) => {
        const { result } = await askWeights(
          { kind: 'diff', request: { a: resolve(a), b: resolve(b) } },
          weights,
        );
        context.print(result, () => differenceText(result));
        return 0;
      }),
    );
}

async function withEngine<T>(context: CommandContext, work: (engine: ChatEngine) => Promise<T>): Promise<T> {
  const settings = createSettingsFile(context.stateFolder);
  const engine = createChatEngine({ appFolder: context.appFolder, settings: () => settings.read() });
  try {
    return await work(engine);
  } finally {
    await engine.dispose();
  }
}

const verdicts: Readonly<Record<ParityReport['verdict'], string>> = {
  equal: 'The model is the same as its source',
  lossy: 'The model is its source with the loss of its quantization',
  different: 'The model is NOT the same as its source',
};

function parityText({ verdict, reasons, tokenizer, template, logits, quantization }: ParityReport): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return [
    verdicts[verdict],
    ...reasons.map((reason) => `  ${reason}`),
    '',
    table(
      ['Check', 'Result'],
      [
        ['Tokens', `${tokenizer.texts - tokenizer.differences.length} of ${tokenizer.texts} texts equal`],
        [
          'Chat template',
          template.kind === 'equal' ? `equal, ${template.conversations} conversations` : template.kind,
        ],
        ['Most likely token', `${percent(logits.top1)} of ${logits.positions} positions (${quantization})`],
        ['Largest gap', `${logits.largestGap.toFixed(4)} nats`],
        [
          'Divergence',
          `${logits.meanDivergence.toExponential(2)} nats, at most ${logits.largestDivergence.toExponential(2)}`,
        ],
      ],
    ),
    ...tokenizer.differences.map(
      ({ text, expected, got }) =>
        `${JSON.stringify(text.slice(0, 60))}: ${expected.join(' ')} became ${got.join(' ')}`,
    ),
  ].join('\n');
}

function differenceText({ tensors, total, onlyInA, onlyInB, otherShapes }: WeightDifference): string {
  const moved = [...tensors].sort((a, b) => b.difference / b.normA - a.difference / a.normA);
  const row = (name: string, one: WeightDifference['total']) => [
    name,
    one.normA.toPrecision(4),
    one.normB.toPrecision(4),
    (one.difference / one.normA).toPrecision(3),
    one.cosine === null ? '–' : one.cosine.toFixed(6),
  ];
  return [
    table(
      ['Tensor', 'Norm A', 'Norm B', 'Moved by', 'Cosine'],
      [row('all', total), ...moved.slice(0, ROWS_SHOWN).map((one) => row(one.name, one))],
    ),
    ...(moved.length > ROWS_SHOWN ? [`${moved.length - ROWS_SHOWN} more with --json`] : []),
    ...onlyInA.map((name) => `Only in A: ${name}`),
    ...onlyInB.map((name) => `Only in B: ${name}`),
    ...otherShapes.map((name) => `Of another shape: ${name}`),
  ].join('\n');
}
