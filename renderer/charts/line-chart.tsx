// React's view of a line chart: title, direct labels with the value under the cursor, the canvas,
// what is hidden or not finite, a summary for screen readers and "Show as table".
import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import { nearestIndex } from '../../core/lib/series/search.ts';
import { asMarkdown, ChartTable } from './chart-table.tsx';
import type { ChartAxes, ChartSeries } from './chart-series.ts';
import { useCollected } from './figure-collection.ts';
import { type Figure, FigureMenu, useFigureMenu } from './figure-menu.tsx';
import { lineChartPicture } from './line-chart-picture.ts';
import { readout } from './number-labels.ts';
import { toCsv } from './series-csv.ts';
import styles from './line-chart.module.css';
import { seriesVariable } from './chart-colors.ts';
import { useLineChart } from './use-line-chart.ts';

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
  /** Where the read-outs stay when the cursor is elsewhere. */
  readonly pinnedStep?: number | null;
  readonly onPin?: (step: number) => void;
}

/** Share of the width by which an arrow key moves the cursor; with Shift ten times as far. */
const KEY_STEP = 0.005;

export function LineChart(props: LineChartProps) {
  const { title, series, version, axes, syncKey, height, stepLabel, note, pinnedStep = null, onPin } = props;
  const [asTable, setAsTable] = useState(false);
  const summaryId = useId();
  const { host, controller, hoverStep, painted } = useLineChart({
    series,
    version,
    axes,
    syncKey,
    pinnedStep,
    onPin,
    isShown: !asTable,
  });
  const readStep = hoverStep ?? pinnedStep;
  const frame = useRef<HTMLElement>(null);
  const menu = useFigureMenu();
  const figure: Figure = {
    name: title,
    svg: (theme) =>
      lineChartPicture(
        { title, stepLabel, note: typeof note === 'string' ? note : '', series, axes, pinnedStep },
        { controller: controller.current, host: host.current },
        theme,
      ),
    csv: () => toCsv(series, stepLabel),
    markdown: () => asMarkdown(series, stepLabel),
    png: () => controller.current?.exportPng(title),
  };
  useCollected(figure, () => frame.current);

  const onKeyDown = (event: KeyboardEvent) => {
    const chart = controller.current;
    if (!chart || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = event.shiftKey ? 10 : 1;
    if (event.key === 'ArrowLeft') chart.moveCursor(-KEY_STEP * far);
    else if (event.key === 'ArrowRight') chart.moveCursor(KEY_STEP * far);
    else if (event.key === 'Enter') chart.pinCursor();
    else if (event.key === '0') chart.resetZoom();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // E exports from wherever the focus is inside.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      ref={frame}
      className={styles.chart}
      aria-label={title}
      aria-describedby={summaryId}
      onKeyDown={menu.onKeyDown}
    >
      <header className={styles.header}>
        <h3 className={styles.title}>{title}</h3>
        <ul className={styles.labels}>
          {series.map((one) => (
            <li key={one.id} className={styles.label}>
              <span className={styles.dot} style={{ background: `var(${seriesVariable(one.color)})` }} />
              <span className={series.length > 1 ? styles.name : 'visually-hidden'} title={one.label}>
                {one.label}
              </span>
              <b className={styles.value}>{readout(valueAt(one, readStep))}</b>
            </li>
          ))}
        </ul>
        <span className={styles.note}>
          {readStep === null
            ? note
            : `${stepLabel} ${Math.round(readStep).toLocaleString('en-US')}${hoverStep === null ? ', pinned' : ''}`}
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
        <FigureMenu
          figure={figure}
          isOpen={menu.isOpen}
          onOpenChange={menu.onOpenChange}
          isTable={asTable}
          onTable={setAsTable}
        />
      </header>
      {asTable ? (
        <ChartTable
          title={title}
          series={series}
          stepLabel={stepLabel}
          height={height === 'fill' ? '100%' : height}
        />
      ) : (
        // The keys need the focus, and ARIA has no role for a plot one walks along.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
        <div
          ref={host}
          className={height === 'fill' ? styles.canvasFill : styles.canvas}
          {...(height === 'fill' ? {} : { style: { height } })}
          role="group"
          aria-label={`${title}, chart. Arrow keys move the cursor, Enter pins, 0 shows everything, E exports`}
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          onKeyDown={onKeyDown}
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
