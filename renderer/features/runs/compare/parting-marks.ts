// The places where curves part, as marks on the chart of the metric that was compared. Pure.
import type { ChartMark } from '../../../charts/chart-marks.ts';
import { axisValue } from '../../../charts/number-labels.ts';
import type { CurveRun } from '../curves/curve-cache.ts';
import type { RunParting } from './use-partings.ts';

export function partingMarks(
  partings: readonly RunParting[],
  runs: readonly CurveRun[],
  tag: string | null,
): readonly ChartMark[] {
  const [base] = runs;
  if (!base || tag === null) return [];
  return partings.flatMap(({ id, unit, parting, step }): ChartMark[] => {
    const other = runs.find((run) => run.id === id);
    if (!other || parting?.x === null || !parting || step === null) return [];
    return [
      {
        id: `parting ${id}`,
        kind: 'parting',
        step,
        label: `${other.label} parts from ${base.label}`,
        detail: `at ${axisValue(parting.x ?? 0)} ${unit}, ± ${axisValue(parting.span)}`,
        seriesId: base.id,
        tags: [tag],
      },
    ];
  });
}
