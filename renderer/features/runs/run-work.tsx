// The middle pane: a run or a log with its curves, or a dashboard of several.
import { useMemo } from 'react';
import type { PaneProps } from '../../app/feature.ts';
import { describeError } from '../../app/describe-error.ts';
import { href, navigate } from '../../app/route.ts';
import { useViewState } from '../../app/view-state.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { dashboardName, dashboardOfArgument } from './board/dashboard-names.ts';
import { useDashboards } from './board/use-dashboards.ts';
import { parseChoice, plainRunChoice } from './compare/use-run-choice.ts';
import { CurvesWork } from './curves-work.tsx';
import { labelOf, overlaysOf } from './source.ts';
import { useRunsAround } from './use-runs.ts';

const noRuns = [] as const;
const noQuery = new URLSearchParams();

export function RunWork({ argument, query }: PaneProps) {
  const path = dashboardOfArgument(argument ?? '');
  return path === null ? (
    <RunCurves argument={argument ?? ''} query={query} />
  ) : (
    <DashboardCurves key={path} path={path} />
  );
}

function RunCurves({ argument, query }: { readonly argument: string; readonly query: URLSearchParams }) {
  const { runs } = useRunsAround(argument);
  const { dashboards } = useDashboards();
  const [remembered, setRemembered] = useViewState('runs.choice', parseChoice, plainRunChoice);
  const overlayText = overlaysOf(query).join(',');
  const choice = useMemo(
    () => ({
      ...remembered,
      rule: '',
      picked: [argument, ...(overlayText === '' ? [] : overlayText.split(','))],
      // The run of the page is the first, whatever is pinned.
      pinned: [argument, ...remembered.pinned.filter((id) => id !== argument)],
    }),
    [remembered, argument, overlayText],
  );
  return (
    <CurvesWork
      title={labelOf(argument, runs ?? noRuns)}
      shown={argument}
      query={query}
      file={null}
      dashboards={dashboards ?? []}
      choice={choice}
      onChoice={(next) => {
        setRemembered({ ...next, picked: [], rule: '', pinned: next.pinned.filter((id) => id !== argument) });
        const others = next.picked.filter((id) => id !== argument);
        if (others.join(',') !== overlayText)
          navigate(href('runs', argument, others.length > 0 ? { with: others.join(',') } : {}), {
            replace: true,
          });
      }}
    />
  );
}

function DashboardCurves({ path }: { readonly path: string }) {
  const { dashboards, error } = useDashboards();
  const listed = dashboards?.find((candidate) => candidate.path === path);
  if (error) {
    const { title, hint, details } = describeError(error);
    return <ErrorState title={title} hint={hint} details={details} />;
  }
  if (!dashboards) return <Skeleton label="Opening the dashboard" rows={4} />;
  if (!listed?.file) {
    return (
      <ErrorState
        title={listed?.problem ?? `There is no dashboard ${dashboardName(path)}`}
        hint={listed ? 'Mend the file in a text editor' : 'It may have been renamed or removed'}
        path={path}
        details={listed?.problem ?? path}
      />
    );
  }
  return (
    <CurvesWork
      title={dashboardName(path)}
      shown={null}
      query={noQuery}
      file={listed.file}
      dashboards={dashboards}
      choice={null}
      onChoice={() => {}}
    />
  );
}
