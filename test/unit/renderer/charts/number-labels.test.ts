import { describe, expect, test } from 'vitest';
import { axisValues } from '../../../../renderer/charts/number-labels.ts';
import { xTicks } from '../../../../renderer/charts/x-axis.ts';

describe('labels of an axis', () => {
  test('are as short as can be', () => {
    expect(axisValues([0, 250_000, 500_000])).toEqual(['0', '250k', '500k']);
    expect(axisValues([0, 0.0003, 2.5])).toEqual(['0', '3e-4', '2.5']);
  });

  test('differ where the values do: a rate that moves in its fifth digit, a loss that stands', () => {
    expect(axisValues([0.00049995, 0.00049996, 0.00049997])).toEqual(['4.9995e-4', '4.9996e-4', '4.9997e-4']);
    expect(axisValues([2_000_500, 2_001_000, 2_001_500])).toEqual(['2.0005M', '2.001M', '2.0015M']);
    expect(axisValues([10.00001, 10.00002])).toEqual(['10.00001', '10.00002']);
    expect(axisValues([-1001.5, -1001])).toEqual(['−1.0015k', '−1.001k']);
  });

  test('of the same value are the same, and values as near as doubles can be end', () => {
    expect(axisValues([1, 1])).toEqual(['1', '1']);
    expect(axisValues([1, 1 + Number.EPSILON])).toHaveLength(2);
  });

  test('of steps are whole: there is no step 1.5', () => {
    expect(xTicks('steps', { min: 1, max: 4 }, false, 8)).toEqual([1, 2, 3, 4]);
    expect(xTicks('steps', { min: 0, max: 1000 }, false, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  });
});
