// React's view of a line chart: title, direct labels with the value under the cursor, the canvas,
// what is hidden or not finite, a summary for screen readers and "Show as table".
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import { nearestIndex } from '../../core/lib/series/search.ts';
import { ChartTable } from './chart-table.tsx';
import type { ChartSeries } from './chart-series.ts';
import { createLineChart, type ChartAxes, type LineChartController } from './line-chart-controller.ts';
import { axisValue, readout } from './number-labels.ts';
import styles from './line-chart.module.css';
import { seriesVariable } from './theme-colors.ts';

export interface LineChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** Changes whenever points were added, so that the chart redraws without new arrays of objects. */
  readonly version: number;
  readonly axes: ChartAxes;
  readonly syncKey: string;
  /** Pixels, or `fill` for what the surrounding flex column leaves. */
  readonly height: number | 'fill';
  readonly stepLabel: string;
  readonly note?: ReactNode;
  readonly onPin?: (step: number) => void;
}

interface Painted {
  readonly points: number;
  readonly notFinite: number;
  readonly zoomed: boolean;
}

export function LineChart(props: LineChartProps) {
  const { title, series, version, axes, syncKey, height, stepLabel, note, onPin } = props;
  const canvasHost = useRef<HTMLDivElement>(null);
  const controller = useRef<LineChartController | null>(null);
  const pin = useRef(onPin);
  const [hoverStep, setHoverStep] = useState<number | null>(null);
  const [painted, setPainted] = useState<Painted>({ points: 0, notFinite: 0, zoomed: false });
  const [asTable, setAsTable] = useState(false);
  const summaryId = useId();
  useEffect(() => {
    pin.current = onPin;
  }, [onPin]);

  useEffect(() => {
    if (!canvasHost.current || asTable) return;
    const chart = createLineChart(canvasHost.current, {
      syncKey,
      onHover: setHoverStep,
      onPaint: (next) => setPainted((old) => (samePaint(old, next) ? old : next)),
      onPin: (step) => pin.current?.(step),
    });
    controller.current = chart;
    return () => {
      controller.current = null;
      chart.destroy();
    };
  }, [syncKey, asTable]);

  // `version` stands for the contents of the arrays in `series`.
  useEffect(() => controller.current?.setSeries(series), [series, version, asTable]);
  useEffect(() => controller.current?.setAxes(axes), [axes, asTable]);

  return (
    <section className={styles.chart} aria-label={title} aria-describedby={summaryId}>
      <header className={styles.header}>
        <h3 className={styles.title}>{title}</h3>
        <ul className={styles.labels}>
          {series.map((one) => (
            <li key={one.id} className={styles.label}>
              <span className={styles.dot} style={{ background: `var(${seriesVariable(one.color)})` }} />
              <span className={series.length > 1 ? styles.name : 'visually-hidden'} title={one.label}>
                {one.label}
              </span>
              <b className={styles.value}>{readout(valueAt(one, hoverStep))}</b>
            </li>
          ))}
        </ul>
        <span className={styles.note}>
          {hoverStep === null ? note : `${stepLabel} ${axisValue(Math.round(hoverStep))}`}
        </span>
        {painted.zoomed && (
          <button type="button" className={styles.action} onClick={() => controller.current?.resetZoom()}>
            Reset zoom
          </button>
        )}
        <button
          type="button"
          className={styles.action}
          onClick={() => setAsTable(!asTable)}
          aria-pressed={asTable}
        >
          {asTable ? 'Show chart' : 'Show as table'}
        </button>
      </header>
      {asTable ? (
        <ChartTable series={series} stepLabel={stepLabel} height={height === 'fill' ? '100%' : height} />
      ) : (
        <div
          ref={canvasHost}
          className={height === 'fill' ? styles.canvasFill : styles.canvas}
          {...(height === 'fill' ? {} : { style: { height } })}
        />
      )}
      <p id={summaryId} className="visually-hidden">
        {series.map((one) => summaryOf(one)).join('. ')}
      </p>
      {!asTable && painted.points > 0 && (height === 'fill' || painted.notFinite > 0) && (
        <footer className={styles.footer}>
          {painted.points.toLocaleString('en-US')} points, none hidden
          {painted.notFinite > 0 && ` · ${painted.notFinite.toLocaleString('en-US')} not a number`}
        </footer>
      )}
    </section>
  );
}

function samePaint(a: Painted, b: Painted): boolean {
  return a.points === b.points && a.notFinite === b.notFinite && a.zoomed === b.zoomed;
}

/** The value at the step nearest to the cursor, or the newest one. */
function valueAt(series: ChartSeries, step: number | null): number | undefined {
  const index = step === null ? series.steps.length - 1 : nearestIndex(series.steps, step);
  return series.values[index];
}

function summaryOf(series: ChartSeries): string {
  const last = series.values.length - 1;
  if (last < 0) return `${series.label}: no points yet`;
  return `${series.label}: ${last + 1} points, from ${readout(series.values[0])} to ${readout(series.values[last])}`;
}
