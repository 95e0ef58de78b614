// The marks on the curves of the runs that are shown: checkpoints, restarts, data stages, findings. Whoever knows some adds them here.
import { useMemo } from 'react';
import type { ChartMark } from '../../../charts/chart-marks.ts';

/** `shown` is memoised; the first is the run of the page. The same array comes back while nothing changed. */
export function useRunMarks(shown: readonly { readonly id: string }[]): readonly ChartMark[] {
  return useMemo(() => {
    void shown;
    return [];
  }, [shown]);
}

/** Those that belong on the chart of a metric. */
export function marksOfTag(marks: readonly ChartMark[], tag: string): readonly ChartMark[] {
  return marks.some(({ tags }) => tags) ? marks.filter(({ tags }) => tags?.includes(tag) ?? true) : marks;
}
