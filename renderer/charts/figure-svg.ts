// Any figure on the page as an SVG file: its SVG parts with computed styles written out, its HTML parts (captions, legends,
// heat tables, bars) as rectangles and text. Works on a copy that is laid out beside the figure in the wanted theme, so
// the page itself does not flicker. Knows the DOM, nothing about charts.
import { svgColor } from './css-color.ts';
import { FigurePage } from './figure-page.ts';
import { htmlBox, textLines } from './html-to-svg.ts';
import { escaped, pixels, svgDocument, svgElement } from './svg-text.ts';

export type FigureTheme = 'light' | 'shown';

/** Space around the figure, in pixels. */
const MARGIN = 12;
/** What a picture has no use for: menus, hints for screen readers, form fields but those that hold one of its numbers. */
const SKIPPED = '[data-figure="skip"], .visually-hidden, input, select, textarea, script, style';

/** `root` needs a size on the page. The result stands alone: no style sheet, no font file, no script. */
export function figureSvg(
  root: HTMLElement,
  about: { readonly title: string; readonly description?: string; readonly theme: FigureTheme },
): string {
  const holder = document.createElement('div');
  if (about.theme === 'light') holder.dataset['theme'] = 'light';
  holder.style.cssText = `position:absolute;left:-100000px;top:0;width:${root.clientWidth}px;color:var(--ink);background:var(--panel)`;
  const copy = root.cloneNode(true) as HTMLElement;
  holder.append(copy);
  (root.parentElement ?? document.body).append(holder);
  try {
    for (const field of copy.querySelectorAll('input[data-figure="value"]'))
      field.replaceWith(written(field));
    // Without them captions have the room that menus took.
    for (const element of copy.querySelectorAll(SKIPPED)) element.remove();
    for (const element of copy.querySelectorAll<HTMLElement>('*')) unclip(element);
    const background = svgColor(getComputedStyle(holder).backgroundColor)?.hex ?? '#ffffff';
    const origin = holder.getBoundingClientRect();
    const page = new FigurePage(origin.left - MARGIN, origin.top - MARGIN);
    page.include(copy.getBoundingClientRect());
    const content = htmlElement(copy, page);
    return svgDocument(
      {
        width: page.right + MARGIN,
        height: page.bottom + MARGIN,
        title: about.title,
        description: about.description ?? '',
        background,
      },
      content,
    );
  } finally {
    holder.remove();
  }
}

/** What a field holds, as text: in a table it is one of the numbers. */
function written(field: Element): Text {
  return document.createTextNode(field instanceof HTMLInputElement ? field.value : '');
}

/** What scrolls on the page is whole in the file. */
function unclip(element: HTMLElement): void {
  if (!(element instanceof HTMLElement)) return;
  const { overflowX, overflowY, position } = getComputedStyle(element);
  // What sticks to an edge while one scrolls would stick to the edge of the page.
  if (position === 'sticky') element.style.position = 'static';
  if (![overflowX, overflowY].some((value) => value === 'auto' || value === 'scroll')) return;
  element.style.overflow = 'visible';
  element.style.maxHeight = 'none';
  element.style.height = 'auto';
}

function htmlElement(element: Element, page: FigurePage): string {
  if (element.matches(SKIPPED)) return '';
  const style = getComputedStyle(element);
  if (style.display === 'none' || style.visibility !== 'visible' || Number(style.opacity) === 0) return '';
  if (element instanceof SVGSVGElement) return svgRoot(element, page);
  const box = element.getBoundingClientRect();
  const parts = box.width > 0 && box.height > 0 ? [htmlBox(box, style, page)] : [];
  for (const child of element.childNodes) {
    if (child instanceof Text) parts.push(textLines(child, style, page));
    else if (child instanceof Element) parts.push(htmlElement(child, page));
  }
  const content = parts.join('');
  return content === '' || style.opacity === '1'
    ? content
    : svgElement('g', { opacity: style.opacity }, content);
}

function svgRoot(svg: SVGSVGElement, page: FigurePage): string {
  const box = svg.getBoundingClientRect();
  page.include(box);
  const content = [...svg.children].map((child) => svgPart(child, page)).join('');
  if (content === '') return '';
  const viewBox = svg.getAttribute('viewBox');
  const place = { x: page.x(box.left), y: page.y(box.top) };
  if (viewBox === null)
    return svgElement('g', { transform: `translate(${pixels(place.x)} ${pixels(place.y)})` }, content);
  return svgElement(
    'svg',
    {
      ...place,
      width: box.width,
      height: box.height,
      viewBox,
      preserveAspectRatio: svg.getAttribute('preserveAspectRatio'),
      ...paintOf(svg, getComputedStyle(svg)),
    },
    content,
  );
}

/** What describes a shape; everything else is style, or of no use in a file. */
const GEOMETRY = new Set(
  'x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height transform offset href'.split(' '),
);
const REFERENCES = new Set(['clip-path', 'mask', 'marker-end', 'marker-start']);

function svgPart(element: Element, page: FigurePage): string {
  if (element.matches(SKIPPED)) return '';
  const style = getComputedStyle(element);
  const name = element.tagName.toLowerCase() === 'clippath' ? 'clipPath' : element.tagName;
  const isDefinition = ['defs', 'clipPath', 'linearGradient', 'stop', 'title', 'desc'].includes(name);
  if (!isDefinition && (style.display === 'none' || style.visibility !== 'visible')) return '';
  if (name === 'title' || name === 'desc') return '';
  const attributes: Record<string, string> = {};
  for (const { name: key, value } of element.attributes) {
    if (GEOMETRY.has(key)) attributes[key] = value;
    else if (key === 'id') attributes['id'] = page.nameOf(value);
    else if (REFERENCES.has(key))
      attributes[key] = value.replaceAll(/#([^)"']+)/g, (_, id: string) => `#${page.nameOf(id)}`);
  }
  const isShape = !isDefinition && name !== 'g';
  const inClip = element.closest('clipPath') !== null;
  if (isShape && !inClip) {
    const paint = paintOf(element, style);
    if (paint['fill'] === 'none' && paint['stroke'] === undefined) return '';
    Object.assign(attributes, paint);
  }
  if (!isDefinition && style.opacity !== '1') attributes['opacity'] = style.opacity;
  const children = [...element.childNodes]
    .map((child) => {
      if (child instanceof Element) return svgPart(child, page);
      return child instanceof Text && isShape ? escaped(child.data) : '';
    })
    .join('');
  if (name === 'g' && children === '') return '';
  return svgElement(name, attributes, children);
}

/** Fill, stroke and letters as presentation attributes. */
function paintOf(element: Element, style: CSSStyleDeclaration): Record<string, string | undefined> {
  const fill = svgColor(style.fill);
  const stroke = svgColor(style.stroke);
  const isText = element instanceof SVGTextContentElement;
  const opacityOf = (color: { readonly opacity: number } | null, own: string) => {
    const opacity = (color?.opacity ?? 1) * Number(own);
    return opacity === 1 ? undefined : pixels(opacity);
  };
  return {
    fill: fill?.hex ?? (style.fill.startsWith('url') ? style.fill : 'none'),
    'fill-opacity': fill ? opacityOf(fill, style.fillOpacity) : undefined,
    ...(stroke && Number.parseFloat(style.strokeWidth) > 0
      ? {
          stroke: stroke.hex,
          'stroke-opacity': opacityOf(stroke, style.strokeOpacity),
          'stroke-width': style.strokeWidth.replace('px', ''),
          'stroke-dasharray':
            style.strokeDasharray === 'none' ? undefined : style.strokeDasharray.replaceAll('px', ''),
          'stroke-linejoin': style.strokeLinejoin === 'miter' ? undefined : style.strokeLinejoin,
          'stroke-linecap': style.strokeLinecap === 'butt' ? undefined : style.strokeLinecap,
          'paint-order': style.paintOrder === 'normal' ? undefined : style.paintOrder,
        }
      : {}),
    'vector-effect': style.getPropertyValue('vector-effect').replace('none', '') || undefined,
    'shape-rendering': style.shapeRendering === 'auto' ? undefined : style.shapeRendering,
    ...(isText
      ? {
          'font-size': style.fontSize.replace('px', ''),
          'font-weight': style.fontWeight === '400' ? undefined : style.fontWeight,
          'text-anchor': style.textAnchor === 'start' ? undefined : style.textAnchor,
          'dominant-baseline': style.dominantBaseline === 'auto' ? undefined : style.dominantBaseline,
        }
      : {}),
  };
}
