// SVG as text: elements with escaped attributes, and a document around them. Pure.

export type SvgAttributes = Readonly<Record<string, string | number | null | undefined>>;

/** Families by the names that other programs know them under; the window's bundled files carry other names. */
export const FIGURE_FONT = 'Inter, Helvetica, Arial, "Liberation Sans", sans-serif';
export const FIGURE_FONT_MONO = '"JetBrains Mono", Menlo, Consolas, monospace';

export function svgElement(name: string, attributes: SvgAttributes, children = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? pixels(value) : String(value))}"`)
    .join('');
  return children === '' ? `<${name}${written}/>` : `<${name}${written}>${children}</${name}>`;
}

export interface SvgPage {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** `#rrggbb`. */
  readonly background: string;
}

/** A file of its own: size in pixels, title and description inside, text as text. */
export function svgDocument(page: SvgPage, content: string): string {
  const { title, description, background } = page;
  const width = Math.ceil(page.width);
  const height = Math.ceil(page.height);
  const body = [
    `<title>${escaped(title)}</title>`,
    description === '' ? '' : `<desc>${escaped(description)}</desc>`,
    svgElement('rect', { width, height, fill: background }),
    content,
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    width: `${width}px`,
    height: `${height}px`,
    viewBox: `0 0 ${width} ${height}`,
    'font-family': FIGURE_FONT,
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svgElement('svg', attributes, body.join(''))}\n`;
}

/** Hundredths of a pixel: finer differences are not seen and make files larger. */
export function pixels(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function escaped(text: string): string {
  return (
    text
      // oxlint-disable-next-line no-control-regex -- XML 1.0 has no way to write them.
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
  );
}
