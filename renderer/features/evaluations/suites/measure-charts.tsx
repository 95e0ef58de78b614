// What a suite says of a run's checkpoints: small charts on one axis of steps, cursors together, with marks where a measure
// moved more than its noise.
import { useMemo } from 'react';
import type { SuiteAlert, SuiteOfRun } from '../../../../core/api/suites.ts';
import { type MeasureKind, measureInfo } from '../../../../core/lib/suites/measures.ts';
import type { ChartAxes, Extent } from '../../../charts/chart-series.ts';
import { LineChart } from '../../../charts/line-chart.tsx';
import type { ZoomGroup } from '../../../charts/zoom-group.ts';
import { marksOf, seriesOf } from './measure-series.ts';

export interface MeasureChartsProps {
  readonly points: SuiteOfRun['points'];
  readonly alerts: readonly SuiteAlert[];
  readonly kinds: readonly MeasureKind[];
  readonly syncKey: string;
  /** The steps of the loss above. Memoised. */
  readonly extent: Extent | null;
  readonly zoom?: ZoomGroup;
  readonly heightPx: number;
  readonly onModel: (path: string) => void;
  readonly onAlert: (alert: SuiteAlert) => void;
}

export function MeasureCharts(props: MeasureChartsProps) {
  return props.kinds.map((kind) => <MeasureChart key={kind} {...props} kind={kind} />);
}

function MeasureChart(props: MeasureChartsProps & { readonly kind: MeasureKind }) {
  const { points, alerts, kind, extent, onModel, onAlert } = props;
  const series = useMemo(() => seriesOf(points, kind), [points, kind]);
  const marks = useMemo(
    () => marksOf(points, alerts, kind, { model: onModel, alert: onAlert }),
    [points, alerts, kind, onModel, onAlert],
  );
  const axes = useMemo<ChartAxes>(
    () => ({ logarithmicX: false, logarithmicY: false, ...(extent === null ? {} : { xExtent: extent }) }),
    [extent],
  );
  if (series.length === 0) return null;
  const { title, unit, meaning } = measureInfo[kind];
  return (
    <LineChart
      title={unit === 'share' ? `${title}, %` : unit === 'tokens' ? `${title}, tokens` : title}
      series={series}
      version={points.length}
      axes={axes}
      syncKey={props.syncKey}
      height={props.heightPx}
      note={meaning}
      marks={marks}
      {...(props.zoom ? { zoom: props.zoom } : {})}
    />
  );
}
