// Numbers of a run from its points and config: the paper's config and published log lines as the measure.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunFacts } from '../../../../../core/api/run-facts.ts';
import { numberCells } from '../../../../../core/lib/derived/number-cells.ts';
import { NO_FACTS, readFacts } from '../../../../../core/lib/derived/read-facts.ts';
import { bitsPerByte, computeRunNumbers, stageAt } from '../../../../../core/lib/derived/run-numbers.ts';
import { createTrainingLog } from '../../../../../core/lib/logs/training-log.ts';

const repository = join(import.meta.dirname, '../../../../..');
const paper = readFileSync(
  join(repository, 'resources/sample-workspace/configs/zagreus-0.4B-ita.yaml'),
  'utf8',
);
const a100 = { name: 'A100 64 GB', peakFlops: 312e12, source: 'the resources of the job' };

function pointsOf(text: string, newestPointMs = 1_000_000) {
  const log = createTrainingLog('log.txt');
  log.push(new TextEncoder().encode(text));
  log.end();
  return {
    column: (tag: string) => log.series.get(tag)?.view(),
    trainSteps: log.totalSteps,
    newestPointMs,
  };
}

function line(step: number, fields: Readonly<Record<string, string>>, total = 2_000_000): string {
  const pairs = Object.entries(fields).map(([key, value]) => ` | ${key}: ${value}`);
  return `12/21 01:39:51 [INFO|DP=0|PP=0|TP=0|lrdn0007]: iteration: ${step} / ${total}${pairs.join('')}\n`;
}

const facts: RunFacts = { ...readFacts(paper), gpu: a100 };

describe('facts of a config', () => {
  it('of the paper: batch, cost of a token, schedule, checkpoints', () => {
    expect(facts).toMatchObject({
      tool: 'nanotron',
      parameters: 437_760_960,
      sequencesPerStep: 256,
      tokensPerStep: 1_048_576,
      gpus: 64,
      trainSteps: 2_000_000,
      checkpointInterval: 5000,
      schedule: { kind: 'nanotron', peak: 0.003, decayStart: 750_000, decaySteps: 50_000 },
      stages: [{ name: 'stable phase', startStep: 1 }],
      checkpointSizeBytes: 14 * 437_760_960,
    });
    expect(facts.flopsPerToken?.nanotron).toBeCloseTo(4.136141e9, -4);
  });

  it('of a trainer: schedule with its defaults, tokens only as a ceiling', () => {
    const trainer = readFacts(
      'model_name_or_path: x/SmolLM2-135M\nlearning_rate: 1.0e-4\nmax_length: 512\npacking: false\nwarmup_ratio: 0.1\nassistant_only_loss: true\nlr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: {min_lr_rate: 0.1}\n',
      { gpus: 4 },
    );
    expect(trainer).toMatchObject({
      tool: 'trl-sft',
      sequencesPerStep: 32,
      tokensPerStep: 16_384,
      tokensPerStepIsCeiling: true,
      schedule: { name: 'cosine_with_min_lr', warmup: 0.1, trainSteps: null, options: { min_lr_rate: 0.1 } },
    });
  });

  it.each([
    ['', 'no kind the studio knows'],
    ['\u0000\u0001 : [', 'no kind the studio knows'],
    ['targets: []\nmodels: []\n', 'no kind the studio knows'],
  ])('says why there are none in %j', (text, reason) => {
    expect(readFacts(text).reasons['tool']).toContain(reason);
  });

  it('does not guess what a plateau or a variant of Axolotl does', () => {
    const axolotl =
      'base_model: x\nsequence_len: 4096\nmicro_batch_size: 1\nlearning_rate: 1.0e-3\nlr_scheduler: cosine\ncosine_min_lr_ratio: 0.3\n';
    expect(readFacts(axolotl)).toMatchObject({ tool: 'axolotl-sft', schedule: null });
    expect(readFacts(axolotl).reasons['schedule']).toContain('cosine_min_lr_ratio');
  });
});

describe('numbers of a run', () => {
  const steps = Array.from({ length: 40 }, (_, index) =>
    line(205_001 + index, {
      consumed_tokens: '215B',
      // One step writes a checkpoint: it is a pause, not the speed.
      time_per_iteration_ms: index === 20 ? '95K' : index % 2 === 0 ? '1.1K' : '1.12K',
      tokens_per_sec: index === 20 ? '11K' : '945K',
      tokens_per_sec_per_gpu: index === 20 ? '172' : '14.8K',
      grad_norm: '0.4',
      lm_loss: '2.04',
      lr: '0.003',
    }),
  ).join('');
  const numbers = computeRunNumbers(pointsOf(steps), facts, true);

  it('takes speed and time left from medians, so that a pause does not count', () => {
    expect(numbers.speed).toMatchObject({ tokensPerSecond: 945_000, tokensPerSecondPerGpu: 14_800 });
    const left = 2_000_000 - 205_040;
    expect(numbers.timeLeft?.seconds).toBeCloseTo(left * 1.12, 3);
    expect(numbers.timeLeft?.fromSeconds).toBeCloseTo(left * 1.1, 3);
    expect(numbers.timeLeft?.toSeconds).toBeCloseTo(left * 1.12, 3);
    expect(numbers.timeLeft?.finishMs).toBeCloseTo(1_000_000 + left * 1120, 0);
  });

  it('names the convention of its MFU, and the others', () => {
    // 14,800 × 4.136141e9 / 312e12
    expect(numbers.mfu?.value).toBeCloseTo(0.1962, 4);
    expect(numbers.mfu?.convention).toContain('attention counted full');
    expect(numbers.mfu?.others.map(({ value }) => Number(value.toFixed(4)))).toEqual([0.1604, 0.1246]);
  });

  it('counts tokens exactly where log and config agree', () => {
    expect(numbers.tokens).toEqual({
      value: 205_040 * 1_048_576,
      total: 2_000_000 * 1_048_576,
      source: 'step × tokens per step',
    });
  });

  it('believes the log where they do not: the batch was another one before', () => {
    const other = pointsOf(line(211_364, { consumed_tokens: '480B', lm_loss: '2.04', lr: '0.003' }));
    expect(computeRunNumbers(other, facts, true).tokens).toMatchObject({ value: 480e9, total: null });
  });

  it('compares the logged rate with the schedule', () => {
    expect(numbers.learningRate).toEqual({ logged: 0.003, expected: 0.003, step: 205_040 });
    const zero = computeRunNumbers(pointsOf(line(205_001, { lm_loss: '2.04', lr: '0' })), facts, true);
    const cell = numberCells(zero, String).find(({ id }) => id === 'rate');
    expect(cell).toMatchObject({ value: '0', detail: 'expected 0.003', tone: 'warn' });
  });

  it('gives bits per byte only where the tokenizer is known', () => {
    expect(numbers.bitsPerByte).toBeNull();
    const known = { ...facts, bytesPerToken: { value: 4.2, source: 'given by a person' } };
    // 2.04 nats / ln 2 / 4.2, by hand
    expect(computeRunNumbers(pointsOf(steps), known, true).bitsPerByte?.value).toBeCloseTo(0.70073, 4);
    expect(bitsPerByte(Math.LN2, 1)).toBe(1);
  });

  it('has no time left when it is over, nor before a step was timed', () => {
    expect(computeRunNumbers(pointsOf(steps), facts, false).timeLeft).toBeNull();
    const untimed = computeRunNumbers(pointsOf('{"step": 1, "loss": 2}\n'), NO_FACTS, true);
    expect(untimed).toMatchObject({ timeLeft: null, speed: null, mfu: null, tokens: null });
    expect(untimed.reasons['timeLeft']).toBe('the number of steps is not known');
  });

  it('says a loss that is no number, and survives points without any of the known tags', () => {
    const bad = computeRunNumbers(pointsOf(line(5, { lm_loss: 'nan', lr: '3.75e-06' })), facts, true);
    expect(bad.loss?.value).toBeNaN();
    expect(numberCells(bad, String)[0]).toMatchObject({ value: 'not a number', tone: 'bad' });
    const none = computeRunNumbers(pointsOf(''), facts, true);
    expect(none).toMatchObject({ step: null, loss: null, learningRate: null });
    expect(numberCells(none, String).every(({ note }) => note !== '')).toBe(true);
  });

  it('takes what the trainer counts where the config does not say the shape', () => {
    const sample =
      '12/21 01:39:51 [INFO|DP=0|TP=0|lrdn0007]: iteration: 211364 / 1500000 | consumed_tokens: 480B | time_per_iteration_ms: 8.79K | tokens_per_sec: 182K | tokens_per_sec_per_gpu: 699 | global_batch_size: 1.6M | grad_norm: 0.112 | lm_loss: 2.04 | lr: 0.0001 | model_tflops_per_gpu: 15.4 | eta: 131 days, 1:45:39\n';
    const published = computeRunNumbers(pointsOf(sample), { ...NO_FACTS, gpu: a100 }, true);
    expect(published.mfu?.value).toBeCloseTo(15.4 / 312, 6);
    // As its own eta says: 131.1 days.
    expect((published.timeLeft?.seconds ?? 0) / 86_400).toBeCloseTo(131.1, 1);
  });
});

describe('data stages', () => {
  const stages = [
    { name: 'stable', startStep: 1 },
    { name: 'decay', startStep: 750_001 },
  ];

  it.each([
    [0, 'stable', 0],
    [1, 'stable', 0],
    [750_000, 'stable', 0],
    [750_001, 'decay', 1],
  ])('step %i is of %s', (step, name, index) => {
    expect(stageAt({ stages }, step)).toEqual({ ...stages[index], name, index, count: 2 });
  });
});
