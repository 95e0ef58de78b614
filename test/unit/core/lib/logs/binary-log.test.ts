// Event files of TensorBoard and run files of wandb, against the values that were written with their own libraries.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTrainingLog } from '../../../../../core/lib/logs/training-log.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/event-files');
const expected = z
  .record(z.string(), z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))))
  .parse(JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')));

const pointsOf = (log: ReturnType<typeof createTrainingLog>, tag: string) => {
  const { steps, values } = log.series.get(tag)?.view() ?? { steps: [], values: [] };
  return Array.from(steps, (step, index) => [step, values[index]]);
};

describe.each(Object.entries(expected))('%s', (name, series) => {
  const bytes = readFileSync(join(folder, name));

  it.each([1, 7, 1000, bytes.length])('gives the written values, read %i bytes at a time', (size) => {
    const log = createTrainingLog(name);
    for (let start = 0; start < bytes.length; start += size) log.push(bytes.subarray(start, start + size));
    log.end();
    expect(log.skippedLines).toBe(0);
    for (const [tag, points] of Object.entries(series)) {
      expect(pointsOf(log, tag).filter(([, value]) => !Number.isNaN(value))).toEqual(points);
    }
    expect([...log.series.keys()].filter((tag) => !(tag in series))).toEqual([]);
  });

  it('gives what came before a tear, and goes on behind it', () => {
    const log = createTrainingLog(name);
    const cut = Math.floor(bytes.length * 0.6);
    log.push(bytes.subarray(0, cut));
    log.settle();
    const [tag = '', points = []] = Object.entries(series)[0] ?? [];
    const before = pointsOf(log, tag);
    expect(before.length).toBeLessThan(points.length);
    expect(before).toEqual(points.slice(0, before.length));
    log.push(bytes.subarray(cut));
    expect(pointsOf(log, tag).filter(([, value]) => !Number.isNaN(value))).toEqual(points);
  });

  it('says that garbage is garbage, and never throws', () => {
    for (let seed = 1; seed < 40; seed += 1) {
      const log = createTrainingLog(name);
      const damaged = Uint8Array.from(bytes, (byte, index) =>
        (index * 2654435761 * seed) % 997 < 3 ? byte ^ 0xff : byte,
      );
      log.push(damaged);
      log.end();
    }
    const log = createTrainingLog(name);
    log.push(new TextEncoder().encode('not a file of this kind at all, but long enough to look like one'));
    log.end();
    expect(log.skippedLines).toBe(1);
  });
});

describe('trainer_state.json', () => {
  const text = JSON.stringify({
    max_steps: 100,
    log_history: [
      { epoch: 0.1, grad_norm: 1.5, learning_rate: 1e-5, loss: 2.25, step: 10 },
      { epoch: 0.2, eval_loss: 2.125, eval_runtime: 3, step: 20 },
    ],
  }).replace('2.25', 'NaN');

  it('gives every logged row and the planned steps', () => {
    const log = createTrainingLog('run/checkpoint-20/trainer_state.json');
    log.push(new TextEncoder().encode(text));
    log.end();
    expect(log.totalSteps).toBe(100);
    expect(pointsOf(log, 'eval_loss')).toEqual([[20, 2.125]]);
    expect(pointsOf(log, 'loss')).toEqual([[10, Number.NaN]]);
    expect(log.series.has('epoch')).toBe(false);
  });

  it('waits for the rest of a half-written one', () => {
    const log = createTrainingLog('trainer_state.json');
    const bytes = new TextEncoder().encode(text);
    log.push(bytes.subarray(0, 40));
    log.settle();
    expect(log.skippedLines).toBe(1);
    log.push(bytes.subarray(40));
    log.settle();
    expect(log.skippedLines).toBe(0);
    expect(log.newestStep).toBe(20);
  });
});
