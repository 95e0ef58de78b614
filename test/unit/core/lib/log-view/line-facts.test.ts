// Times, levels and ranks as the programs of the pipeline print them.
import { describe, expect, it } from 'vitest';
import { lineLevel, lineRank, lineTimeMs } from '../../../../../core/lib/log-view/line-facts.ts';

const NOW = Date.UTC(2026, 3, 2);

describe('lineTimeMs', () => {
  it.each([
    ['12/21 01:39:51 [INFO|DP=0|TP=0|lrdn0007]: iteration: 1', Date.UTC(2025, 11, 21, 1, 39, 51)],
    ['2026-04-01 12:00:05,250 - INFO - x', Date.UTC(2026, 3, 1, 12, 0, 5, 250)],
    ['[2026-04-01 12:00:05] x', Date.UTC(2026, 3, 1, 12, 0, 5)],
    ['[default3]:2026-04-01T12:00:05.5Z x', null],
    ['2026-04-01T12:00:05+02:00 x', Date.UTC(2026, 3, 1, 10, 0, 5)],
    ['2026-04-01T12:00:05+0200 x', Date.UTC(2026, 3, 1, 10, 0, 5)],
    ['[rank0]: W0401 12:00:05.250000 139 torch/x.py:1] y', Date.UTC(2026, 3, 1, 12, 0, 5, 250)],
    ['loss 2.3 at step 12', null],
    ['2026-99-99 99:99:99 x', null],
  ])('%s', (line, expected) => {
    expect(lineTimeMs(line, NOW)).toBe(expected);
  });
});

describe('lineLevel', () => {
  it.each([
    ['12/21 01:39:51 [WARNING|DP=0]: slow', 'warning'],
    ['2026-04-01 12:00:05,250 - ERROR - x', 'error'],
    ['E0401 12:00:05.250000 139 x.py:1] y', 'error'],
    ['/x/y.py:12: FutureWarning: old', 'warning'],
    ['torch.OutOfMemoryError: CUDA out of memory', 'error'],
    ['Traceback (most recent call last):', 'error'],
    ['[INFO] 0 errors: fine', 'info'],
    ['NCCL INFO Bootstrap', 'info'],
    ['the error is small', null],
    ['DEBUG:root:x', 'debug'],
  ])('%s', (line, level) => {
    expect(lineLevel(line)).toBe(level);
  });
});

describe('lineRank', () => {
  it.each([
    ['[rank7]: x', 'rank 7'],
    ['[default2]:x', 'rank 2'],
    ['[rank5]:[E301 x] [Rank 5] Watchdog', 'rank 5'],
    ['12/21 01:39:51 [INFO|DP=1|TP=0|node]: x', 'DP 1 TP 0'],
    ['3: x', 'task 3'],
    ['x', null],
  ])('%s', (line, rank) => {
    expect(lineRank(line)).toBe(rank);
  });
});
