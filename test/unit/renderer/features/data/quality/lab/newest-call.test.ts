// Requests that follow a moving handle: one at a time, the newest next, an urgent one at once.
import { describe, expect, test } from 'vitest';
import { createNewestCall } from '../../../../../../../renderer/features/data/quality/lab/newest-call.ts';

interface Pending {
  readonly input: number;
  readonly signal: AbortSignal;
  finish(): void;
  fail(): void;
}

function setUp() {
  const started: Pending[] = [];
  const results: number[] = [];
  const errors: unknown[] = [];
  const call = createNewestCall<number, number>({
    run: (input, signal) =>
      new Promise((resolve, reject) => {
        started.push({
          input,
          signal,
          finish: () => resolve(input * 10),
          fail: () => reject(new Error('no')),
        });
      }),
    onResult: (output) => results.push(output),
    onError: (error) => errors.push(error),
  });
  const turn = () => new Promise((resolve) => setTimeout(resolve, 0));
  return { call, started, results, errors, turn };
}

describe('newest call', () => {
  test('drops what was overtaken while one was on its way', async () => {
    const { call, started, results, turn } = setUp();
    for (const input of [1, 2, 3, 4]) call.request(input);
    expect(started.map(({ input }) => input)).toEqual([1]);
    started[0]?.finish();
    await turn();
    expect(started.map(({ input }) => input)).toEqual([1, 4]);
    started[1]?.finish();
    await turn();
    expect(results).toEqual([10, 40]);
  });

  test('an urgent one aborts what is under way and never hears its answer', async () => {
    const { call, started, results, turn } = setUp();
    call.request(1);
    call.request(2);
    call.urgent(3);
    expect(started[0]?.signal.aborted).toBe(true);
    expect(started.map(({ input }) => input)).toEqual([1, 3]);
    started[1]?.finish();
    started[0]?.finish();
    await turn();
    expect(results).toEqual([30]);
  });

  test('goes on after an error, and says nothing after it was cancelled', async () => {
    const { call, started, results, errors, turn } = setUp();
    call.request(1);
    call.request(2);
    started[0]?.fail();
    await turn();
    expect(errors).toHaveLength(1);
    started[1]?.finish();
    await turn();
    expect(results).toEqual([20]);
    call.request(3);
    call.cancel();
    started[2]?.finish();
    await turn();
    expect(results).toEqual([20]);
  });
});
