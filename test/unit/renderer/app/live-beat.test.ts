// The beat of the window: what goes on by itself comes together, once each, and not when it was called off.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { onBeat } from '../../../../renderer/app/live-beat.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('what waits comes in one task, each once, however often it was asked for', () => {
  const heard: string[] = [];
  const point = () => void heard.push('point');
  const line = () => void heard.push('line');
  onBeat(point);
  onBeat(point);
  vi.advanceTimersByTime(1);
  onBeat(line);
  expect(heard).toEqual([]);
  vi.advanceTimersByTime(600);
  expect(heard).toEqual(['point', 'line']);
  vi.advanceTimersByTime(5_000);
  expect(heard).toEqual(['point', 'line']);
});

test('slower beats fall on quicker ones, and what was called off does not come', () => {
  const heard: string[] = [];
  const age = () => void heard.push('age');
  onBeat(age, 1_000);
  const callOff = onBeat(() => void heard.push('gone'));
  onBeat(() => void heard.push('point'));
  callOff();
  vi.advanceTimersByTime(2_000);
  expect(heard.toSorted()).toEqual(['age', 'point']);
});

test('what asks for the next beat within one gets it', () => {
  let count = 0;
  const again = () => {
    count += 1;
    if (count < 3) onBeat(again);
  };
  onBeat(again);
  vi.advanceTimersByTime(3_000);
  expect(count).toBe(3);
});
