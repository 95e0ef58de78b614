// Array jobs: which tasks there are, how each stands, how the whole ended.
import { describe, expect, it } from 'vitest';
import { countTasks, endOfArray, taskNumbers, tasksOf } from '../../../../../core/lib/runs/array-tasks.ts';
import { type AttemptLine, remoteFile } from '../../../../../core/lib/runs/run-files.ts';

const remote = remoteFile.parse({
  jobId: '12',
  submittedMs: 500,
  state: 'RUNNING',
  reason: '',
  seenMs: 5000,
  goneMs: null,
  unknownSinceMs: null,
});
const line = (task: number, event: AttemptLine['event'], exitCode: number | null = null): AttemptLine => ({
  event,
  job: '12',
  task: String(task),
  restart: 0,
  node: 'n1',
  exitCode,
  atMs: 1000 + task,
  logBytes: 0,
  metricsBytes: null,
});

it.each([
  ['0-6:2,9%4', [0, 2, 4, 6, 9]],
  ['3', [3]],
  ['[4-6%2]', [4, 5, 6]],
  ['[1-3,...]', [1, 2, 3]],
  ['1,1,0', [0, 1]],
  ['', []],
])('%s are its tasks', (array, numbers) => expect(taskNumbers(array)).toEqual(numbers));

it('a range without end is cut', () => expect(taskNumbers('0-999999999')).toHaveLength(10_000));

describe('tasks', () => {
  const attempts = [
    line(0, 'started'),
    line(0, 'ended', 0),
    line(1, 'started'),
    line(1, 'ended', 3),
    line(2, 'started'),
    line(3, 'started'),
  ];
  const seen = {
    ...remote,
    tasks: {
      1: { state: 'FAILED', reason: 'NonZeroExitCode' },
      2: { state: 'OUT_OF_MEMORY', reason: '' },
      3: { state: 'RUNNING', reason: '' },
      4: { state: 'PENDING', reason: 'JobArrayTaskLimit' },
    },
  };

  it('stand as the scheduler and their own notes say', () => {
    const tasks = tasksOf({ array: '0-5', remote: seen, attempts, stop: null, isOver: false });
    expect(tasks.map(({ state, detail }) => [state, detail])).toEqual([
      ['done', null],
      ['failed', 'Exit code 3'],
      ['failed', 'It used more memory than it had asked for'],
      ['running', null],
      ['queued', 'JobArrayTaskLimit'],
      ['lost', null],
    ]);
    expect(countTasks(tasks)).toEqual({
      total: 6,
      queued: 1,
      running: 1,
      done: 1,
      failed: 2,
      stopped: 0,
      lost: 1,
    });
    expect(tasks[1]).toMatchObject({ node: 'n1', startedMs: 1001, endedMs: 1001, exitCode: 3, attempts: 1 });
  });

  it('end as their worst', () => {
    const tasks = tasksOf({ array: '0-3', remote: seen, attempts, stop: null, isOver: true });
    expect(endOfArray(tasks, 9)).toMatchObject({
      exitCode: 3,
      error: '3 of 4 tasks did not end well: 1, 2, 3 (Exit code 3)',
    });
    const good = tasksOf({ array: '0', remote: seen, attempts, stop: null, isOver: true });
    expect(endOfArray(good, 9)).toEqual({ exitCode: 0, signal: null, endedMs: 9 });
  });

  it('that are cancelled on request are stopped, not failed', () => {
    const cancelled = { ...remote, tasks: { 0: { state: 'CANCELLED', reason: '' } } };
    const stop = { requestedMs: 1, graceMs: 0 };
    const [task] = tasksOf({ array: '0', remote: cancelled, attempts: [], stop, isOver: true });
    expect(task?.state).toBe('stopped');
  });
});
