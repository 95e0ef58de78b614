// One record of a wandb run file: the history of one step. Fields as in wandb_internal.proto of wandb 0.15 to 0.31; values are
// JSON texts in older files and typed in newer ones.
import { MessageReader } from './message-reader.ts';

export interface HistoryRow {
  /** Null when the record does not say it: then `_step` among the values does. */
  readonly step: number | null;
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** Unix seconds, from `_timestamp`; null when it is missing. */
  readonly time: number | null;
}

const HISTORY = 2;
const item = { key: 1, nestedKey: 2, boolean: 4, integer: 5, number: 6, valueJson: 16 } as const;

/** Null for a record of another kind. Throws RangeError for bytes that are no message. */
export function readHistory(record: Uint8Array): HistoryRow | null {
  const reader = new MessageReader().open(record);
  while (reader.position < reader.end) {
    const key = reader.key();
    if (key >>> 3 === HISTORY) return readRow(reader.slice());
    reader.skip(key);
  }
  return null;
}

function readRow(bytes: Uint8Array): HistoryRow {
  const reader = new MessageReader().open(bytes);
  const names: string[] = [];
  const values: number[] = [];
  let step: number | null = null;
  let time: number | null = null;
  while (reader.position < reader.end) {
    const key = reader.key();
    if (key >>> 3 === 1) {
      const { name, value } = readItem(reader.slice());
      if (value === null) continue;
      if (name === '_step') step ??= value;
      else if (name === '_timestamp') time = value;
      else if (!name.startsWith('_')) {
        names.push(name);
        values.push(value);
      }
    } else if (key >>> 3 === 2) step = readStep(reader.slice());
    else reader.skip(key);
  }
  return { step, names, values, time };
}

function readStep(bytes: Uint8Array): number {
  const reader = new MessageReader().open(bytes);
  let step = 0;
  while (reader.position < reader.end) {
    const key = reader.key();
    if (key >>> 3 === 1) step = reader.varint();
    else reader.skip(key);
  }
  return step;
}

function readItem(bytes: Uint8Array): { readonly name: string; readonly value: number | null } {
  const reader = new MessageReader().open(bytes);
  let key = '';
  const nested: string[] = [];
  let value: number | null = null;
  while (reader.position < reader.end) {
    const tag = reader.key();
    switch (tag >>> 3) {
      case item.key:
        key = reader.text();
        break;
      case item.nestedKey:
        nested.push(reader.text());
        break;
      case item.boolean:
        value = reader.varint();
        break;
      case item.integer:
        value = reader.zigzag();
        break;
      case item.number:
        value = reader.double();
        break;
      case item.valueJson:
        value = numberOf(reader.text());
        break;
      default:
        reader.skip(tag);
    }
  }
  return { name: nested.length > 0 ? nested.join('.') : key, value };
}

/** wandb writes what JSON has no word for as `NaN`, `Infinity`, and as texts. */
function numberOf(json: string): number | null {
  const word = json.replaceAll('"', '');
  if (word === 'NaN') return Number.NaN;
  if (word === 'Infinity') return Number.POSITIVE_INFINITY;
  if (word === '-Infinity') return Number.NEGATIVE_INFINITY;
  if (word === 'true') return 1;
  if (word === 'false') return 0;
  return /^-?\d/.test(json) ? Number(json) : null;
}
