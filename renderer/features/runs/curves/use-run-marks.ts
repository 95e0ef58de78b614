// The marks on the curves of the run of the page: checkpoints, restarts, data stages, findings. A click opens them in the inspector.
import { useMemo } from 'react';
import type { ChartMark } from '../../../charts/chart-marks.ts';
import { openOfRun } from '../open-of-run.ts';
import { useCheckpoints } from '../inspector/run-checkpoints.tsx';
import { marksOf } from '../run-marks.ts';
import { useRunFacts } from '../numbers-strip.tsx';
import { useRunsAround } from '../use-runs.ts';
import { useWatchReports } from '../watch/use-watch-reports.ts';

/** `shown` is memoised; the first is the run of the page. The same array comes back while nothing changed. */
export function useRunMarks(shown: readonly { readonly id: string }[]): readonly ChartMark[] {
  const id = shown[0]?.id ?? '';
  const { runs } = useRunsAround(id);
  const run = runs?.find((candidate) => candidate.id === id) ?? null;
  const checkpoints = useCheckpoints(run)?.checkpoints;
  const facts = useRunFacts(run);
  const report = useWatchReports().get(id);
  // Runs change with every point; their attempts hardly ever.
  const attemptsText = JSON.stringify(run?.attempts ?? []);
  return useMemo(
    () =>
      marksOf({
        checkpoints: checkpoints ?? [],
        findings: (report?.findings ?? []).filter(({ kind }) => report?.muted.includes(kind) !== true),
        attempts: JSON.parse(attemptsText) as NonNullable<typeof run>['attempts'],
        facts,
        onCheckpoint: (name) => openOfRun(id, { checkpoint: name }),
        onFinding: (name) => openOfRun(id, { finding: name }),
      }),
    [id, checkpoints, report, attemptsText, facts],
  );
}

/** Those that belong on the chart of a metric. */
export function marksOfTag(marks: readonly ChartMark[], tag: string): readonly ChartMark[] {
  return marks.some(({ tags }) => tags) ? marks.filter(({ tags }) => tags?.includes(tag) ?? true) : marks;
}
