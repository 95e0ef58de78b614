// The condition and the order of a view as the SQL box shows them, the word at the caret and what completes it. Pure.
import type { DatasetColumn } from '../../../../core/api/dataset-shape.ts';
import { sqlName } from '../../../../core/lib/datasets/quoting.ts';
import type { DatasetView } from '../../../../core/lib/datasets/view.ts';
import { viewCondition, viewOrder, type ViewTable } from '../../../../core/lib/datasets/view-sql.ts';

export interface SqlWords {
  readonly condition: string;
  readonly order: string;
}

/** Throws ViewProblem for a view that the dataset cannot have. */
export function wordsOf(view: DatasetView, table: ViewTable): SqlWords {
  const [only, ...more] = view.filters;
  // A single condition in SQL is shown as it was written, not in parentheses.
  const isWritten = only?.kind === 'sql' && !only.negated && more.length === 0 && view.search === '';
  return {
    condition: isWritten ? only.condition : (viewCondition(view, table) ?? ''),
    order: viewOrder(view, table, null) ?? '',
  };
}

/** Suggested beside the columns: what documents are asked for most. */
const FUNCTIONS = [
  'length(',
  'lower(',
  'contains(',
  'starts_with(',
  'regexp_matches(',
  'coalesce(',
  'try_cast(',
  'abs(',
  'round(',
];

export interface Completion {
  /** What is put in. */
  readonly text: string;
  readonly detail: string;
}

export interface WordAtCaret {
  readonly from: number;
  readonly word: string;
}

/** The name that is being typed; with its opening quote. Empty inside a text in single quotes. */
export function wordAt(text: string, caret: number): WordAtCaret {
  const before = text.slice(0, caret);
  if ((before.split("'").length - 1) % 2 === 1) return { from: caret, word: '' };
  const word = /("[^"]*|[\p{L}_][\p{L}\p{N}_.]*)$/u.exec(before)?.[0] ?? '';
  return { from: caret - word.length, word };
}

const MAX_SHOWN = 8;

/** Columns whose name begins with the word first, then those that hold it, then functions. */
export function completionsOf(word: string, columns: readonly DatasetColumn[]): readonly Completion[] {
  const wanted = word.replace(/^"/, '').toLowerCase();
  if (wanted === '') return [];
  const names = columns.filter(({ name }) => name.toLowerCase().includes(wanted));
  const begins = ({ name }: DatasetColumn) => name.toLowerCase().startsWith(wanted);
  const ordered = [...names.filter(begins), ...names.filter((column) => !begins(column))];
  return [
    ...ordered.map(({ name, type }) => ({ text: nameInSql(name), detail: type })),
    ...(word.startsWith('"') ? [] : FUNCTIONS)
      .filter((name) => name.startsWith(wanted))
      .map((text) => ({ text, detail: 'function' })),
  ]
    .filter(({ text }) => text !== word)
    .slice(0, MAX_SHOWN);
}

const RESERVED =
  /^(all|and|as|case|cast|desc|asc|end|else|from|group|in|is|like|limit|not|null|on|or|order|select|then|to|when|where|with|user|table|using|end)$/i;

/** Quoted only where SQL needs it. */
export function nameInSql(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.test(name) ? name : sqlName(name);
}
