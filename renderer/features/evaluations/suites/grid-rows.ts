// Which prompts a grid shows, and what its marks mean in words. Pure.
import type { SuiteTable } from '../../../../core/api/suites.ts';

export const gridFilters = ['all', 'failing', 'differing', 'unanswered'] as const;
export type GridFilter = (typeof gridFilters)[number];

export const filterTitles: Readonly<Record<GridFilter, string>> = {
  all: 'All prompts',
  failing: 'Fails somewhere',
  differing: 'Models differ',
  unanswered: 'Not answered somewhere',
};

/** Indices of the prompts, in the order of the suite. `search` looks at id, words, domain and language. */
export function shownRows(
  { prompts, models }: Pick<SuiteTable, 'prompts' | 'models'>,
  own: { readonly search: string; readonly filter: GridFilter; readonly domain: string },
): readonly number[] {
  const wanted = own.search.trim().toLowerCase();
  return prompts.flatMap((prompt, row) => {
    const { id, words, domain, language } = prompt;
    if (own.domain !== '' && domain !== own.domain) return [];
    if (wanted !== '' && !`${id} ${words} ${domain ?? ''} ${language ?? ''}`.toLowerCase().includes(wanted))
      return [];
    const marks = models.map((model) => model.marks[row] ?? '');
    if (own.filter === 'failing' && !marks.some((mark) => mark.includes('f'))) return [];
    if (own.filter === 'unanswered' && !marks.some((mark) => mark.includes('-'))) return [];
    if (own.filter === 'differing' && new Set(marks).size < 2) return [];
    return [row];
  });
}

const words: Readonly<Record<string, string>> = {
  p: 'passes',
  f: 'fails',
  u: 'has no check that can be told',
  '-': 'is not answered',
};

/** `greedy passes, t 0.7 seed 1 fails`. */
export function marksInWords(marks: string, samplers: readonly string[]): string {
  return samplers
    .map((sampler, index) => `${sampler} ${words[marks.charAt(index)] ?? words['-']}`)
    .join(', ');
}
