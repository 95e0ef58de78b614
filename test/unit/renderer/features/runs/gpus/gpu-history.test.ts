// Readings of GPUs over time: kept by card, drawn with gaps where nothing was told.
import { describe, expect, it } from 'vitest';
import type { GpuState } from '../../../../../../core/api/gpus.ts';
import {
  historyKey,
  noHistory,
  sparkPath,
  topOf,
  withState,
} from '../../../../../../renderer/features/runs/gpus/gpu-history.ts';

const gpu = (index: number, utilizationPercent: number | null) => ({
  index,
  name: 'A100',
  uuid: `GPU-${index}`,
  utilizationPercent,
  memoryUsedMib: 100,
  memoryTotalMib: 400,
  powerWatts: 300,
  powerLimitWatts: null,
  temperatureCelsius: 60,
});
const state = (askedMs: number, nodes: GpuState['nodes'], problem: string | null = null): GpuState => ({
  askedMs,
  nextMs: null,
  problem,
  nodes,
  steps: [],
});

describe('the history of GPUs', () => {
  it('keeps each card by itself, and no reading twice or of a failed question', () => {
    const one = [{ node: 'n1', gpus: [gpu(0, 10), gpu(1, 20)], problem: null }];
    const two = [{ node: 'n1', gpus: [gpu(0, 30), gpu(1, null)], problem: null }];
    let history = withState(noHistory, state(1, one));
    history = withState(history, state(1, one));
    history = withState(history, state(2, one, 'no answer'));
    history = withState(history, state(3, two));
    const values = (index: number) =>
      history.readings.get(historyKey('n1', gpu(index, 0)))?.map((one) => one.utilizationPercent);
    expect([values(0), values(1)]).toEqual([
      [10, 30],
      [20, null],
    ]);
  });

  it('keeps the newest readings only', () => {
    let history = noHistory;
    for (let askedMs = 1; askedMs <= 300; askedMs += 1)
      history = withState(history, state(askedMs, [{ node: 'n', gpus: [gpu(0, askedMs)], problem: null }]));
    const kept = history.readings.get(historyKey('n', gpu(0, 0)));
    expect([kept?.length, kept?.at(-1)?.utilizationPercent]).toEqual([240, 300]);
  });

  it('ends its axes where the card does, or where the values do', () => {
    const readings = [gpu(0, 10), gpu(0, 98)];
    expect(
      ['utilization', 'memory', 'power', 'temperature'].map((id) => topOf(readings, id as 'memory')),
    ).toEqual([100, 400, 300, 100]);
  });

  it('draws a line with gaps, newest at the right', () => {
    const box = { width: 40, height: 10 };
    expect(sparkPath([0, 50, null, 100, 200], 100, box)).toBe('M0.0 10.0L10.0 5.0M30.0 0.0L40.0 0.0');
    expect(sparkPath([50], 100, box)).toBe('M40.0 5.0');
    expect(sparkPath([], 100, box)).toBe('');
  });
});
