// The `iteration: i / N | key: value | …` line of Nanotron, new and old (≤ v0.5) keys, as an open map.
// Never relies on the order of keys. The text has 3 significant digits: lm_loss is ±0.005.
import { stripAnsi } from './envelope.ts';
import { parseHumanNumber } from './human-number.ts';
import { createNumberCursor } from './number-cursor.ts';

const MARK = 'iteration: ';

/** Old name → new name. Units agree; `global_batch_size` differs and is handled below. */
const synonyms: Readonly<Record<string, string>> = {
  elapsed_time_per_iteration_ms: 'time_per_iteration_ms',
};

export interface IterationLine {
  /** Where in the line it begins; the time stands before. */
  readonly start: number;
  readonly step: number;
  /** The run's train_steps as the line has it. */
  readonly totalSteps: number;
  /** Tags and their values, in the order of the line. */
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** Python's timedelta text; no curve. */
  readonly etaText: string | null;
  /** False when a field could not be read; the others are still good. */
  readonly whole: boolean;
}

export type IterationReading =
  | { readonly kind: 'no' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'line'; readonly line: IterationLine };

/**
 * `no`: another kind of line; `bad`: looks like one and is broken. Whatever envelope the line has is skipped.
 * In the old format `global_batch_size` counts samples, not tokens: it is called `global_batch_samples` here.
 * A line that was cut off (`complete` false) loses its last field, whose digits may be missing.
 */
export interface IterationReader {
  (rawLine: string, complete?: boolean): IterationReading;
  /**
   * The line from `start` to `end` of `text` where it stands, when it looks like the ones before it; null for the long way. The
   * answer is good until the next one.
   */
  quick(text: string, start: number, end: number): QuickLine | null;
}

/** An iteration line whose eta is a place in the text; −1 where it has none. */
export interface QuickLine extends Omit<IterationLine, 'etaText' | 'whole'> {
  readonly etaStart: number;
  readonly etaEnd: number;
}

const no: IterationReading = { kind: 'no' };
const bad: IterationReading = { kind: 'bad' };

/** Lines of one log have one form: after the first, a line is read as fixed pieces with numbers between. */
interface KnownForm {
  /** Where the mark stands, from the beginning of the line. */
  readonly markAt: number;
  /** ` | key: ` before each number. */
  readonly pieces: readonly string[];
  readonly names: readonly string[];
  /** Of the line that was read last. */
  readonly values: number[];
  readonly hasEta: boolean;
}

/** A reader for the lines of one log. */
export function createIterationReader(): IterationReader {
  let form: KnownForm | null = null;
  const read = (rawLine: string, complete = true): IterationReading => {
    const at = rawLine.indexOf(MARK);
    if (at < 0 || !isAfterEnvelope(rawLine, 0, at)) return no;
    const quick =
      form && complete ? readKnownForm(form, rawLine, { start: 0, at, end: rawLine.length }) : null;
    if (quick) {
      const { etaStart, etaEnd, values, ...line } = quick;
      const etaText = etaStart < 0 ? null : rawLine.slice(etaStart, etaEnd);
      return { kind: 'line', line: { ...line, values: [...values], etaText, whole: true } };
    }
    const text = stripAnsi(rawLine.slice(at + MARK.length)).trimEnd();
    const line = readFields(text, complete, at);
    if (!line) return bad;
    if (line.whole && complete) form = formOf(text, at);
    return { kind: 'line', line };
  };
  return Object.assign(read, {
    quick(text: string, start: number, end: number): QuickLine | null {
      if (!form) return null;
      const at = start + form.markAt;
      if (at >= end || !text.startsWith(MARK, at) || !isAfterEnvelope(text, start, at)) return null;
      return readKnownForm(form, text, { start, at, end });
    },
  });
}

/** At the beginning of the line, after `: `, or after the end of a colour. */
function isAfterEnvelope(text: string, start: number, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return at === start || (before === 0x20 && text.charCodeAt(at - 2) === 0x3a) || before === 0x6d;
}

const ETA = ' | eta: ';
const BETWEEN = ' / ';

interface LinePlace {
  readonly start: number;
  /** Of the mark. */
  readonly at: number;
  readonly end: number;
}

function readKnownForm(form: KnownForm, text: string, { start, at, end }: LinePlace): QuickLine | null {
  const { pieces, names, values } = form;
  const step = cursor.read(text, at + MARK.length);
  if (cursor.end < 0 || !text.startsWith(BETWEEN, cursor.end)) return null;
  const totalSteps = cursor.read(text, cursor.end + BETWEEN.length);
  let place = cursor.end;
  if (place < 0 || !Number.isInteger(step) || !Number.isInteger(totalSteps)) return null;
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index] as string;
    if (!text.startsWith(piece, place)) return null;
    values[index] = cursor.readScaled(text, place + piece.length);
    // nan, inf and whatever else is no plain number goes the long way.
    if (cursor.end < 0) return null;
    place = cursor.end;
  }
  const last = endWithoutBlanks(text, place, end);
  if (!form.hasEta) {
    return last === place
      ? { start: at - start, step, totalSteps, names, values, etaStart: -1, etaEnd: -1 }
      : null;
  }
  const etaStart = place + ETA.length;
  if (!text.startsWith(ETA, place)) return null;
  // One more field, or colours, behind it.
  for (let index = etaStart; index < last; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BAR || code === ESCAPE) return null;
  }
  // Written out: spreading an object with fractions costs more than reading the line.
  return { start: at - start, step, totalSteps, names, values, etaStart, etaEnd: last };
}

const BAR = 0x7c;
const ESCAPE = 0x1b;

/** Blanks, as logs have them at the ends of lines; any other is looked at the long way. */
function endWithoutBlanks(text: string, from: number, end: number): number {
  let last = end;
  while (last > from && (text.charCodeAt(last - 1) === 0x20 || text.charCodeAt(last - 1) === 0x0d)) last -= 1;
  return last;
}

/** One for all logs: it keeps nothing from one number to the next. */
const cursor = createNumberCursor();

/** The form of a line in which every field could be read; null when the eta is not last. */
function formOf(text: string, markAt: number): KnownForm | null {
  const keys = text
    .split(' | ')
    .slice(1)
    .map((field) => field.slice(0, field.indexOf(': ')));
  const etaAt = keys.indexOf('eta');
  if (etaAt >= 0 && etaAt < keys.length - 1) return null;
  const metrics = keys.filter((key) => key !== 'eta');
  return {
    markAt,
    pieces: metrics.map((key) => ` | ${key}: `),
    names: finalNames(metrics),
    values: metrics.map(() => 0.5),
    hasEta: etaAt >= 0,
  };
}

/** Reads whatever fields a line has; null when it has no head or no number at all. */
function readFields(text: string, complete: boolean, start: number): IterationLine | null {
  const [headText = '', ...fields] = text.split(' | ');
  const head = /^(\d+) \/ (\d+)$/.exec(headText);
  if (!head) return null;
  const keys: string[] = [];
  const values: number[] = [];
  let etaText: string | null = null;
  let whole = true;
  for (const [index, field] of fields.entries()) {
    const isCut = !complete && index === fields.length - 1;
    const colon = field.indexOf(': ');
    const key = field.slice(0, colon);
    const valueText = field.slice(colon + 2);
    const value = parseHumanNumber(valueText);
    if (isCut) continue;
    if (key === 'eta') etaText = valueText;
    else if (colon < 0 || value === undefined) whole = false;
    else {
      keys.push(key);
      values.push(value);
    }
  }
  if (keys.length === 0) return null;
  return {
    start,
    step: Number(head[1]),
    totalSteps: Number(head[2]),
    names: finalNames(keys),
    values,
    etaText,
    whole,
  };
}

/** Old names become the new ones. */
function finalNames(keys: readonly string[]): readonly string[] {
  const isOld = keys.some((key) => key in synonyms);
  return keys.map((key) =>
    isOld && key === 'global_batch_size' ? 'global_batch_samples' : (synonyms[key] ?? key),
  );
}
