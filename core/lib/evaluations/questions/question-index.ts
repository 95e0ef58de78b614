// What is kept of a file of answers so that it can be browsed without holding it: where each line stands, and its scores, as columns of
// numbers. Packs them into bytes and back. Pure.
import type { ReadingProblem } from '../result.ts';
import { readingProblem } from '../result.ts';
import { z } from 'zod';
import type { Question } from './read-question.ts';

/** Raised when the columns change: what older ones say is made anew. */
export const INDEX_FORMAT = 1;

/** One entry a line that is a sample, in the order of the file. */
export interface QuestionIndex {
  readonly count: number;
  /** Of the line in the file, bytes. */
  readonly offsets: Float64Array;
  readonly lengths: Float64Array;
  readonly ids: Float64Array;
  /** The first 52 bits of the document's hash; NaN where there is none. */
  readonly hashes: Float64Array;
  /** Place in `filters`. */
  readonly filterOf: Float64Array;
  /** Place in `subjects`; NaN without one. */
  readonly subjectOf: Float64Array;
  /** Characters of the prompt. */
  readonly promptLengths: Float64Array;
  /** Place of the choice by plain likelihood, by characters and by bytes; NaN for answers that were written. */
  readonly picks: readonly [Float64Array, Float64Array, Float64Array];
  readonly golds: Float64Array;
  readonly filters: readonly string[];
  readonly subjects: readonly string[];
  /** By the name of the metric; NaN where the line does not say. */
  readonly scores: ReadonlyMap<string, Float64Array>;
  readonly problems: readonly ReadingProblem[];
  /** The file as it was read. */
  readonly source: IndexedFile;
}

export interface IndexedFile {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** A growing column of numbers; a list of a million objects would take ten times the memory. */
class Column {
  #values = new Float64Array(1024);
  #count = 0;
  push(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#count * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count] = value;
    this.#count += 1;
  }
  /** Fills up with NaN. */
  padTo(count: number): void {
    while (this.#count < count) this.push(Number.NaN);
  }
  done(): Float64Array {
    return this.#values.slice(0, this.#count);
  }
}

export interface IndexBuilder {
  add(line: { readonly offset: number; readonly length: number }, question: Question): void;
  readonly count: number;
  finish(source: IndexedFile, problems: readonly ReadingProblem[]): QuestionIndex;
}

const PLAIN = [
  'offsets',
  'lengths',
  'ids',
  'hashes',
  'filterOf',
  'subjectOf',
  'promptLengths',
  'golds',
] as const;
type Plain = (typeof PLAIN)[number];

/** Metrics of one task; a file that names more is none of lm-eval. */
const MAX_METRICS = 64;

export function indexBuilder(): IndexBuilder {
  const plain = new Map(PLAIN.map((name) => [name, new Column()]));
  const picks = [new Column(), new Column(), new Column()] as const;
  const scores = new Map<string, Column>();
  const filters = new Names();
  const subjects = new Names();
  let count = 0;
  const push = (name: Plain, value: number) => plain.get(name)?.push(value);
  return {
    add({ offset, length }, question) {
      push('offsets', offset);
      push('lengths', length);
      push('ids', question.id);
      push('hashes', hashNumber(question.documentHash));
      push('filterOf', filters.placeOf(question.filter));
      push('subjectOf', question.subject === null ? Number.NaN : subjects.placeOf(question.subject));
      push('promptLengths', question.prompt?.length ?? Number.NaN);
      push('golds', question.gold ?? Number.NaN);
      picks.forEach((column, place) => column.push(question.picks[place]?.pick ?? Number.NaN));
      for (const [metric, score] of question.scores) {
        let column = scores.get(metric);
        if (column === undefined) {
          if (scores.size >= MAX_METRICS) continue;
          column = new Column();
          scores.set(metric, column);
        }
        column.padTo(count);
        column.push(score);
      }
      count += 1;
    },
    get count() {
      return count;
    },
    finish(source, problems) {
      const column = (name: Plain) => plain.get(name)?.done() ?? new Float64Array();
      for (const one of scores.values()) one.padTo(count);
      return {
        count,
        offsets: column('offsets'),
        lengths: column('lengths'),
        ids: column('ids'),
        hashes: column('hashes'),
        filterOf: column('filterOf'),
        subjectOf: column('subjectOf'),
        promptLengths: column('promptLengths'),
        golds: column('golds'),
        picks: [picks[0].done(), picks[1].done(), picks[2].done()],
        filters: filters.list,
        subjects: subjects.list,
        scores: new Map([...scores].map(([metric, one]) => [metric, one.done()])),
        problems,
        source,
      };
    },
  };
}

class Names {
  readonly list: string[] = [];
  readonly #places = new Map<string, number>();
  placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    this.#places.set(name, this.list.length);
    this.list.push(name);
    return this.list.length - 1;
  }
}

/** 13 digits of hexadecimal fit a double exactly. */
const HASH_DIGITS = 13;

export function hashNumber(hash: string | null): number {
  if (hash === null) return Number.NaN;
  const digits = hash.slice(0, HASH_DIGITS);
  return /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
}

const header = z.object({
  format: z.literal(INDEX_FORMAT),
  count: z.number().int().min(0),
  metrics: z.array(z.string()).max(MAX_METRICS),
  filters: z.array(z.string()),
  subjects: z.array(z.string()),
  problems: z.array(readingProblem),
  source: z.object({ sizeBytes: z.number(), modifiedMs: z.number() }),
});

/** Length of the header as 8 digits of text, the header as JSON, filled up to 8 bytes, then the columns. Little-endian. */
export function packIndex(index: QuestionIndex): Uint8Array {
  const metrics = [...index.scores.keys()];
  const { count, filters, subjects, problems, source } = index;
  const text = JSON.stringify({ format: INDEX_FORMAT, count, metrics, filters, subjects, problems, source });
  const head = new TextEncoder().encode(text);
  const start = columnsAt(head.length);
  const columns = columnsOf(index);
  const bytes = new Uint8Array(start + columns.length * count * 8);
  bytes.set(new TextEncoder().encode(String(head.length).padStart(LENGTH_DIGITS, '0')));
  bytes.set(head, LENGTH_DIGITS);
  columns.forEach((column, place) =>
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start + place * count * 8),
  );
  return bytes;
}

const LENGTH_DIGITS = 8;
const columnsAt = (headLength: number): number => Math.ceil((LENGTH_DIGITS + headLength) / 8) * 8;

const columnsOf = (index: QuestionIndex): readonly Float64Array[] => [
  ...PLAIN.map((name) => index[name]),
  ...index.picks,
  ...index.scores.values(),
];

/** Null for bytes that are no such index: it is made again. */
export function unpackIndex(bytes: Uint8Array): QuestionIndex | null {
  const headLength = Number(new TextDecoder().decode(bytes.subarray(0, LENGTH_DIGITS)));
  if (!Number.isInteger(headLength) || headLength <= 0 || headLength > bytes.length) return null;
  let head: z.infer<typeof header>;
  try {
    const text = new TextDecoder().decode(bytes.subarray(LENGTH_DIGITS, LENGTH_DIGITS + headLength));
    head = header.parse(JSON.parse(text));
  } catch {
    return null;
  }
  const { count, metrics, filters, subjects, problems, source } = head;
  const start = columnsAt(headLength);
  const total = PLAIN.length + 3 + metrics.length;
  if (bytes.length !== start + total * count * 8) return null;
  // A copy of its own: the bytes of a file may begin anywhere in memory, a column of doubles may not. (The `slice` of Node's buffers
  // is none.)
  const copy = new Uint8Array(bytes.length - start);
  copy.set(bytes.subarray(start));
  const data = copy.buffer;
  const column = (place: number) => new Float64Array(data, place * count * 8, count);
  const plain = Object.fromEntries(PLAIN.map((name, place) => [name, column(place)])) as Record<
    Plain,
    Float64Array
  >;
  const after = PLAIN.length;
  return {
    count,
    ...plain,
    picks: [column(after), column(after + 1), column(after + 2)],
    scores: new Map(metrics.map((metric, place) => [metric, column(after + 3 + place)])),
    filters,
    subjects,
    problems,
    source,
  };
}
