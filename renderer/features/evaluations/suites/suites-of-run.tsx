// For the view of a run: every suite its checkpoints answered, as a curve on the run's own axis of steps.
import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { RunId } from '../../../../core/api/runs.ts';
import type { SuiteAlert, SuiteOfRun } from '../../../../core/api/suites.ts';
import { Link } from '../../../app/link.tsx';
import { navigate } from '../../../app/route.ts';
import { useClient } from '../../../app/session.ts';
import type { Extent } from '../../../charts/chart-series.ts';
import type { ZoomGroup } from '../../../charts/zoom-group.ts';
import { formatQuantity } from '../../../ui/format.ts';
import { alertHref } from './alert-list.tsx';
import { MeasureCharts } from './measure-charts.tsx';
import { suiteHref } from './place.ts';
import styles from './suite-curves.module.css';
import { suiteKeys } from './use-suites.ts';

export interface SuitesOfRunProps {
  readonly run: RunId;
  readonly syncKey: string;
  /** The steps of the charts above; null where they stand on another axis. Memoised. */
  readonly extent: Extent | null;
  readonly zoom?: ZoomGroup;
}

export function SuitesOfRun({ run, ...chart }: SuitesOfRunProps) {
  const client = useClient();
  const { data } = useQuery({
    queryKey: suiteKeys.ofRun(run),
    queryFn: ({ signal }) => client.suites.ofRun({ run }, { signal }),
  });
  return (data ?? []).map((suite) => <OneSuite key={suite.suite} run={run} suite={suite} {...chart} />);
}

function OneSuite({ suite, run, ...chart }: SuitesOfRunProps & { readonly suite: SuiteOfRun }) {
  const { suite: name, title, points, alerts } = suite;
  const onModel = useCallback(() => navigate(suiteHref(name, { tab: 'curves', run })), [name, run]);
  const onAlert = useCallback((alert: SuiteAlert) => navigate(alertHref(name, alert)), [name]);
  const worse = alerts.filter(({ direction }) => direction === 'worse').length;
  return (
    <section className={styles['panel']} aria-label={`Suite ${title}`}>
      <div className={styles['panelHead']}>
        <h3 className={styles['title']}>{title}</h3>
        <span className={styles['calm']}>{formatQuantity(points.length, 'checkpoint')}</span>
        {worse === 0 ? null : <span>{`${formatQuantity(worse, 'measure')} got worse`}</span>}
        <Link to={suiteHref(name, { tab: 'curves', run })}>All measures</Link>
        <Link to={suiteHref(name, {})}>Answers</Link>
      </div>
      <MeasureCharts
        {...chart}
        points={points}
        alerts={alerts}
        kinds={['score']}
        heightPx={130}
        onModel={onModel}
        onAlert={onAlert}
      />
    </section>
  );
}
