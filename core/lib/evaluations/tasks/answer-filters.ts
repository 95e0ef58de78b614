// What is cut out of an answer before it is judged: the steps of lm-eval's filter_list that are declarative. Pure.
import { strip } from './python-text.ts';
import { pythonRegex } from './python-regex.ts';

export type FilterStep = (text: string) => string;

export interface AnswerFilter {
  readonly name: string;
  readonly apply: FilterStep;
}

/** As the harness names them in a YAML. */
export const FILTER_FUNCTIONS = [
  'regex',
  'take_first',
  'remove_whitespace',
  'lowercase',
  'uppercase',
] as const;
export type FilterFunction = (typeof FILTER_FUNCTIONS)[number];

export const isFilterFunction = (name: unknown): name is FilterFunction =>
  FILTER_FUNCTIONS.includes(name as FilterFunction);

/** What the harness takes without being told. */
const DEFAULT_PATTERN = String.raw`#### (\-?[0-9\.\,]+)`;
const DEFAULT_FALLBACK = '[invalid]';

export interface RegexOptions {
  readonly pattern: string | null;
  /** Of the matches; below 0 from the end. */
  readonly group: number;
  readonly fallback: string | null;
}

/** Throws TemplateFault for a pattern that cannot be used. */
export function filterStep(name: FilterFunction, options: RegexOptions): FilterStep {
  switch (name) {
    case 'regex':
      return regexStep(options);
    case 'take_first':
      // There is one answer a question.
      return (text) => text;
    case 'remove_whitespace':
      return strip;
    case 'lowercase':
      return (text) => text.toLowerCase();
    case 'uppercase':
      return (text) => text.toUpperCase();
  }
}

function regexStep({ pattern, group, fallback }: RegexOptions): FilterStep {
  const regex = pythonRegex(pattern ?? DEFAULT_PATTERN, 'g');
  const without = fallback ?? DEFAULT_FALLBACK;
  return (text) => {
    const matches = [...text.matchAll(regex)];
    const match = matches.at(group);
    if (match === undefined) return without;
    const [whole, ...groups] = match;
    if (groups.length === 0) return strip(whole);
    if (groups.length === 1) return strip(groups[0] ?? '');
    return strip(groups.find((one) => one !== undefined && one !== '') ?? without);
  };
}
