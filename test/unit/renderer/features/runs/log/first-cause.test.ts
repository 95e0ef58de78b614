// Which error of many logs is the first: by what follows from what, then by time, then by the order of the logs.
import { describe, expect, it } from 'vitest';
import type { LogTrouble } from '../../../../../../core/api/logs.ts';
import { firstCause } from '../../../../../../renderer/features/runs/log/first-cause.ts';

const cause = (name: string, trouble: Partial<LogTrouble>) => ({
  name,
  trouble: {
    kind: 'traceback' as const,
    line: 7,
    lines: 3,
    title: '',
    rank: null,
    timeMs: null,
    isConsequence: false,
    ...trouble,
  },
});

describe('the first error of several logs', () => {
  it('is the earliest one that follows from no other', () => {
    const logs = [
      cause('log.txt', { kind: 'launcher', timeMs: 1 }),
      cause('rank-0.txt', { kind: 'nccl-timeout', timeMs: 2 }),
      cause('rank-1.txt', { kind: 'traceback', timeMs: 5, isConsequence: true }),
      cause('rank-2.txt', { kind: 'gpu-memory', timeMs: 9 }),
      cause('rank-3.txt', { kind: 'gpu-memory', timeMs: 8 }),
      cause('rank-4.txt', { kind: 'gpu-memory' }),
    ];
    expect(firstCause(logs)?.name).toBe('rank-3.txt');
    expect(firstCause(logs.slice(0, 3))?.name).toBe('rank-0.txt');
    expect(firstCause(logs.slice(0, 1))?.name).toBe('log.txt');
  });

  it('without times is that of the log that comes first, and none where nothing went wrong', () => {
    expect(firstCause([cause('log.txt', {}), cause('rank-0.txt', {})])?.name).toBe('log.txt');
    expect(firstCause([])).toBeNull();
  });
});
