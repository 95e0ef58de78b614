// The lab's settings in a link: `?view=quality&q=0.7&operator=gt&rule=2&language=ita_Latn&cell=removed-kept`.
// Written out and read back; what a link says wrongly is left at its default. Pure.
import type { FilterChoice } from '../../../../../core/api/quality.ts';
import type { Rule } from '../../../../../core/lib/quality/recipe.ts';
import { roundQuantile, withQuantile } from './choice.ts';

export interface Cell {
  /** Null: nothing says what FineWeb-2 kept. */
  readonly fw2: 'kept' | 'removed' | null;
  readonly jql: 'kept' | 'removed';
}

/** What a link may say; every part may be missing. */
export interface LabLink {
  readonly choice: FilterChoice;
  readonly language: string | null;
  readonly cell: Cell | null;
}

const names = ['q', 'operator', 'rule', 'heads', 'set', 'language', 'cell'] as const;

/** True when the link says anything about the lab at all. */
export function saysSomething(query: URLSearchParams): boolean {
  return names.some((name) => query.has(name));
}

export function writeLink(
  link: LabLink,
  allHeads: readonly string[],
  firstQuantile: number,
): Readonly<Record<string, string>> {
  const { choice, language, cell } = link;
  const { quantiles } = choice;
  const set = [
    ...Object.entries(quantiles.perHead).map(([head, value]) => ['', head, value]),
    ...Object.entries(quantiles.perLanguage).map(([name, value]) => [name, '', value]),
    ...Object.entries(quantiles.perLanguageAndHead).flatMap(([name, heads]) =>
      Object.entries(heads).map(([head, value]) => [name, head, value]),
    ),
  ].map(([name, head, value]) => `${escaped(name ?? '')}~${escaped(head ?? '')}~${value}`);
  return {
    ...(quantiles.overall === firstQuantile ? {} : { q: String(quantiles.overall) }),
    ...(choice.operator === 'gte' ? {} : { operator: choice.operator }),
    ...(choice.rule.kind === 'all'
      ? {}
      : { rule: choice.rule.kind === 'any' ? 'any' : String(choice.rule.heads) }),
    ...(choice.heads.length === allHeads.length ? {} : { heads: choice.heads.map(escaped).join('~') }),
    ...(set.length === 0 ? {} : { set: set.join('!') }),
    ...(language === null ? {} : { language }),
    ...(cell === null ? {} : { cell: cell.fw2 === null ? cell.jql : `${cell.fw2}-${cell.jql}` }),
  };
}

/** Starts from `base` (the default choice of the heads that exist). */
export function readLink(query: URLSearchParams, base: FilterChoice): LabLink {
  const heads = readHeads(query.get('heads'), base.heads);
  let choice: FilterChoice = {
    ...base,
    heads: [...heads],
    operator: query.get('operator') === 'gt' ? 'gt' : 'gte',
    rule: readRule(query.get('rule'), heads.length),
  };
  const overall = readShare(query.get('q'));
  if (overall !== null) choice = withQuantile(choice, { language: null, head: null }, overall);
  for (const part of (query.get('set') ?? '').split('!')) {
    const [language = '', head = '', text = ''] = part.split('~');
    const value = readShare(text);
    if (value === null || (language === '' && head === '')) continue;
    choice = withQuantile(
      choice,
      { language: language === '' ? null : decode(language), head: head === '' ? null : decode(head) },
      value,
    );
  }
  return { choice, language: query.get('language'), cell: readCell(query.get('cell')) };
}

function readHeads(text: string | null, all: readonly string[]): readonly string[] {
  if (text === null) return all;
  const named = text.split('~').map(decode);
  const known = all.filter((name) => named.includes(name));
  return known.length === 0 ? all : known;
}

function readRule(text: string | null, heads: number): Rule {
  if (text === 'any') return { kind: 'any' };
  const count = Number(text);
  return text !== null && Number.isInteger(count) && count >= 1 && count < heads
    ? { kind: 'at-least', heads: count }
    : { kind: 'all' };
}

function readShare(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 && value <= 1 ? roundQuantile(value) : null;
}

function readCell(text: string | null): Cell | null {
  const [first, second] = (text ?? '').split('-');
  if ((first === 'kept' || first === 'removed') && (second === 'kept' || second === 'removed'))
    return { fw2: first, jql: second };
  return first === 'kept' || first === 'removed' ? { fw2: null, jql: first } : null;
}

/** The signs between parts are escaped too, which encodeURIComponent leaves alone. */
function escaped(name: number | string): string {
  return encodeURIComponent(name).replaceAll('~', '%7E').replaceAll('!', '%21');
}

/** A link typed by hand may hold a lone `%`: then it is taken as written. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
