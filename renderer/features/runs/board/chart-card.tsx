// One chart of a dashboard: the lines of its metrics, a handle that moves it, and its size and scale in its menu.
import { GripVertical } from 'lucide-react';
import { type KeyboardEvent, memo, useMemo } from 'react';
import type { Dashboard, DashboardChart } from '../../../../core/lib/dashboards/dashboard.ts';
import { changeChart, removeChart } from '../../../../core/lib/dashboards/dashboard-edits.ts';
import type { ChartMark } from '../../../charts/chart-marks.ts';
import type { ChartAxes, ChartSeries } from '../../../charts/chart-series.ts';
import { LineChart } from '../../../charts/line-chart.tsx';
import type { MenuEntry } from '../../../ui/menu.tsx';
import { DERIVATIVE_WORDS, smoothingNote } from '../curves/look-words.ts';
import type { Curves } from '../curves/use-curves.ts';
import { marksOfTag } from '../curves/use-run-marks.ts';
import { titleOf } from '../tags.ts';
import styles from './board.module.css';

/** What a dragged chart is called on the clipboard of the drag. */
export const CHART_TYPE = 'application/x-nesso-chart';

export interface ChartCardContext {
  /** Every chart on screen, also those of a rest. */
  readonly charts: readonly DashboardChart[];
  readonly seriesOf: (chart: DashboardChart) => readonly ChartSeries[];
  readonly curves: Curves;
  readonly marks: readonly ChartMark[];
  readonly onFullScreen: (chartId: string) => void;
}

export interface ChartCardProps {
  readonly chart: DashboardChart;
  readonly board: Dashboard;
  readonly context: ChartCardContext;
  readonly onChange: (change: (board: Dashboard) => Dashboard) => void;
  readonly onShift: (by: 1 | -1) => void;
  readonly onEdit: () => void;
}

const HEIGHTS = { small: 140, medium: 240, large: 'fill' } as const;

export function chartTitle({ title, tags, shape }: DashboardChart): string {
  if (title !== '') return title;
  const names = tags.map(titleOf).join(', ');
  return shape === 'derivative'
    ? `Change of ${names}`
    : shape === 'difference'
      ? `Difference of ${names}`
      : names;
}

export const ChartCard = memo(function ChartCard(props: ChartCardProps) {
  const { chart, context, onShift } = props;
  const title = chartTitle(chart);
  const onKeyDown = (event: KeyboardEvent) => {
    const by =
      event.key === 'ArrowLeft' || event.key === 'ArrowUp'
        ? -1
        : event.key === 'ArrowRight' || event.key === 'ArrowDown'
          ? 1
          : 0;
    if (by === 0) return;
    event.preventDefault();
    event.stopPropagation();
    onShift(by);
  };
  return (
    <div className={styles['card']} data-height={chart.height} data-chart={chart.id}>
      <BoardChart
        chart={chart}
        context={context}
        height={HEIGHTS[chart.height]}
        menu={menuOf(props)}
        lead={
          <button
            type="button"
            className={styles['handle']}
            draggable
            aria-label={`Move ${title}: arrow keys`}
            title="Drag, or move with the arrow keys"
            onDragStart={(event) => {
              event.dataTransfer.setData(CHART_TYPE, chart.id);
              event.dataTransfer.effectAllowed = 'move';
              const card = event.currentTarget.closest('[data-chart]');
              if (card) event.dataTransfer.setDragImage(card, 12, 12);
            }}
            onKeyDown={onKeyDown}
          >
            <GripVertical size={13} aria-hidden />
          </button>
        }
      />
    </div>
  );
});

/** The chart itself, in its place or alone on the screen. */
export function BoardChart({
  chart,
  context,
  height,
  menu,
  lead,
}: {
  readonly chart: DashboardChart;
  readonly context: ChartCardContext;
  readonly height: number | 'fill';
  readonly menu: readonly (readonly MenuEntry[])[];
  readonly lead?: React.ReactNode;
}) {
  const { curves, marks } = context;
  const { shared } = curves;
  const { logarithmicY = shared.axes.logarithmicY, y = shared.axes.y } = chart;
  const isValue = chart.shape === 'value';
  const axes = useMemo<ChartAxes>(
    // Changes and differences go below zero.
    () => ({ ...shared.axes, logarithmicY: isValue && logarithmicY, ...(y === undefined ? {} : { y }) }),
    [shared.axes, isValue, logarithmicY, y],
  );
  const series = context.seriesOf(chart);
  const tag = chart.tags[0] ?? '';
  const own = useMemo(() => marksOfTag(marks, tag), [marks, tag]);
  const span = curves.spanOf(chart);
  const notes = [
    chart.shape === 'derivative' ? DERIVATIVE_WORDS[shared.axes.x ?? 'steps'] : '',
    height === 140 ? '' : smoothingNote(span),
    height === 140 ? '' : curves.note,
  ];
  return (
    <LineChart
      {...shared}
      axes={axes}
      title={chartTitle(chart)}
      series={series}
      marks={isValue ? own : noMarks}
      height={height}
      note={notes.filter((part) => part !== '').join(' · ')}
      menu={menu}
      lead={lead}
      onColumns={(columns) => curves.onColumns(chart, columns)}
    />
  );
}

const noMarks: readonly ChartMark[] = [];

function menuOf({
  chart,
  context,
  onChange,
  onShift,
  onEdit,
}: ChartCardProps): readonly (readonly MenuEntry[])[] {
  const set = (fields: Partial<DashboardChart>) =>
    onChange((board) => changeChart(board, chart.id, (old) => ({ ...old, ...fields })));
  const height = (id: DashboardChart['height'], label: string): MenuEntry => ({
    id: `height-${id}`,
    label,
    isOn: chart.height === id,
    perform: () => set({ height: id }),
  });
  const { axes } = context.curves.shared;
  const isLog = chart.logarithmicY ?? axes.logarithmicY;
  const isRobust = (chart.y ?? axes.y) === 'robust';
  return [
    [
      { id: 'full', label: 'Full screen', perform: () => context.onFullScreen(chart.id) },
      { id: 'edit', label: 'Edit chart…', perform: onEdit },
    ],
    [
      height('small', 'Low'),
      height('medium', 'Medium height'),
      height('large', 'High'),
      { id: 'wide', label: 'Whole width', isOn: chart.isWide, perform: () => set({ isWide: !chart.isWide }) },
    ],
    [
      { id: 'log', label: 'Logarithmic values', isOn: isLog, perform: () => set({ logarithmicY: !isLog }) },
      {
        id: 'robust',
        label: 'Outliers do not set the scale',
        isOn: isRobust,
        perform: () => set({ y: isRobust ? 'all' : 'robust' }),
      },
    ],
    [
      { id: 'back', label: 'Move back', perform: () => onShift(-1) },
      { id: 'on', label: 'Move on', perform: () => onShift(1) },
      {
        id: 'remove',
        label: 'Remove chart',
        isDanger: true,
        perform: () => onChange((board) => removeChart(board, chart.id)),
      },
    ],
  ];
}
