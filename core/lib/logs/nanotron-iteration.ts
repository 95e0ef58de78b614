// The `iteration: i / N | key: value | …` line of Nanotron, new and old (≤ v0.5) keys, as an open map.
// Never relies on the order of keys. The text has 3 significant digits: lm_loss is ±0.005.
import { bytesOf, standsAt } from './byte-text.ts';
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
   * The line that begins at `start` where it stands in a file, when it looks like the ones before it; null for the long way. It is
   * followed by a line feed. The answer is good until the next one.
   */
  quick(bytes: Uint8Array, start: number): QuickLine | null;
}

/** An iteration line whose eta is a place in the bytes; −1 where it has none. */
export interface QuickLine extends Omit<IterationLine, 'etaText' | 'whole'> {
  /** Of the line feed behind it. */
  readonly end: number;
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
  readonly pieces: readonly Uint8Array[];
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
    if (at < 0 || !isAfterEnvelope(rawLine, at)) return no;
    const text = stripAnsi(rawLine.slice(at + MARK.length)).trimEnd();
    const line = readFields(text, complete, at);
    if (!line) return bad;
    if (line.whole && complete) form = formOf(text, at);
    return { kind: 'line', line };
  };
  return Object.assign(read, {
    quick(bytes: Uint8Array, start: number): QuickLine | null {
      if (!form) return null;
      const at = start + form.markAt;
      // A line that ends before has a line feed there or none of the mark's letters.
      if (at >= bytes.length || !standsAt(bytes, at, MARK_BYTES) || !isInLine(bytes, start, at)) return null;
      return readKnownForm(form, bytes, start, at);
    },
  });
}

const MARK_BYTES = bytesOf(MARK);

/** At the beginning of the line, after `: `, or after the end of a colour. */
function isAfterEnvelope(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return at === 0 || (before === 0x20 && text.charCodeAt(at - 2) === 0x3a) || before === 0x6d;
}

/** The same, where a line begins at `start`, and none ends between. */
function isInLine(bytes: Uint8Array, start: number, at: number): boolean {
  for (let index = start; index < at; index += 1) if (bytes[index] === LINE_FEED) return false;
  const before = bytes[at - 1];
  return at === start || (before === 0x20 && bytes[at - 2] === 0x3a) || before === 0x6d;
}

const LINE_FEED = 0x0a;
const ETA = bytesOf(' | eta: ');
const BETWEEN = bytesOf(' / ');

function readKnownForm(form: KnownForm, bytes: Uint8Array, start: number, at: number): QuickLine | null {
  const { pieces, names, values } = form;
  const stepEnd = digitsEnd(bytes, at + MARK.length);
  const totalAt = stepEnd + BETWEEN.length;
  if (!standsAt(bytes, stepEnd, BETWEEN)) return null;
  const step = cursor.read(bytes, at + MARK.length);
  let place = digitsEnd(bytes, totalAt);
  const totalSteps = cursor.read(bytes, totalAt);
  // Whole numbers, of which there is something, and nothing like `5e3`.
  if (stepEnd === at + MARK.length || cursor.end !== place) return null;
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index] as Uint8Array;
    if (!standsAt(bytes, place, piece)) return null;
    values[index] = cursor.readScaled(bytes, place + piece.length);
    // nan, inf and whatever else is no plain number goes the long way.
    if (cursor.end < 0) return null;
    place = cursor.end;
  }
  const etaStart = form.hasEta ? place + ETA.length : -1;
  if (form.hasEta) {
    if (!standsAt(bytes, place, ETA)) return null;
    place = etaStart;
    // One more field, colours, or blanks of another kind behind it.
    for (let code = bytes[place]; code !== LINE_FEED; place += 1, code = bytes[place])
      if (code === undefined || code < BLANK || code > LAST_PLAIN || code === BAR) return null;
  } else {
    while (bytes[place] === BLANK) place += 1;
    if (bytes[place] !== LINE_FEED) return null;
  }
  let etaEnd = form.hasEta ? place : -1;
  while (etaEnd > etaStart && bytes[etaEnd - 1] === BLANK) etaEnd -= 1;
  // None at all is no eta.
  if (form.hasEta && etaEnd === etaStart) return null;
  // Written out: spreading an object with fractions costs more than reading the line.
  return { start: at - start, step, totalSteps, names, values, etaStart, etaEnd, end: place };
}

/** Where the digits end that begin at `from`. */
function digitsEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at += 1;
  return at;
}

const BAR = 0x7c;
const BLANK = 0x20;
const LAST_PLAIN = 0x7e;

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
    pieces: metrics.map((key) => bytesOf(` | ${key}: `)),
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
