// Whole logs: any cut into chunks gives the same series; HF rows get their steps; restarts replace; junk is counted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_LENGTH } from '../../../../../core/lib/logs/line-splitter.ts';
import { createTrainingLog } from '../../../../../core/lib/logs/training-log.ts';
import type { TrainingLog } from '../../../../../core/lib/logs/log-contents.ts';
import { bytes, newSample, nextSample, oldSample, withAnsi } from './lines.ts';

function seriesOf(log: TrainingLog): Record<string, [number[], number[]]> {
  return Object.fromEntries(
    [...log.series].map(([tag, column]) => {
      const { steps, values } = column.view();
      return [tag, [[...steps], [...values]]];
    }),
  );
}

function readWhole(text: string, path = 'x.log'): TrainingLog {
  const log = createTrainingLog(path);
  log.push(bytes(text));
  log.end();
  return log;
}

const nanotronLog = [
  'srun: job 1 queued',
  newSample,
  withAnsi(nextSample),
  'iteration: 211366 / 1500000 | lm_loss: oops',
  '[default0]:12/21 01:40:20 [WARNING|DP=0]: Saving checkpoint at /ckpt/211366 – àèì',
  nextSample.replace('211365', '211367'),
  '',
].join('\n');

describe('Nanotron logs', () => {
  it('gives one series per key, events and the count of broken lines', () => {
    const log = readWhole(nanotronLog);
    expect(seriesOf(log).lm_loss).toEqual([
      [211_364, 211_365, 211_367],
      [2.04, 2.06, 2.06],
    ]);
    expect(log.series.has('eta')).toBe(false);
    expect(log).toMatchObject({ skippedLines: 1, totalSteps: 1_500_000, etaText: '130 days, 9:39:28' });
    expect(log.events).toMatchObject([{ kind: 'checkpoint', step: 211_365, line: 5 }]);
  });

  it('does not depend on how the bytes arrive', () => {
    const whole = seriesOf(readWhole(nanotronLog));
    const data = bytes(nanotronLog);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }), (sizes) => {
        const log = createTrainingLog();
        for (let start = 0, turn = 0; start < data.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          log.push(data.subarray(start, start + size));
          log.settle();
          start += size;
        }
        log.end();
        expect(seriesOf(log)).toEqual(whole);
        expect(log.skippedLines).toBe(1);
      }),
      { numRuns: 50 },
    );
  });

  it('replaces the steps that a restarted job does again, and says so', () => {
    const line = (step: number, loss: number) =>
      `12/21 01:39:51 [INFO]: iteration: ${step} / 9 | lm_loss: ${loss} | lr: 0.1\n`;
    const log = readWhole(line(1, 4) + line(2, 3) + line(3, 2.5) + line(2, 3.1) + line(3, 2.4));
    expect(seriesOf(log).lm_loss).toEqual([
      [1, 2, 3],
      [4, 3.1, 2.4],
    ]);
    expect(log.generation).toBeGreaterThan(0);
    expect(log.events[0]).toMatchObject({ kind: 'restart', toStep: 2, dropped: 2 });
  });

  it('reads both formats in one file', () => {
    expect([...readWhole(`${oldSample}\n`).series.keys()]).toContain('cuda_memory_allocated');
    expect(readWhole(oldSample).series.get('time_per_iteration_ms')?.length).toBe(1);
  });

  it('leaves out lines longer than the limit and counts them', () => {
    const log = readWhole(`${newSample}\n${'x'.repeat(MAX_LINE_LENGTH + 5)}\n${nextSample}\n`);
    expect(log.series.get('lm_loss')?.length).toBe(2);
    expect(log.skippedLines).toBe(1);
    const pieces = createTrainingLog();
    for (let index = 0; index < 8; index += 1) pieces.push(bytes('y'.repeat(100_000)));
    pieces.push(bytes(`\n${newSample}\n`));
    expect([pieces.skippedLines, pieces.series.get('lm_loss')?.length]).toEqual([1, 1]);
  });
});

describe('Hugging Face logs', () => {
  const barAt = (step: number) => `\r ${step}%|█▏  | ${step}/100 [00:31<18:30,  1.26s/it]`;

  it('takes the step from the bar that follows a row', () => {
    const log = readWhole(
      `Map: 100%|███| 5000/5000 [00:01<00:00, 4000 examples/s]\n${barAt(9)}${barAt(10)}\r      \r` +
        `{'loss': 2.073, 'grad_norm': 0.51, 'learning_rate': 1.98e-05, 'epoch': 0.1}\n${barAt(10)}${barAt(15)}\r   \r` +
        `{'loss': '1.9', 'grad_norm': 'nan', 'learning_rate': '1.9e-05', 'epoch': '0.2'}\n${barAt(20)}` +
        `\r  0%|          | 0/7 [00:00<?, ?it/s]\r100%|███| 7/7 [00:01<00:00]` +
        `{'eval_loss': 1.7, 'eval_runtime': 1.0, 'epoch': 0.2}\n${barAt(20)}`,
    );
    expect(seriesOf(log).loss).toEqual([
      [10, 20],
      [2.073, 1.9],
    ]);
    expect(seriesOf(log).eval_loss).toEqual([[20], [1.7]]);
    expect(seriesOf(log).grad_norm?.[1][1]).toBeNaN();
    expect(log.totalSteps).toBe(100);
  });

  it('shares out steps by epoch when buffered rows come together', () => {
    const rows = [1, 2, 3, 4].map((n) => `{'loss': ${5 - n}, 'epoch': ${n / 10}}\n`).join('');
    expect(seriesOf(readWhole(`${barAt(40)}\n${rows}${barAt(40)}`)).loss).toEqual([
      [10, 20, 30, 40],
      [4, 3, 2, 1],
    ]);
  });

  it('counts rows when there is no bar at all', () => {
    const log = readWhole(
      "{'loss': 3.0, 'epoch': 0.5}\n{'loss': 2.0, 'epoch': 1.0}\n{'train_runtime': 5.1, 'train_loss': 2.5}\n",
    );
    expect(seriesOf(log).loss).toEqual([
      [1, 2],
      [3, 2],
    ]);
    expect(seriesOf(log).train_loss).toEqual([[2], [2.5]]);
  });

  it('counts rows it cannot read', () => {
    expect(readWhole("{'loss': tensor(2.0), 'epoch': 0.5}\n").skippedLines).toBe(1);
    expect(readWhole("config = {'epochs': 3}\nprint {'a': 1}\n").skippedLines).toBe(0);
  });
});

describe('metrics files', () => {
  it('reads steps, times, nulls and nested values, and counts broken lines', () => {
    const log = readWhole(
      [
        '{"kind": "start", "time": 1700000000, "total_steps": 30}',
        '{"step": 1, "time": 1700000001.5, "loss": 3.5, "note": "text", "gpu": {"memory": 5}}',
        '{"step": 2, "time": 1700000002.5, "loss": null, "deep": {"a": {"b": {"c": 1}}}}',
        '{"step": 3, "loss": NaN, "norm": -Infinity, "text": "NaN"}',
        '{"step": 4, "loss": 2.',
        'not json',
        '',
        '{"step": 5, "loss": 2.5}',
      ].join('\n'),
      'metrics.jsonl',
    );
    const { loss, norm } = seriesOf(log);
    expect(loss).toEqual([
      [1, 2, 3, 5],
      [3.5, Number.NaN, Number.NaN, 2.5],
    ]);
    expect(norm).toEqual([[3], [Number.NEGATIVE_INFINITY]]);
    expect([...log.series.keys()].sort()).toEqual(['gpu/memory', 'loss', 'norm']);
    expect(log).toMatchObject({ skippedLines: 2, totalSteps: 30, newestPointMs: 1_700_000_002_500 });
  });

  it('reads other programs’ names for the step', () => {
    const log = readWhole(
      '{"current_steps": 10, "total_steps": 40, "loss": 1.5, "remaining_time": "0:01"}\n',
    );
    expect([seriesOf(log).loss, log.totalSteps]).toEqual([[[10], [1.5]], 40]);
  });

  it('counts rows without any step', () => {
    expect(seriesOf(readWhole('{"loss": 1}\n{"loss": 2}\n')).loss?.[0]).toEqual([1, 2]);
  });
});

it('survives arbitrary bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), (data) => {
      const log = createTrainingLog();
      log.push(data);
      log.end();
      expect(log.skippedLines).toBeGreaterThanOrEqual(0);
    }),
  );
});
