// The picture of a line chart as it is shown now, or as a whole where it is not on screen: ranges, size and colours for the SVG.
import type { ChartAxes, ChartSeries } from './chart-series.ts';
import { visibleX, visibleY } from './chart-view.ts';
import type { FigureTheme } from './figure-svg.ts';
import type { LineChartController } from './line-chart-controller.ts';
import { type LineChartPicture, lineChartSvg } from './line-chart-svg.ts';
import { readLightColors, readThemeColors } from './theme-colors.ts';

/** For a chart that is not on screen. */
const DEFAULT_WIDTH = 640;
const DEFAULT_HEIGHT = 320;
/** Title, labels and axes around the lines need at least this. */
const LEAST_WIDTH = 240;
const LEAST_HEIGHT = 200;
/** Room for the title, which stands outside the canvas on the page. */
const TITLE_HEIGHT = 40;

export function lineChartPicture(
  content: Omit<LineChartPicture, 'x' | 'y' | 'width' | 'height' | 'colors'>,
  place: { readonly controller: LineChartController | null; readonly host: HTMLElement | null },
  theme: FigureTheme,
): string {
  const { controller, host } = place;
  const view = controller?.view() ?? wholeView(content.series, content.axes);
  return lineChartSvg({
    ...content,
    ...view,
    width: Math.max(LEAST_WIDTH, host?.clientWidth ?? DEFAULT_WIDTH),
    height: Math.max(LEAST_HEIGHT, (host?.clientHeight ?? DEFAULT_HEIGHT) + TITLE_HEIGHT),
    colors: theme === 'light' ? readLightColors() : readThemeColors(host ?? document.documentElement),
  });
}

function wholeView(series: readonly ChartSeries[], axes: ChartAxes) {
  const x = visibleX(series, axes, null);
  return { x, y: visibleY(series, axes, x, null) };
}
