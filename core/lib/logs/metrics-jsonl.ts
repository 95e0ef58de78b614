// One JSON object per line: the studio's own metrics.jsonl, LLaMA-Factory's trainer_log.jsonl, W&B-like exports.
// Numbers become points of the tag they are named by; null is a value that was not a number (NaN).

const stepKeys = ['step', 'global_step', 'iteration', 'iteration_step', 'current_steps', '_step'] as const;
const timeKeys = ['time', 'timestamp', '_timestamp', 'time_ms'] as const;
const totalKeys = ['total_steps', 'max_steps', 'train_steps'] as const;
const reserved: ReadonlySet<string> = new Set([...stepKeys, ...timeKeys, ...totalKeys]);

/** Nested objects are flattened as `outer/inner` this deep. */
const MAX_NESTING = 2;
/** Unix seconds stay below this until the year 5138; larger numbers are milliseconds. */
const SECONDS_LIMIT = 1e11;

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
  collect(object, pairs, '', 0);
  const time = firstNumber(object, timeKeys);
  return {
    step: firstNumber(object, stepKeys),
    timeMs: time === null ? null : time < SECONDS_LIMIT ? time * 1000 : time,
    totalSteps: firstNumber(object, totalKeys),
    ...pairs,
  };
}

interface Pairs {
  readonly names: string[];
  readonly values: number[];
}

function collect(object: object, pairs: Pairs, prefix: string, depth: number): void {
  for (const key in object) {
    if (depth === 0 && reserved.has(key)) continue;
    const value: unknown = (object as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'number') {
      pairs.names.push(prefix + key);
      pairs.values.push(value);
    } else if (value === null) {
      pairs.names.push(prefix + key);
      pairs.values.push(Number.NaN);
    } else if (typeof value === 'object' && !Array.isArray(value) && depth < MAX_NESTING) {
      collect(value, pairs, `${prefix}${key}/`, depth + 1);
    }
  }
}

function firstNumber(object: Readonly<Record<string, unknown>>, keys: readonly string[]): number | null {
  for (const key of keys) {
    const value = object[key];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
  }
  return null;
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
