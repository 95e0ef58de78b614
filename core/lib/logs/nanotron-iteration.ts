// The `iteration: i / N | key: value | …` line of Nanotron, new and old (≤ v0.5) keys, as an open map.
// Never relies on the order of keys. The text has 3 significant digits: lm_loss is ±0.005.
import { stripAnsi } from './envelope.ts';
import { parseHumanNumber } from './human-number.ts';

const MARK = 'iteration: ';

/** Old name → new name. Units agree; `global_batch_size` differs and is handled below. */
const synonyms: Readonly<Record<string, string>> = {
  elapsed_time_per_iteration_ms: 'time_per_iteration_ms',
};

export interface IterationLine {
  readonly step: number;
  /** The run's train_steps as the line has it. */
  readonly totalSteps: number;
  readonly values: ReadonlyMap<string, number>;
  /** Python's timedelta text; no curve. */
  readonly etaText: string | null;
  /** False when a field could not be read; the others are still good. */
  readonly whole: boolean;
}

export type IterationReading =
  | { readonly kind: 'no' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'line'; readonly line: IterationLine };

const no: IterationReading = { kind: 'no' };
const bad: IterationReading = { kind: 'bad' };

/**
 * Reads one log line with whatever envelope. `no`: another kind of line; `bad`: looks like one and is broken.
 * In the old format `global_batch_size` counts samples, not tokens: it is called `global_batch_samples` here.
 * A line that was cut off (`complete` false) loses its last field, whose digits may be missing.
 */
export function readIterationLine(rawLine: string, complete = true): IterationReading {
  const at = rawLine.indexOf(MARK);
  if (at < 0 || !(at === 0 || rawLine.endsWith(': ', at) || rawLine.charCodeAt(at - 1) === 0x6d)) return no;
  const text = stripAnsi(rawLine.slice(at + MARK.length));
  const headEnd = text.indexOf(' | ');
  const head = /^(\d+) \/ (\d+)\s*$/.exec(headEnd < 0 ? text : text.slice(0, headEnd));
  if (!head || headEnd < 0) return bad;

  const values = new Map<string, number>();
  let etaText: string | null = null;
  let whole = true;
  let isOld = false;
  for (let start = headEnd + 3; start < text.length; ) {
    const barAt = text.indexOf(' | ', start);
    const end = barAt < 0 ? text.length : barAt;
    const isCut = !complete && barAt < 0;
    const colon = text.indexOf(': ', start);
    if (colon < 0 || colon >= end) whole = false;
    else {
      const key = text.slice(start, colon);
      const valueText = text.slice(colon + 2, end).trimEnd();
      if (key === 'eta') etaText = isCut ? null : valueText;
      else if (!isCut) {
        const value = parseHumanNumber(valueText);
        if (value === undefined) whole = false;
        else {
          const name = synonyms[key] ?? key;
          if (name !== key) isOld = true;
          values.set(name, value);
        }
      }
    }
    start = end + 3;
  }
  if (values.size === 0) return bad;
  if (isOld) renameBatch(values);
  return {
    kind: 'line',
    line: { step: Number(head[1]), totalSteps: Number(head[2]), values, etaText, whole },
  };
}

function renameBatch(values: Map<string, number>): void {
  const samples = values.get('global_batch_size');
  if (samples === undefined) return;
  values.delete('global_batch_size');
  values.set('global_batch_samples', samples);
}
