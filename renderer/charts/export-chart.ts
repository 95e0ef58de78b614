// Takes a chart out of the window: the picture as PNG on the panel's colour, the points as CSV with every digit.
import type { ChartSeries } from './chart-series.ts';
import { toCsv } from './series-csv.ts';

/** Saves `canvas` as it is on screen, on an opaque background. */
export function downloadPng(canvas: HTMLCanvasElement, background: string, name: string): void {
  const opaque = document.createElement('canvas');
  opaque.width = canvas.width;
  opaque.height = canvas.height;
  const context = opaque.getContext('2d');
  if (!context) return;
  context.fillStyle = background;
  context.fillRect(0, 0, opaque.width, opaque.height);
  context.drawImage(canvas, 0, 0);
  opaque.toBlob((blob) => {
    if (blob) download(blob, `${fileStem(name)}.png`);
  });
}

export function downloadCsv(series: readonly ChartSeries[], stepLabel: string, name: string): void {
  download(new Blob([toCsv(series, stepLabel)], { type: 'text/csv' }), `${fileStem(name)}.csv`);
}

function fileStem(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^-+|-+$/g, '') || 'chart';
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
