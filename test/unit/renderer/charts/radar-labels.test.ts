// Names around a radar: none on another, none inside the circle, whatever the number of axes.
import { expect, it } from 'vitest';
import { radarLabels } from '../../../../renderer/charts/radar-labels.ts';

const RADIUS = 190;

it.each([3, 4, 5, 8, 9, 12, 16, 23, 24])('%i names do not touch and stand outside', (axes) => {
  const labels = radarLabels(axes, RADIUS);
  expect(labels).toHaveLength(axes);
  for (const { x, y } of labels) expect(Math.hypot(x, y)).toBeGreaterThan(RADIUS);
  for (const anchor of ['start', 'end'] as const) {
    const heights = labels
      .filter((label) => label.anchor === anchor)
      .map(({ y }) => y)
      .toSorted((a, b) => a - b);
    for (const [place, height] of heights.entries())
      if (place > 0) expect(height - (heights[place - 1] ?? 0)).toBeGreaterThan(26);
  }
  const [top] = labels;
  expect(top).toMatchObject({ x: 0, anchor: 'middle' });
  // With many axes the names beside the one at the top begin below it.
  if (axes > 8) for (const label of labels.slice(1)) expect(label.y - (top?.y ?? 0)).toBeGreaterThan(26);
});

it('keeps a name at the end of its axis where there is room', () => {
  const [top, right, bottom, left] = radarLabels(4, RADIUS);
  expect(top?.y).toBeCloseTo(-206, 6);
  expect(right).toMatchObject({ x: 206, anchor: 'start' });
  expect(right?.y).toBeCloseTo(0, 6);
  expect(bottom?.y).toBeCloseTo(206, 6);
  expect(left).toMatchObject({ x: -206, anchor: 'end' });
});
