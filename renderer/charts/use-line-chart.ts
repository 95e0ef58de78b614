// Connects a line chart's controller to React: made when its place is there, fed when points or axes change.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ChartMark } from './chart-marks.ts';
import type { ChartAxes, ChartSeries } from './chart-series.ts';
import { createLineChart, type Hover, type LineChartController } from './line-chart-controller.ts';
import type { Painted } from './paint-plot.ts';
import type { ZoomGroup } from './zoom-group.ts';

export interface LineChartHandle {
  /** Where the canvas goes. */
  readonly host: RefObject<HTMLDivElement | null>;
  readonly controller: RefObject<LineChartController | null>;
  /** The cursor of this chart or of one it is aligned with. */
  readonly hover: Hover | null;
  readonly painted: Painted;
}

export interface LineChartInput {
  readonly series: readonly ChartSeries[];
  readonly version: number;
  readonly axes: ChartAxes;
  readonly marks: readonly ChartMark[];
  readonly syncKey: string;
  readonly zoom: ZoomGroup | undefined;
  readonly pinned: number | null;
  readonly onPin: ((x: number) => void) | undefined;
  readonly onColumns: ((columns: number) => void) | undefined;
  /** False while something else stands in the chart's place. */
  readonly isShown: boolean;
}

const notPainted: Painted = {
  points: 0,
  notFinite: 0,
  outside: 0,
  zoomed: false,
  marks: [],
  plot: { left: 0, top: 0, width: 0, height: 0 },
};

export function useLineChart(input: LineChartInput): LineChartHandle {
  const { series, version, axes, marks, syncKey, zoom, pinned, onPin, onColumns, isShown } = input;
  const host = useRef<HTMLDivElement>(null);
  const controller = useRef<LineChartController | null>(null);
  const pin = useRef(onPin);
  const tellColumns = useRef(onColumns);
  const firstAxes = useRef(axes);
  const [hover, setHover] = useState<Hover | null>(null);
  const [painted, setPainted] = useState<Painted>(notPainted);
  useEffect(() => {
    pin.current = onPin;
    tellColumns.current = onColumns;
    firstAxes.current = axes;
  }, [onPin, onColumns, axes]);

  useEffect(() => {
    if (!host.current || !isShown) return;
    const chart = createLineChart(host.current, {
      axes: firstAxes.current,
      syncKey,
      zoom,
      onHover: (next) => setHover((old) => (sameHover(old, next) ? old : next)),
      onPaint: (next) => setPainted((old) => (samePaint(old, next) ? old : next)),
      onPin: (x) => pin.current?.(x),
      onColumns: (columns) => tellColumns.current?.(columns),
    });
    controller.current = chart;
    return () => {
      controller.current = null;
      chart.destroy();
    };
  }, [syncKey, zoom, isShown]);

  // Axes first, so that the data are drawn once on the right ones. `version` stands for the contents of the arrays in `series`.
  useEffect(() => controller.current?.setAxes(axes), [axes, zoom, isShown]);
  useEffect(() => controller.current?.setSeries(series), [series, version, zoom, isShown]);
  useEffect(() => controller.current?.setMarks(marks), [marks, zoom, isShown]);
  useEffect(() => controller.current?.setPin(pinned), [pinned, zoom, isShown]);
  return { host, controller, hover, painted };
}

function sameHover(a: Hover | null, b: Hover | null): boolean {
  return a === b || (a !== null && b !== null && a.x === b.x && a.left === b.left && a.isOwn === b.isOwn);
}

function samePaint(a: Painted, b: Painted): boolean {
  return (
    Object.is(a.points, b.points) &&
    a.notFinite === b.notFinite &&
    Object.is(a.outside, b.outside) &&
    a.zoomed === b.zoomed &&
    a.plot.width === b.plot.width &&
    a.plot.height === b.plot.height &&
    a.plot.left === b.plot.left &&
    a.marks.length === b.marks.length &&
    a.marks.every((mark, index) => {
      const other = b.marks[index];
      return (
        other &&
        mark.x === other.x &&
        mark.y === other.y &&
        mark.marks.length === other.marks.length &&
        mark.marks[0] === other.marks[0]
      );
    })
  );
}
