// Lines of a metrics file are alike: the same keys in the same order, a number behind each. After the first of them a line is read
// as its fixed pieces with numbers between, which takes a fraction of what making an object takes. Whatever differs in any
// character goes the long way.
import { keyMeaning, type MetricsLine, readMetricsLine, SECONDS_LIMIT } from './metrics-jsonl.ts';
import { createNumberCursor } from './number-cursor.ts';

export interface MetricsReader {
  /**
   * The line of metrics that is `text` from `start` to `end`, when it has a known form; null for the long way. Its values are good
   * until the next line is read.
   */
  quick(text: string, start: number, end: number): MetricsLine | null;
  /** A line, however it looks; learns its form. */
  read(line: string): MetricsLine | null;
}

interface Form {
  /** What stands before each number, and after the last. */
  readonly pieces: readonly string[];
  readonly end: string;
  /** For each number: its place in `names`, or what its key means. */
  readonly places: readonly (number | 'step' | 'time' | 'total')[];
  readonly names: readonly string[];
  /** Of the line that was read last. */
  readonly values: number[];
}

/** Different forms that are remembered: a line of training, one of evaluation, one of both. */
const MAX_FORMS = 4;

export function createMetricsReader(): MetricsReader {
  const cursor = createNumberCursor();
  let forms: readonly Form[] = [];

  const readForm = (form: Form, text: string, start: number, end: number): MetricsLine | null => {
    const { pieces, places, names, values } = form;
    let step: number | null = null;
    let time: number | null = null;
    let total: number | null = null;
    let at = start;
    for (let index = 0; index < pieces.length; index += 1) {
      const piece = pieces[index] as string;
      if (!text.startsWith(piece, at)) return null;
      at += piece.length;
      const value = cursor.read(text, at);
      // JSON has no leading zeros; `-0` and the like are left to it.
      if (cursor.end < 0 || (text.charCodeAt(at) === 0x30 && isDigit(text.charCodeAt(at + 1)))) return null;
      at = cursor.end;
      const place = places[index];
      if (typeof place === 'number') values[place] = value;
      else if (!Number.isFinite(value)) return null;
      else if (place === 'step') step = value;
      else if (place === 'time') time = value;
      else total = value;
    }
    if (at + form.end.length !== end || !text.startsWith(form.end, at)) return null;
    return {
      step,
      timeMs: time === null ? null : time < SECONDS_LIMIT ? time * 1000 : time,
      totalSteps: total,
      names,
      values,
    };
  };

  const quick = (text: string, start: number, end: number): MetricsLine | null => {
    for (const form of forms) {
      const found = readForm(form, text, start, end);
      if (found) return found;
    }
    return null;
  };

  return {
    quick,
    read(line) {
      const known = quick(line, 0, line.length);
      if (known) return known;
      const slow = readMetricsLine(line);
      if (slow && forms.length < MAX_FORMS) {
        const form = formOf(line);
        // Only a form that gives what the long way gives is trusted.
        const found = form && readForm(form, line, 0, line.length);
        if (form && found && same(found, slow)) forms = [...forms, form];
      }
      return slow;
    },
  };
}

/** Null when the line is more than keys with numbers. */
function formOf(line: string): Form | null {
  const pieces: string[] = [];
  const places: Form['places'][number][] = [];
  const names: string[] = [];
  const pair = /\s*[{,]\s*"([^"\\]+)"\s*:\s*(?=-?\d)/y;
  const number = /-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
  let at = 0;
  for (;;) {
    pair.lastIndex = at;
    const match = pair.exec(line);
    if (!match) break;
    const [piece, key = ''] = match;
    // One opening brace, at the beginning.
    if (piece.includes('{') !== (pieces.length === 0)) return null;
    const meaning = keyMeaning(key);
    // Two keys of one meaning compete: the long way knows which one wins.
    if (meaning && places.includes(meaning)) return null;
    pieces.push(piece);
    places.push(meaning ?? names.length);
    if (!meaning) names.push(key);
    number.lastIndex = pair.lastIndex;
    if (!number.exec(line)) return null;
    at = number.lastIndex;
  }
  const end = line.slice(at);
  const isUsable = pieces.length > 0 && end.trim() === '}' && new Set(names).size === names.length;
  // Doubles from the beginning: arrays of whole numbers would be made anew when the first fraction comes.
  return isUsable ? { pieces, end, places, names, values: names.map(() => 0.5) } : null;
}

function same(a: MetricsLine, b: MetricsLine): boolean {
  return (
    a.step === b.step &&
    a.timeMs === b.timeMs &&
    a.totalSteps === b.totalSteps &&
    a.names.join('\n') === b.names.join('\n') &&
    a.values.every((value, index) => Object.is(value, b.values[index]))
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
