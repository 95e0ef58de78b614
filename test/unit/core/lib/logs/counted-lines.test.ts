// Logs of Megatron-LM and nanochat as their sources print them: points by step, under the names that wandb gets from the same tools.
import { describe, expect, it } from 'vitest';
import { readCountedLine } from '../../../../../core/lib/logs/counted-lines.ts';
import { createTrainingLog } from '../../../../../core/lib/logs/training-log.ts';
import type { TrainingLog } from '../../../../../core/lib/logs/log-contents.ts';
import { bytes } from './lines.ts';

function read(text: string): TrainingLog {
  const log = createTrainingLog('log.txt');
  log.push(bytes(text));
  log.end();
  return log;
}
const points = (log: TrainingLog, tag: string) => {
  const { steps, values } = log.series.get(tag)?.view() ?? { steps: [], values: [] };
  return [[...steps], [...values]];
};

const megatron = (iteration: number, loss: string) =>
  `[default7]: [2026-08-22 10:00:0${iteration}.123456] iteration ${String(iteration).padStart(8)}/    1000 | consumed samples: ${String(256 * iteration).padStart(12)} | elapsed time per iteration (ms): 512.3 | throughput per GPU (TFLOP/s/GPU): 123.4 | learning rate: 3.000000E-04 | global batch size:   256 | lm loss: ${loss} | loss scale: 1.0 | grad norm: 1.234 | number of skipped iterations:   0 | number of nan iterations:   0 |`;

describe('logs that count their steps in each line', () => {
  it('reads Megatron-LM, newer and older, behind the prefix of torchrun', () => {
    const older = megatron(3, '9.500000E+00').replace('[default7]: ', '').replace('.123456', '');
    const log = read(
      `${megatron(1, '1.084562E+01')}\n(min, max) time across ranks (ms):\n${megatron(2, '1.01E+01')}\n${older}\n`,
    );
    expect(points(log, 'lm loss')).toEqual([
      [1, 2, 3],
      [10.84562, 10.1, 9.5],
    ]);
    expect(points(log, 'learning-rate')[1]).toEqual([3e-4, 3e-4, 3e-4]);
    expect(points(log, 'grad-norm')[1]).toEqual([1.234, 1.234, 1.234]);
    expect(points(log, 'samples vs steps')[1]).toEqual([256, 512, 768]);
    expect(log).toMatchObject({ totalSteps: 1000, newestStep: 3, skippedLines: 0 });
    expect(readCountedLine(megatron(1, '1'))?.timeMs).toBe(new Date('2026-08-22T10:00:01').getTime());
  });

  it('reads nanochat: training steps, measurements, and what reinforcement learning prints', () => {
    const log = read(
      [
        'Step 00000 | Validation bpb: 3.301234',
        'step 00000/00100 (0.00%) | loss: 10.397208 | lrm: 0.03 | dt: 1234.50ms | tok/sec: 424,688 | bf16_mfu: 41.25 | epoch: 1 pq: 0 rg: 3 | total time: 0.00m',
        'step 00001/00100 (1.00%) | loss: 10.1 | lrm: 0.05 | dt: 234.50ms | tok/sec: 2,235,769 | bf16_mfu: 51.00 | epoch: 1 pq: 0 rg: 3 | total time: 0.00m | eta: 3.2m',
        'step 00002 (2.00%) | loss: 1.5 | lrm: 1.00 | dt: 200.00ms | tok/sec: 9 | mfu: 40.00 | epoch: 1 | total time: 0.01m',
        'Step 3/467 | Example step 0 | Pass 0 | loss: 0.123456 | Average reward: 0.9',
        'Step 3/467 | Average reward: 0.25 | Average sequence length: 187.50',
        'Step 60 | Pass@1: 0.1000, Pass@2: 0.1500',
        '',
      ].join('\n'),
    );
    expect(points(log, 'train/loss')).toEqual([
      [0, 1, 2],
      [10.397208, 10.1, 1.5],
    ]);
    expect(points(log, 'train/tok_per_sec')[1]).toEqual([424_688, 2_235_769, 9]);
    expect(points(log, 'train/dt')[1]).toEqual([1.2345, 0.2345, 0.2]);
    expect(points(log, 'train/mfu')[1]).toEqual([41.25, 51, 40]);
    expect(points(log, 'val/bpb')).toEqual([[0], [3.301234]]);
    expect(points(log, 'reward')).toEqual([[3], [0.25]]);
    expect(points(log, 'pass@2')).toEqual([[60], [0.15]]);
    expect(log.series.has('epoch')).toBe(false);
    expect(log.totalSteps).toBe(467);
  });

  it('leaves a field whose digits may be missing, and lines that only look alike', () => {
    const cut = megatron(2, '1.0').slice(0, megatron(2, '1.0').indexOf('lm loss') + 10);
    expect(readCountedLine(cut, false)?.names).toEqual([
      'samples vs steps',
      'elapsed time per iteration (ms)',
      'throughput',
      'learning-rate',
      'batch-size',
    ]);
    expect(readCountedLine('step 00001/00100 (1.00%) | loss: 10.1 | lrm: 0.0', false)?.names).toEqual([
      'train/loss',
    ]);
    for (const line of [
      'Step 3 | unknown: 4',
      'steps | a: 1',
      '| step | loss |',
      'iteration 1/2 | loss: 3',
      '',
    ])
      expect(readCountedLine(line), line).toBeNull();
  });
});
