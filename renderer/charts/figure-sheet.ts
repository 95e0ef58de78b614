// Many figures as one file: SVG documents beside and below each other, tables under each other. Pure.
import { csvField } from '../../core/lib/figures/csv-field.ts';
import { svgDocument, svgElement } from './svg-text.ts';

export interface SheetFigure {
  readonly name: string;
  /** A document of svgDocument. */
  readonly svg: string;
}

const GAP = 16;

/** In rows of `columns` figures; each row as high as its highest. */
export function sheetSvg(
  title: string,
  figures: readonly SheetFigure[],
  columns: number,
  background: string,
): string {
  const sizes = figures.map(({ svg }) => sizeOf(svg));
  const parts: string[] = [];
  let [top, width] = [GAP, 0];
  for (let row = 0; row < figures.length; row += columns) {
    let left = GAP;
    let height = 0;
    for (let index = row; index < Math.min(figures.length, row + columns); index += 1) {
      const size = sizes[index] ?? { width: 0, height: 0 };
      parts.push(
        svgElement('svg', { x: left, y: top, ...size }, innerOf(figures[index]?.svg ?? '', `f${index}-`)),
      );
      left += size.width + GAP;
      height = Math.max(height, size.height);
    }
    width = Math.max(width, left);
    top += height + GAP;
  }
  const description = figures.map(({ name }) => name).join('; ');
  return svgDocument(
    { width: Math.max(width, GAP), height: top, title, description, background },
    parts.join(''),
  );
}

function sizeOf(svg: string): { readonly width: number; readonly height: number } {
  const match = /<svg[^>]* width="([\d.]+)px" height="([\d.]+)px"/.exec(svg);
  return { width: Number(match?.[1] ?? 0), height: Number(match?.[2] ?? 0) };
}

/** What is inside the document, with names of its own: ids of two figures must not meet. */
function innerOf(svg: string, prefix: string): string {
  const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>'));
  return inner
    .replaceAll(/ id="([^"]+)"/g, ` id="${prefix}$1"`)
    .replaceAll(/url\(#([^)]+)\)/g, `url(#${prefix}$1)`);
}

/** One table of all, with a column that says which figure a row is of. */
export function sheetCsv(figures: readonly { readonly name: string; readonly csv: string }[]): string {
  const rows: string[] = [];
  for (const { name, csv } of figures) {
    const [head = '', ...lines] = csv.trimEnd().split('\n');
    if (rows.length === 0) rows.push(`figure,${head}`);
    const cell = csvField(name);
    for (const line of lines) rows.push(`${cell},${line}`);
  }
  return `${rows.join('\n')}\n`;
}
