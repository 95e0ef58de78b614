// SVG paths through points in pixels. Pure.

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

export function linePath(points: readonly Pixel[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
}

/** The line closed down to `base`. */
export function areaPath(points: readonly Pixel[], base: number): string {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last) return '';
  return `${linePath(points)}L${round(last.x)} ${base}L${round(first.x)} ${base}Z`;
}
