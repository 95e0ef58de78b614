// What a line chart shows inside its axes, painted on uPlot's canvas: the lines from the raw columns as a min/max envelope per pixel, so
// zooming brings every point back and no spike is ever hidden; bands, levels, the pin and the marks.
import uPlot from 'uplot';
import type { BandLayer } from './band-layer.ts';
import type { ThemeColors } from './chart-colors.ts';
import { type ChartMark, type PlacedMark, placeMarks } from './chart-marks.ts';
import type { ChartAxes, ChartSeries, Extent } from './chart-series.ts';
import { errorBands } from './error-bands.ts';
import { placeLevels } from './level-lines.ts';
import { paintErrorBands, paintLevels } from './paint-bands.ts';
import { paintMarks } from './paint-marks.ts';
import { paintSeries } from './paint-series.ts';

/** What the last drawing showed. */
export interface Painted {
  readonly points: number;
  readonly notFinite: number;
  /** Points above or below the value axis. */
  readonly outside: number;
  readonly zoomed: boolean;
  /** Inside the plot area, whose place in the chart is `plot`. */
  readonly marks: readonly PlacedMark[];
  readonly plot: PlotBox;
}

/** CSS pixels inside the chart's element. */
export interface PlotBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What there is to paint, and the ranges of both axes. */
export interface PlotContent {
  readonly series: readonly ChartSeries[];
  readonly marks: readonly ChartMark[];
  readonly axes: ChartAxes;
  /** An x with a line over the whole height. */
  readonly pinned: number | null;
  readonly x: Extent;
  readonly y: Extent;
  readonly colors: ThemeColors;
  readonly layer: BandLayer;
}

/** Of what the last drawing showed all that painting finds out. */
export function paintPlot(self: uPlot, content: PlotContent): Omit<Painted, 'outside' | 'zoomed'> {
  const { series, marks, axes, pinned, x, y, colors, layer } = content;
  const context = self.ctx;
  const { pxRatio } = uPlot;
  const area = {
    ...self.bbox,
    from: x.min,
    to: x.max,
    logarithmicX: axes.logarithmicX,
    yOf: pixelOfValue(self.bbox, y, axes.logarithmicY),
    lineWidth: 1.25 * pxRatio,
    brokenColor: colors.bad,
    layer,
  };
  context.save();
  context.beginPath();
  context.rect(self.bbox.left, self.bbox.top, self.bbox.width, self.bbox.height);
  context.clip();
  // The first series is what the chart is about: it lies on top.
  const colored = series.map((one) => ({
    series: one,
    color: colors.series[one.color % colors.series.length] ?? colors.ink,
  }));
  for (const one of colored.toReversed()) {
    const bands = errorBands(one.series, area);
    if (bands !== null) paintErrorBands(context, bands, one.color, pxRatio);
  }
  const { points, notFinite } = paintSeries(context, colored, area);
  const levels = placeLevels(
    axes.levels ?? [],
    (value) => self.valToPos(value, 'y'),
    self.bbox.height / pxRatio,
  );
  paintLevels(context, levels, { ...self.bbox, ratio: pxRatio }, colors);
  if (pinned !== null && pinned >= x.min && pinned <= x.max) paintPin(self, pinned, colors.accent);
  const placed = placeMarks(marks, series, {
    xToPixels: (value) => self.valToPos(value, 'x'),
    yToPixels: (value) => self.valToPos(value, 'y'),
    width: self.bbox.width / pxRatio,
    height: self.bbox.height / pxRatio,
  });
  paintMarks(context, placed, { ...self.bbox, ratio: pxRatio }, colors);
  context.restore();
  const { left, top, width, height } = self.bbox;
  return {
    points,
    notFinite,
    marks: placed,
    plot: { left: left / pxRatio, top: top / pxRatio, width: width / pxRatio, height: height / pxRatio },
  };
}

/** As uPlot places a value, without looking its scale up each time. */
function pixelOfValue(
  { top, height }: { readonly top: number; readonly height: number },
  { min, max }: Extent,
  logarithmic: boolean,
): (value: number) => number {
  if (!logarithmic) {
    const scale = height / (max - min);
    return (value) => top + (max - value) * scale;
  }
  const highest = Math.log10(max);
  const scale = height / (highest - Math.log10(min));
  // What has no logarithm lies below the axis.
  return (value) => top + (highest - Math.log10(value > 0 ? value : min / 10)) * scale;
}

/** A dashed line over the whole height at a pinned step. */
function paintPin(plot: uPlot, x: number, color: string): void {
  const left = Math.round(plot.valToPos(x, 'x', true)) + 0.5;
  plot.ctx.strokeStyle = color;
  plot.ctx.lineWidth = uPlot.pxRatio;
  plot.ctx.setLineDash([4 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
  plot.ctx.beginPath();
  plot.ctx.moveTo(left, plot.bbox.top);
  plot.ctx.lineTo(left, plot.bbox.top + plot.bbox.height);
  plot.ctx.stroke();
  plot.ctx.setLineDash([]);
}
