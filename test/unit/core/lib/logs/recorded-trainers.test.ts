// Logs and metrics of real trainings (test/fixtures/trainer-logs): both forms of one run say the same, as far as the log has digits.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Quantity, tagOf } from '../../../../../core/lib/derived/known-tags.ts';
import type { TrainingLog } from '../../../../../core/lib/logs/log-contents.ts';
import { createTrainingLog } from '../../../../../core/lib/logs/training-log.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/trainer-logs');

function read(name: string): TrainingLog {
  const log = createTrainingLog(name);
  log.push(readFileSync(join(folder, name)));
  log.end();
  return log;
}
const columnOf = (log: TrainingLog, tag: string) => {
  const { steps, values } = log.series.get(tag)?.view() ?? { steps: [], values: [] };
  return { steps: [...steps], values: [...values] };
};

describe('Megatron-LM', () => {
  const log = read('megatron.log');
  const metrics = read('megatron.metrics.jsonl');

  it('prints what it logs', () => {
    expect(log).toMatchObject({ totalSteps: 12, newestStep: 12, skippedLines: 0 });
    const exact = columnOf(metrics, 'lm loss');
    expect(exact.steps).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    // It prints the mean since it printed last, and counts its first iteration twice.
    const [first = 0, second = 0] = exact.values;
    const expected = exact.values.with(1, (first + second) / 2);
    for (const [index, value] of columnOf(log, 'lm loss').values.entries())
      expect(value).toBeCloseTo(expected[index] ?? Number.NaN, 5);
    for (const [tag, digits] of [
      ['grad-norm', 3],
      ['learning-rate', 8],
      ['samples vs steps', 8],
    ] as const) {
      const { steps, values } = columnOf(metrics, tag);
      const printed = columnOf(log, tag);
      expect(printed.steps, tag).toEqual(steps);
      for (const [index, value] of values.entries())
        expect(printed.values[index], tag).toBeCloseTo(value, digits);
    }
  });

  it('measures its validation set, and its test set as another curve', () => {
    const exact = columnOf(metrics, 'lm loss validation');
    const printed = columnOf(log, 'lm loss validation');
    expect(printed.steps).toEqual([6, 12]);
    expect(printed.steps).toEqual(exact.steps);
    for (const [index, value] of exact.values.entries()) expect(printed.values[index]).toBeCloseTo(value, 5);
    expect(columnOf(log, 'lm loss test')).toEqual({ steps: [12], values: [4.539235] });
    expect(columnOf(log, 'lm loss validation ppl').steps).toEqual([6, 12]);
  });

  it('says when it saves', () => {
    expect(log.events.map(({ kind, step }) => [kind, step])).toEqual([
      ['checkpoint', 5],
      ['checkpoint', 10],
      ['checkpoint', 12],
    ]);
  });
});

describe.each([
  // Transformers 5 prints four digits of everything, Transformers 4 four decimals of the loss alone.
  ['Axolotl', 'axolotl', { loss: 'toPrecision', grad_norm: 'toPrecision', learning_rate: 'toPrecision' }],
  ['LLaMA-Factory', 'llama-factory', { loss: 'toFixed', grad_norm: null, learning_rate: null }],
] as const)('%s', (_, name, digits) => {
  it('prints what it logs, as far as it prints digits', () => {
    const log = read(`${name}.log`);
    const metrics = read(`${name}.metrics.jsonl`);
    for (const tag of ['loss', 'grad_norm', 'learning_rate'] as const) {
      const printed = columnOf(log, tag);
      const exact = columnOf(metrics, `train/${tag}`);
      expect(printed.steps, tag).toEqual([1, 2, 3, 4, 5, 6]);
      expect(exact.steps, tag).toEqual(printed.steps);
      const how = digits[tag];
      expect(printed.values, tag).toEqual(
        exact.values.map((value) => (how === null ? value : Number(value[how](4)))),
      );
    }
    expect(log.skippedLines + metrics.skippedLines).toBe(0);
  });
});

describe('nanochat', () => {
  it('prints each step, and logs each hundredth', () => {
    const log = read('nanochat.log');
    const metrics = read('nanochat.metrics.jsonl');
    const printed = columnOf(log, 'train/loss');
    const exact = columnOf(metrics, 'train/loss');
    expect(printed.steps).toEqual(Array.from({ length: 210 }, (_, index) => index));
    expect(exact.steps).toEqual([0, 100, 200]);
    for (const [index, step] of exact.steps.entries())
      expect(printed.values[step]).toBe(Number((exact.values[index] ?? 0).toFixed(6)));
    const bits = columnOf(metrics, 'val/bpb');
    expect(columnOf(log, 'val/bpb')).toEqual({
      steps: bits.steps,
      values: bits.values.map((value) => Number(value.toFixed(6))),
    });
    // Said on the other stream: where between the steps is chance.
    expect(
      log.events.flatMap((event) => (event.kind === 'checkpoint' ? [event.path.slice(-15)] : [])),
    ).toEqual(['model_000100.pt', 'model_000200.pt', 'model_000210.pt']);
    expect(log).toMatchObject({ totalSteps: 210, skippedLines: 0 });
  });
});

it.each([
  [
    'megatron',
    {
      loss: 'lm loss',
      gradNorm: 'grad-norm',
      rate: 'learning-rate',
      secondsPerStep: 'elapsed time per iteration (ms)',
    },
  ],
  ['nanochat', { loss: 'train/loss', tokensPerSecond: 'train/tok_per_sec' }],
  ['axolotl', { loss: 'loss', gradNorm: 'grad_norm', rate: 'learning_rate' }],
] as const)('the quantities that are watched in a log of %s are known by its names', (name, known) => {
  const { series } = read(`${name}.log`);
  for (const [quantity, tag] of Object.entries(known))
    expect(
      tagOf(quantity as Quantity, (one) => series.has(one)),
      quantity,
    ).toBe(tag);
});

it('what Megatron-LM calls throughput is no tokens', () => {
  const has = (names: readonly string[]) => (tag: string) => names.includes(tag);
  expect(tagOf('tokensPerSecond', has(['throughput', 'loss']))).toBe('throughput');
  expect(tagOf('tokensPerSecond', has(['throughput', 'lm loss']))).toBeNull();
  expect(tagOf('teraflopsPerGpu', has(['throughput', 'lm loss']))).toBe('throughput');
});
