// Lines of a metrics file are alike: the same keys in the same order, a number behind each. After the first of them a line is read
// as its fixed pieces with numbers between, which takes a fraction of what making an object takes. Whatever differs in any
// character goes the long way.
import { bytesOf, standsAt } from './byte-text.ts';
import { keyMeaning, type MetricsLine, readMetricsLine, SECONDS_LIMIT } from './metrics-jsonl.ts';
import { createNumberCursor } from './number-cursor.ts';

export interface MetricsReader {
  /**
   * The line of metrics that begins at `start` where it stands in a file, when it has a known form; null for the long way. It is
   * followed by a line feed. The answer is good until the next line is read.
   */
  quick(bytes: Uint8Array, start: number): QuickMetrics | null;
  /** A line, however it looks; learns its form. */
  read(line: string): MetricsLine | null;
}

/** A line of numbers alone. Written again for every line: nothing is made for one. NaN is what it does not say. */
export interface QuickMetrics {
  readonly step: number;
  readonly timeMs: number;
  readonly totalSteps: number;
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** Of the line feed behind it. */
  readonly end: number;
}

interface Form {
  /** What stands before each number, and after the last. */
  readonly pieces: readonly Uint8Array[];
  readonly end: Uint8Array;
  /** For each number: its place in `values`, or what its key means. */
  readonly places: readonly (number | 'step' | 'time' | 'total')[];
  /** Of the line that was read last. */
  readonly line: { -readonly [Key in keyof QuickMetrics]: QuickMetrics[Key] } & { readonly values: number[] };
}

/** Different forms that are remembered: a line of training, one of evaluation, one of both. */
const MAX_FORMS = 4;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

export function createMetricsReader(): MetricsReader {
  const cursor = createNumberCursor();
  let forms: readonly Form[] = [];

  const readForm = (form: Form, bytes: Uint8Array, start: number): QuickMetrics | null => {
    const { pieces, places, line } = form;
    const { values } = line;
    let at = start;
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index] as Uint8Array;
      if (!standsAt(bytes, at, piece)) return null;
      at += piece.length;
      const value = cursor.read(bytes, at);
      // JSON has no leading zeros.
      const digit = bytes[at] === MINUS ? at + 1 : at;
      if (cursor.end < 0 || (bytes[digit] === ZERO && isDigit(bytes[digit + 1]))) return null;
      at = cursor.end;
      const place = places[index];
      if (typeof place === 'number') values[place] = value;
      else if (!Number.isFinite(value)) return null;
      else if (place === 'step') line.step = value;
      else if (place === 'time') line.timeMs = value < SECONDS_LIMIT ? value * 1000 : value;
      else line.totalSteps = value;
    }
    if (!standsAt(bytes, at, form.end)) return null;
    at += form.end.length;
    if (bytes[at] === CARRIAGE_RETURN) at += 1;
    if (bytes[at] !== LINE_FEED) return null;
    line.end = at;
    return line;
  };

  return {
    quick(bytes, start) {
      for (const form of forms) {
        const found = readForm(form, bytes, start);
        if (found) return found;
      }
      return null;
    },
    read(text) {
      const slow = readMetricsLine(text);
      if (slow && forms.length < MAX_FORMS) {
        const form = formOf(text);
        // Only a form that gives what the long way gives is trusted.
        const found = form && readForm(form, bytesOf(`${text}\n`), 0);
        if (form && found && same(found, slow)) forms = [...forms, form];
      }
      return slow;
    },
  };
}

/** Null when the line is more than keys with numbers. */
function formOf(text: string): Form | null {
  const pieces: Uint8Array[] = [];
  const places: Form['places'][number][] = [];
  const names: string[] = [];
  const pair = /\s*[{,]\s*"([^"\\]+)"\s*:\s*(?=-?\d)/y;
  const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
  let at = 0;
  for (;;) {
    pair.lastIndex = at;
    const match = pair.exec(text);
    if (!match) break;
    const [piece, key = ''] = match;
    // One opening brace, at the beginning.
    if (piece.includes('{') !== (pieces.length === 0)) return null;
    const meaning = keyMeaning(key);
    // Two keys of one meaning compete: the long way knows which one wins.
    if (meaning && places.includes(meaning)) return null;
    pieces.push(bytesOf(piece));
    places.push(meaning ?? names.length);
    if (!meaning) names.push(key);
    number.lastIndex = pair.lastIndex;
    if (!number.exec(text)) return null;
    at = number.lastIndex;
  }
  const end = text.slice(at);
  const isUsable = pieces.length > 0 && end.trim() === '}' && new Set(names).size === names.length;
  if (!isUsable) return null;
  // Fractions from the beginning: fields and arrays of whole numbers would be made anew when the first one comes.
  const values = names.map(() => 0.5);
  const known = (meaning: 'step' | 'time' | 'total') => (places.includes(meaning) ? 0.5 : Number.NaN);
  const line = {
    step: known('step'),
    timeMs: known('time'),
    totalSteps: known('total'),
    names,
    values,
    end: 0,
  };
  return { pieces, end: bytesOf(end), places, line };
}

function same(a: QuickMetrics, b: MetricsLine): boolean {
  return (
    Object.is(a.step, b.step ?? Number.NaN) &&
    Object.is(a.timeMs, b.timeMs ?? Number.NaN) &&
    Object.is(a.totalSteps, b.totalSteps ?? Number.NaN) &&
    a.names.join('\n') === b.names.join('\n') &&
    a.values.every((value, index) => Object.is(value, b.values[index]))
  );
}

const ZERO = 0x30;
const MINUS = 0x2d;

function isDigit(code: number | undefined): boolean {
  return code !== undefined && code >= ZERO && code <= 0x39;
}
