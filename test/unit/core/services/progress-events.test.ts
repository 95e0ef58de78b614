// Long work as a stream: however quick it is, the last thing it said comes before its result.
import { expect, test } from 'vitest';
import { progressEvents } from '../../../../core/services/progress-events.ts';

async function all<T>(events: AsyncIterable<T>): Promise<readonly T[]> {
  const heard: T[] = [];
  for await (const event of events) heard.push(event);
  return heard;
}

test('progress that was said together with the result is told before it', async () => {
  const events = progressEvents(async (onProgress) => {
    onProgress({ doneRows: 1, totalRows: 2 });
    onProgress({ doneRows: 2, totalRows: 2 });
    return 'done';
  });
  expect(await all(events)).toEqual([
    { kind: 'progress', doneRows: 2, totalRows: 2 },
    { kind: 'result', result: 'done' },
  ]);
});

test('work that says nothing has a result all the same', async () => {
  expect(await all(progressEvents(async () => 7))).toEqual([{ kind: 'result', result: 7 }]);
});

test('a failure comes after what was said', async () => {
  const events = progressEvents(async (onProgress) => {
    onProgress({ doneRows: 1, totalRows: 2 });
    throw new Error('broken');
  });
  await expect(all(events)).rejects.toThrow('broken');
});
