// Boxes and lines of text of a laid-out HTML element as SVG: what a caption, a legend or a heat table is made of.
import { svgColor } from './css-color.ts';
import type { FigurePage } from './figure-page.ts';
import { escaped, FIGURE_FONT_MONO, pixels, svgElement } from './svg-text.ts';

/** Background and borders; empty for a box without any. */
export function htmlBox(box: DOMRect, style: CSSStyleDeclaration, page: FigurePage): string {
  const fill = svgColor(style.backgroundColor);
  const sides = (['Top', 'Right', 'Bottom', 'Left'] as const).map((side) => ({
    width: Number.parseFloat(style[`border${side}Width`]),
    style: style[`border${side}Style`],
    color: style[`border${side}Style`] === 'none' ? null : svgColor(style[`border${side}Color`]),
  }));
  const [top, right, bottom, left] = sides.map(({ width, color, style: look }) =>
    width > 0 && color ? { width, color, isDashed: look === 'dashed' || look === 'dotted' } : null,
  );
  const place = { x: page.x(box.left), y: page.y(box.top) };
  const parts: string[] = [];
  if (fill || (top && right && bottom && left)) {
    page.include(box);
    const inset = top && right && bottom && left ? top.width / 2 : 0;
    const radius = Math.max(0, Number.parseFloat(style.borderTopLeftRadius) - inset);
    parts.push(
      svgElement('rect', {
        x: place.x + inset,
        y: place.y + inset,
        width: box.width - 2 * inset,
        height: box.height - 2 * inset,
        rx: radius === 0 ? null : Math.min(radius, box.height / 2, box.width / 2),
        fill: fill?.hex ?? 'none',
        'fill-opacity': fill && fill.opacity < 1 ? pixels(fill.opacity) : null,
        ...(inset > 0 && top ? strokeOf(top) : {}),
      }),
    );
    if (inset > 0) return parts.join('');
  }
  const { x, y } = place;
  const lines = [
    { side: top, x1: x, x2: x + box.width, y1: y, y2: y },
    { side: right, x1: x + box.width, x2: x + box.width, y1: y, y2: y + box.height },
    { side: bottom, x1: x, x2: x + box.width, y1: y + box.height, y2: y + box.height },
    { side: left, x1: x, x2: x, y1: y, y2: y + box.height },
  ];
  for (const { side, ...line } of lines) {
    if (side) parts.push(svgElement('line', { ...line, ...strokeOf(side) }));
  }
  return parts.join('');
}

interface Side {
  readonly width: number;
  readonly isDashed: boolean;
  readonly color: { readonly hex: string; readonly opacity: number };
}

function strokeOf(side: Side) {
  return {
    stroke: side.color.hex,
    'stroke-width': side.width,
    'stroke-dasharray': side.isDashed ? `${2 * side.width} ${side.width}` : null,
    'stroke-opacity': side.color.opacity < 1 ? pixels(side.color.opacity) : null,
  };
}

/**
 * A text node, one SVG text a line, so that it stays text. Numbers that stand right or in the middle are anchored there: the
 * reader's font may be wider than the window's.
 */
export function textLines(node: Text, style: CSSStyleDeclaration, page: FigurePage): string {
  const fill = svgColor(style.color);
  if (!fill || !/\S/.test(node.data)) return '';
  const size = Number.parseFloat(style.fontSize);
  const end =
    style.textOverflow === 'ellipsis' ? node.parentElement?.getBoundingClientRect().right : undefined;
  return linesOf(node)
    .map((line) => cutAt(line, end))
    .map(({ text, box }) => {
      page.include(box);
      const anchor = anchorOf(style.textAlign);
      const x = anchor === 'end' ? box.right : anchor === 'middle' ? (box.left + box.right) / 2 : box.left;
      return svgElement(
        'text',
        {
          x: page.x(x),
          y: page.y(baselineOf(box, style)),
          'text-anchor': anchor === 'start' ? null : anchor,
          'font-size': size,
          'font-weight': style.fontWeight === '400' ? null : style.fontWeight,
          'font-family': style.fontFamily.includes('Mono') ? FIGURE_FONT_MONO : null,
          fill: fill.hex,
          'fill-opacity': fill.opacity < 1 ? pixels(fill.opacity) : null,
        },
        escaped(text),
      );
    })
    .join('');
}

function anchorOf(align: string): 'start' | 'middle' | 'end' {
  if (align === 'right' || align === 'end' || align === '-webkit-right') return 'end';
  return align === 'center' || align === '-webkit-center' ? 'middle' : 'start';
}

interface TextLine {
  readonly text: string;
  readonly box: DOMRect;
}

/** The words of the node, put together again where they stand in one line. */
function linesOf(node: Text): readonly TextLine[] {
  const range = document.createRange();
  range.selectNodeContents(node);
  const whole = [...range.getClientRects()].filter(({ width }) => width > 0);
  const [only] = whole;
  if (!only) return [];
  if (whole.length === 1) return [{ text: node.data.replaceAll(/\s+/g, ' ').trim(), box: only }];
  const lines: { text: string; box: DOMRect }[] = [];
  for (const word of node.data.matchAll(/\S+/g)) {
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const box = range.getBoundingClientRect();
    const line = lines.at(-1);
    if (line && Math.abs(line.box.top - box.top) < 2) {
      line.text += ` ${word[0]}`;
      line.box = new DOMRect(line.box.left, line.box.top, box.right - line.box.left, line.box.height);
    } else lines.push({ text: word[0], box });
  }
  return lines;
}

/** What the page cuts with an ellipsis is cut in the file too; letters are taken as equally wide. */
function cutAt(line: TextLine, end: number | undefined): TextLine {
  const { text, box } = line;
  if (end === undefined || box.right <= end + 1) return line;
  const letters = Math.floor((text.length * Math.max(0, end - box.left)) / Math.max(1, box.width)) - 1;
  const kept = new DOMRect(box.left, box.top, Math.max(0, end - box.left), box.height);
  return { text: `${text.slice(0, Math.max(0, letters)).trimEnd()}…`, box: kept };
}

let measuring: CanvasRenderingContext2D | null = null;

/** A text's box is as high as ascent and descent of its font; the letters stand at the ascent. */
function baselineOf(box: DOMRect, style: CSSStyleDeclaration): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (!measuring) return box.bottom - box.height * 0.24;
  measuring.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = measuring.measureText('x');
  return box.top + (box.height * ascent) / Math.max(1, ascent + descent);
}
