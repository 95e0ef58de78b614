// One JSON object per line: the studio's own metrics.jsonl, LLaMA-Factory's trainer_log.jsonl, W&B-like exports.
// Numbers become points of the tag they are named by; null is a value that was not a number (NaN).

/** What the reserved keys of a line mean; all others are tags. */
const meanings: Readonly<Record<string, 'step' | 'time' | 'total'>> = {
  step: 'step',
  global_step: 'step',
  iteration: 'step',
  iteration_step: 'step',
  current_steps: 'step',
  _step: 'step',
  time: 'time',
  timestamp: 'time',
  _timestamp: 'time',
  time_ms: 'time',
  total_steps: 'total',
  max_steps: 'total',
  train_steps: 'total',
};
const meaningByKey = new Map(Object.entries(meanings));

export function keyMeaning(key: string): 'step' | 'time' | 'total' | undefined {
  return meaningByKey.get(key);
}

/** Nested objects are flattened as `outer/inner` this deep. */
const MAX_NESTING = 2;
/** Unix seconds stay below this until the year 5138; larger numbers are milliseconds. */
export const SECONDS_LIMIT = 1e11;

export interface MetricsLine {
  /** null when the line has no step: the reader counts rows. */
  readonly step: number | null;
  readonly timeMs: number | null;
  readonly totalSteps: number | null;
  /** Flat pairs, in the order of the line. */
  readonly names: readonly string[];
  readonly values: readonly number[];
}

/** A line of JSON, or null when it is no JSON object. Python's NaN, Infinity and -Infinity are understood. */
export function readMetricsLine(line: string): MetricsLine | null {
  const object = parseObject(line);
  if (!object) return null;
  const pairs: Pairs = { names: [], values: [] };
  const found: Record<'step' | 'time' | 'total', number | null> = { step: null, time: null, total: null };
  for (const key in object) {
    const meaning = meaningByKey.get(key);
    const value = object[key];
    if (meaning === undefined) collect(pairs, key, value, 0);
    // `step` itself wins over its synonyms; otherwise the first one does.
    else if (
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (found[meaning] === null || key === 'step')
    ) {
      found[meaning] = value;
    }
  }
  const { step, time, total } = found;
  return {
    step,
    timeMs: time === null ? null : time < SECONDS_LIMIT ? time * 1000 : time,
    totalSteps: total,
    ...pairs,
  };
}

interface Pairs {
  readonly names: string[];
  readonly values: number[];
}

function collect(pairs: Pairs, name: string, value: unknown, depth: number): void {
  if (typeof value === 'number') {
    pairs.names.push(name);
    pairs.values.push(value);
  } else if (value === null) {
    pairs.names.push(name);
    pairs.values.push(Number.NaN);
  } else if (typeof value === 'object' && !Array.isArray(value) && depth < MAX_NESTING) {
    for (const [key, inner] of Object.entries(value)) collect(pairs, `${name}/${key}`, inner, depth + 1);
  }
}

function parseObject(line: string): Readonly<Record<string, unknown>> | null {
  const value = parseJson(line) ?? parseJson(withoutPythonNumbers(line));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Python's json module writes NaN and Infinity bare; as huge or null they parse, outside quotes only. */
function withoutPythonNumbers(line: string): string {
  return line.replace(
    /("(?:[^"\\]|\\.)*")|(-?)\b(NaN|Infinity)\b/g,
    (match, quoted, sign: string, word: string) => {
      if (quoted !== undefined) return match;
      return word === 'NaN' ? 'null' : `${sign}1e999`;
    },
  );
}
