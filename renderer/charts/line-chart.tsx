// React's view of a line chart: title, direct labels with the value under the cursor, the canvas with its marks,
// what is hidden or not finite, a summary for screen readers and "Show as table".
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import { ChartFooter } from './chart-footer.tsx';
import { ChartHeader } from './chart-header.tsx';
import type { ChartMark, PlacedMark } from './chart-marks.ts';
import { asMarkdown, ChartTable } from './chart-table.tsx';
import { type ChartAxes, type ChartSeries, xOf } from './chart-series.ts';
import { ZOOM_STEP } from './chart-view.ts';
import { CursorValues } from './cursor-values.tsx';
import { useCollected } from './figure-collection.ts';
import { type Figure, FigureMenu, useFigureMenu } from './figure-menu.tsx';
import { lineChartPicture } from './line-chart-picture.ts';
import styles from './line-chart.module.css';
import { MarkLayer } from './mark-layer.tsx';
import { readout } from './number-labels.ts';
import { toCsv } from './series-csv.ts';
import type { MenuEntry } from '../ui/menu.tsx';
import { useLineChart } from './use-line-chart.ts';
import { xReadout } from './x-axis.ts';
import { X_AXIS_TITLES } from './x-axis-kind.ts';
import type { ZoomGroup } from './zoom-group.ts';

export interface LineChartProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  /** Changes whenever points were added, so that the chart redraws without new arrays of objects. */
  readonly version: number;
  /** Memoised. */
  readonly axes: ChartAxes;
  readonly syncKey: string;
  /** Pixels, or `fill` for what the surrounding flex column leaves. */
  readonly height: number | 'fill';
  readonly note?: ReactNode;
  /** Where the read-outs stay when the cursor is elsewhere, in units of the x axis. */
  readonly pinned?: number | null;
  readonly onPin?: (x: number) => void;
  /** Checkpoints, restarts, stages, findings. Memoised. */
  readonly marks?: readonly ChartMark[];
  /** Charts with the same group show the same range of x. */
  readonly zoom?: ZoomGroup;
  /** What whoever shows the chart adds to its menu. */
  readonly menu?: readonly (readonly MenuEntry[])[];
  /** Left of the title. */
  readonly lead?: ReactNode;
  /** Told how many pixel columns the plot has, when it is there and when that changes. */
  readonly onColumns?: ((columns: number) => void) | undefined;
}

/** Share of the width by which an arrow key moves the cursor; with Shift ten times as far. */
const KEY_STEP = 0.005;
/** Share of the range by which , and . move it. */
const PAN_STEP = 0.2;
const noMarks: readonly ChartMark[] = [];
const noMenu: readonly (readonly MenuEntry[])[] = [];

export function LineChart(props: LineChartProps) {
  const {
    title,
    series,
    version,
    syncKey,
    height,
    note,
    pinned = null,
    onPin,
    marks = noMarks,
    zoom,
  } = props;
  const [asTable, setAsTable] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const axes = useMemo<ChartAxes>(
    () => (isWhole ? { ...props.axes, y: 'all' } : props.axes),
    [props.axes, isWhole],
  );
  const kind = axes.x ?? 'steps';
  const stepLabel = X_AXIS_TITLES[kind];
  const summaryId = useId();
  const { host, controller, hover, painted } = useLineChart({
    series,
    version,
    axes,
    marks,
    syncKey,
    zoom,
    pinned,
    onPin,
    onColumns: props.onColumns,
    isShown: !asTable,
  });
  const isPicture = series.some(({ standsFor }) => standsFor !== undefined);
  const readX = hover?.x ?? pinned;
  const frame = useRef<HTMLElement>(null);
  const menu = useFigureMenu();
  const figure: Figure = {
    name: title,
    svg: (theme) =>
      lineChartPicture(
        { title, stepLabel, note: typeof note === 'string' ? note : '', series, axes, pinned, marks },
        { controller: controller.current, host: host.current },
        theme,
      ),
    csv: () => toCsv(series, stepLabel),
    markdown: () => asMarkdown(series),
    png: () => controller.current?.exportPng(title),
    isWaiting: isPicture,
  };
  useCollected(figure, () => frame.current);

  const onKeyDown = (event: KeyboardEvent) => {
    const chart = controller.current;
    if (!chart || event.target !== event.currentTarget) return;
    if (event.ctrlKey || event.metaKey || event.altKey || !performKey(chart, event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const showMark = ({ marks: [mark] }: PlacedMark) => {
    const owner = series.find((one) => one.id === mark.seriesId) ?? series[0];
    const index = owner ? owner.steps.findIndex((step) => step >= mark.step) : -1;
    const x = owner && index >= 0 ? xOf(owner)[index] : undefined;
    if (x !== undefined) onPin?.(x);
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
      <ChartHeader
        lead={props.lead}
        title={title}
        series={series}
        readX={readX}
        note={readX === null ? note : `${stepLabel} ${xReadout(kind, readX)}${hover ? '' : ', pinned'}`}
      >
        {painted.zoomed && (
          <button type="button" className={styles.action} onClick={() => controller.current?.resetZoom()}>
            Reset zoom
          </button>
        )}
        <button
          type="button"
          className={`${styles.action} ${styles.tableAction}`}
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
          more={props.menu ?? noMenu}
        />
      </ChartHeader>
      {asTable && isPicture ? (
        <p className={styles.footer}>All points are on their way</p>
      ) : asTable ? (
        <ChartTable
          title={title}
          series={series}
          axis={stepLabel}
          height={height === 'fill' ? '100%' : height}
        />
      ) : (
        <div
          className={height === 'fill' ? styles.stageFill : styles.stage}
          {...(height === 'fill' ? {} : { style: { height } })}
        >
          {/* The keys need the focus, and ARIA has no role for a plot one walks along. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div
            ref={host}
            className={styles.canvas}
            role="group"
            aria-label={`${title}, chart. Arrow keys move the cursor, Enter pins, plus and minus zoom, comma and full stop pan, 0 shows everything, E exports`}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            onKeyDown={onKeyDown}
          />
          <MarkLayer title={title} placed={painted.marks} plot={painted.plot} onShow={showMark} />
          {hover?.isOwn && series.length > 1 ? (
            <CursorValues
              at={`${stepLabel} ${xReadout(kind, hover.x)}`}
              hover={hover}
              plot={painted.plot}
              series={series}
            />
          ) : null}
        </div>
      )}
      <p id={summaryId} className="visually-hidden">
        {series.map((one) => summaryOf(one)).join('. ')}
        {hover?.isOwn ? `. At ${stepLabel.toLowerCase()} ${xReadout(kind, hover.x)}` : ''}
      </p>
      {asTable ? null : (
        <ChartFooter
          painted={painted}
          isAlwaysShown={height === 'fill'}
          isWhole={isWhole}
          isRobust={props.axes.y === 'robust'}
          onWhole={setWhole}
        />
      )}
    </section>
  );
}

type Chart = NonNullable<ReturnType<typeof useLineChart>['controller']['current']>;

/** Returns whether the key means something here. */
function performKey(chart: Chart, { key, shiftKey }: KeyboardEvent): boolean {
  const far = shiftKey ? 10 : 1;
  if (key === 'ArrowLeft') chart.moveCursor(-KEY_STEP * far);
  else if (key === 'ArrowRight') chart.moveCursor(KEY_STEP * far);
  else if (key === 'Enter') chart.pinCursor();
  else if (key === '0') chart.resetZoom();
  else if (key === '+' || key === '=') chart.zoom(1 / ZOOM_STEP);
  else if (key === '-') chart.zoom(ZOOM_STEP);
  else if (key === ',') chart.pan(-PAN_STEP);
  else if (key === '.') chart.pan(PAN_STEP);
  else return false;
  return true;
}

function summaryOf(series: ChartSeries): string {
  const last = series.values.length - 1;
  if (last < 0) return `${series.label}: no points yet`;
  return `${series.label}: ${series.standsFor?.total ?? last + 1} points, from ${readout(series.values[0])} to ${readout(series.values[last])}`;
}
