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
export type IterationReader = (rawLine: string, complete?: boolean) => IterationReading;

const no: IterationReading = { kind: 'no' };
const bad: IterationReading = { kind: 'bad' };

/** Lines of one log have one form: after the first, a line is read as fixed pieces with numbers between. */
interface KnownForm {
  /** ` | key: ` before each number. */
  readonly pieces: readonly string[];
  readonly names: readonly string[];
  readonly hasEta: boolean;
}

/** A reader for the lines of one log. */
export function createIterationReader(): IterationReader {
  let form: KnownForm | null = null;
  return (rawLine, complete = true) => {
    const at = rawLine.indexOf(MARK);
    if (at < 0 || !(at === 0 || rawLine.endsWith(': ', at) || rawLine.charCodeAt(at - 1) === 0x6d)) return no;
    const quick = form && complete ? readKnownForm(form, rawLine, at) : null;
    if (quick) return { kind: 'line', line: quick };
    const text = stripAnsi(rawLine.slice(at + MARK.length)).trimEnd();
    const line = readFields(text, complete, at);
    if (!line) return bad;
    if (line.whole && complete) form = formOf(text);
    return { kind: 'line', line };
  };
}

const ETA = ' | eta: ';
const BETWEEN = ' / ';

function readKnownForm(form: KnownForm, line: string, at: number): IterationLine | null {
  const { pieces, names } = form;
  const step = cursor.read(line, at + MARK.length);
  if (cursor.end < 0 || !line.startsWith(BETWEEN, cursor.end)) return null;
  const totalSteps = cursor.read(line, cursor.end + BETWEEN.length);
  let place = cursor.end;
  if (place < 0 || !Number.isInteger(step) || !Number.isInteger(totalSteps)) return null;
  const values: number[] = [];
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index] as string;
    if (!line.startsWith(piece, place)) return null;
    values[index] = cursor.readScaled(line, place + piece.length);
    // nan, inf and whatever else is no plain number goes the long way.
    if (cursor.end < 0) return null;
    place = cursor.end;
  }
  let etaText: string | null = null;
  if (form.hasEta) {
    if (!line.startsWith(ETA, place)) return null;
    etaText = line.slice(place + ETA.length).trimEnd();
    if (etaText.includes(' | ') || etaText.includes('\u001b')) return null;
  } else if (line.slice(place).trim() !== '') return null;
  return { start: at, step, totalSteps, names, values, etaText, whole: true };
}

/** One for all logs: it keeps nothing from one number to the next. */
const cursor = createNumberCursor();

/** The form of a line in which every field could be read; null when the eta is not last. */
function formOf(text: string): KnownForm | null {
  const keys = text
    .split(' | ')
    .slice(1)
    .map((field) => field.slice(0, field.indexOf(': ')));
  const etaAt = keys.indexOf('eta');
  if (etaAt >= 0 && etaAt < keys.length - 1) return null;
  const metrics = keys.filter((key) => key !== 'eta');
  return { pieces: metrics.map((key) => ` | ${key}: `), names: finalNames(metrics), hasEta: etaAt >= 0 };
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
