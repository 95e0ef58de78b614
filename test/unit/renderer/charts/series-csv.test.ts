import { describe, expect, it } from 'vitest';
import { toCsv } from '../../../../renderer/charts/series-csv.ts';

const series = (label: string, steps: number[], values: number[]) => ({
  id: label,
  label,
  color: 0,
  steps: Float64Array.from(steps),
  values: Float64Array.from(values),
  smoothed: null,
});

describe('toCsv', () => {
  it('writes every point with every digit, and quotes names that need it', () => {
    const csv = toCsv(
      [series('a', [1, 2], [0.1, Number.NaN]), series('b, "second"', [3], [2.0000000001])],
      'Step',
    );
    expect(csv).toBe('series,step,value\na,1,0.1\na,2,NaN\n"b, ""second""",3,2.0000000001\n');
  });
});
