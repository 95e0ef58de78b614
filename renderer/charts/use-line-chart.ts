// Connects a line chart's controller to React: made when its place is there, fed when points or axes change.
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { ChartAxes, ChartSeries } from './chart-series.ts';
import { createLineChart, type LineChartController, type Painted } from './line-chart-controller.ts';

export interface LineChartHandle {
  /** Where the canvas goes. */
  readonly host: RefObject<HTMLDivElement | null>;
  readonly controller: RefObject<LineChartController | null>;
  /** Step under the cursor of this chart or of one it is aligned with. */
  readonly hoverStep: number | null;
  readonly painted: Painted;
}

export interface LineChartInput {
  readonly series: readonly ChartSeries[];
  readonly version: number;
  readonly axes: ChartAxes;
  readonly syncKey: string;
  readonly pinnedStep: number | null;
  readonly onPin: ((step: number) => void) | undefined;
  /** False while something else stands in the chart's place. */
  readonly isShown: boolean;
}

export function useLineChart(input: LineChartInput): LineChartHandle {
  const { series, version, axes, syncKey, pinnedStep, onPin, isShown } = input;
  const host = useRef<HTMLDivElement>(null);
  const controller = useRef<LineChartController | null>(null);
  const pin = useRef(onPin);
  const [hoverStep, setHoverStep] = useState<number | null>(null);
  const [painted, setPainted] = useState<Painted>({ points: 0, notFinite: 0, zoomed: false });
  useEffect(() => {
    pin.current = onPin;
  }, [onPin]);

  useEffect(() => {
    if (!host.current || !isShown) return;
    const chart = createLineChart(host.current, {
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
  }, [syncKey, isShown]);

  // `version` stands for the contents of the arrays in `series`.
  useEffect(() => controller.current?.setSeries(series), [series, version, isShown]);
  useEffect(() => controller.current?.setAxes(axes), [axes, isShown]);
  useEffect(() => controller.current?.setPin(pinnedStep), [pinnedStep, isShown]);
  return { host, controller, hoverStep, painted };
}

function samePaint(a: Painted, b: Painted): boolean {
  return a.points === b.points && a.notFinite === b.notFinite && a.zoomed === b.zoomed;
}
