// Text with terminal escapes to plain text and how its parts look. Colours stay names or numbers; what they are on a screen is
// the window's business. Everything that is no colour (cursor moves, titles, links) is dropped, control characters become visible.

export type AnsiColor =
  /** 0 to 15: black, red, green, yellow, blue, magenta, cyan, white, then the bright ones. */
  | { readonly kind: 'named'; readonly index: number }
  | { readonly kind: 'rgb'; readonly red: number; readonly green: number; readonly blue: number };

export interface AnsiStyle {
  readonly color: AnsiColor | null;
  readonly background: AnsiColor | null;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export interface AnsiSpan {
  /** Places in the plain text, UTF-16. */
  readonly start: number;
  readonly end: number;
  readonly style: AnsiStyle;
}

export interface AnsiText {
  readonly text: string;
  /** In order, without overlap; what lies between is plain. */
  readonly spans: readonly AnsiSpan[];
}

export const plainStyle: AnsiStyle = {
  color: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** A title or a link is short; a lone start of one in binary garbage must not swallow the rest of a line. */
const MAX_STRING_SEQUENCE = 4096;

// CSI; OSC, DCS, APC, PM and SOS with their end; a charset; any other two characters; a lone start at the end.
// oxlint-disable-next-line no-control-regex
const escapes = new RegExp(
  `(?:\\u001b\\[|\\u009b)([0-?]*)([ -/]*)([@-~]?)|\\u001b[\\]PX^_][^\\u0007\\u001b]{0,${MAX_STRING_SEQUENCE}}(?:\\u0007|\\u001b\\\\)|\\u001b[()*+][0-~]?|\\u001b[ -~]?`,
  'g',
);
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex
const allControls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** One line. Styles do not go on to the next one. A sequence that is cut off at the end is dropped. */
export function parseAnsi(line: string): AnsiText {
  if (!controls.test(line)) return { text: line, spans: [] };
  const spans: AnsiSpan[] = [];
  let text = '';
  let style = plainStyle;
  let from = 0;
  const take = (part: string): void => {
    if (part === '') return;
    const start = text.length;
    text += visible(part);
    if (style === plainStyle) return;
    const last = spans.at(-1);
    if (last && last.end === start && last.style === style)
      spans[spans.length - 1] = { ...last, end: text.length };
    else spans.push({ start, end: text.length, style });
  };
  for (const match of line.matchAll(escapes)) {
    take(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[3] === 'm' && match[2] === '') style = applySgr(style, match[1] ?? '');
  }
  take(line.slice(from));
  return { text, spans };
}

/** The plain text alone. */
export function withoutAnsi(line: string): string {
  return controls.test(line) ? visible(line.replaceAll(escapes, '')) : line;
}

/** Escapes are taken out, other control characters stay as they are. */
export function withoutEscapes(text: string): string {
  return text.replaceAll(escapes, '');
}

function visible(part: string): string {
  if (!controls.test(part)) return part;
  return part.replaceAll(allControls, (sign) => {
    const code = sign.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** `1;38;5;208` or `38:2::255:0:0` on top of what was set before. Unknown numbers change nothing. */
function applySgr(before: AnsiStyle, parameters: string): AnsiStyle {
  // Not for terminals: `ESC [ ? … m` and the like set no colours.
  if (/[<=>?]/.test(parameters)) return before;
  const codes = parameters.split(';').map((part) => part.split(':').map(Number));
  let style = before;
  for (let at = 0; at < codes.length; at += 1) {
    const [code = 0, ...sub] = codes[at] ?? [];
    if (code === 38 || code === 48) {
      const isColon = sub.length > 0;
      const rest = isColon ? sub : codes.slice(at + 1).map(([value = 0]) => value);
      const { color, used } = extendedColor(rest, isColon);
      if (!isColon) at += used;
      if (color) style = code === 38 ? { ...style, color } : { ...style, background: color };
    } else style = applyCode(style, code, sub);
  }
  return isPlain(style) ? plainStyle : style;
}

function applyCode(style: AnsiStyle, code: number, sub: readonly number[]): AnsiStyle {
  const named = (index: number): AnsiColor => ({ kind: 'named', index });
  if (code >= 30 && code <= 37) return { ...style, color: named(code - 30) };
  if (code >= 90 && code <= 97) return { ...style, color: named(code - 82) };
  if (code >= 40 && code <= 47) return { ...style, background: named(code - 40) };
  if (code >= 100 && code <= 107) return { ...style, background: named(code - 92) };
  switch (code) {
    case 0:
      return plainStyle;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 3:
      return { ...style, italic: true };
    case 4:
      return { ...style, underline: sub[0] !== 0 };
    case 7:
      return { ...style, inverse: true };
    case 9:
      return { ...style, strike: true };
    case 21:
      return { ...style, underline: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 23:
      return { ...style, italic: false };
    case 24:
      return { ...style, underline: false };
    case 27:
      return { ...style, inverse: false };
    case 29:
      return { ...style, strike: false };
    case 39:
      return { ...style, color: null };
    case 49:
      return { ...style, background: null };
    default:
      return style;
  }
}

/** `5;n` or `2;r;g;b`; with colons `2::r:g:b` too. */
function extendedColor(
  rest: readonly number[],
  isColon: boolean,
): { readonly color: AnsiColor | null; readonly used: number } {
  if (rest[0] === 5) return { color: paletteColor(rest[1] ?? -1), used: 2 };
  if (rest[0] !== 2) return { color: null, used: 1 };
  const [red = 0, green = 0, blue = 0] = isColon && rest.length > 4 ? rest.slice(2, 5) : rest.slice(1, 4);
  const isByte = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= 255;
  const color = [red, green, blue].every(isByte) ? { kind: 'rgb' as const, red, green, blue } : null;
  return { color, used: 4 };
}

/** The 256 colours of xterm: 16 names, a cube of 6 × 6 × 6, 24 greys. */
function paletteColor(index: number): AnsiColor | null {
  if (!Number.isInteger(index) || index < 0 || index > 255) return null;
  if (index < 16) return { kind: 'named', index };
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return { kind: 'rgb', red: grey, green: grey, blue: grey };
  }
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return {
    kind: 'rgb',
    red: level(Math.floor(cube / 36)),
    green: level(Math.floor(cube / 6) % 6),
    blue: level(cube % 6),
  };
}

function isPlain(style: AnsiStyle): boolean {
  const { color, background, bold, dim, italic, underline, strike, inverse } = style;
  return !(color || background || bold || dim || italic || underline || strike || inverse);
}
