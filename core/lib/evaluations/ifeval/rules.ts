// One rule a kind of instruction: does an answer do as it was told? After the definitions of the benchmark, not its code.
// Knows one answer, no file and no model.
import {
  countCapitalWords,
  countSentences,
  countWords,
  type IfevalLanguage,
  isLowerCase,
  isUpperCase,
  WORD_CHARACTER,
} from './counting.ts';
import type { InstructionArguments, InstructionKind } from './instructions.ts';
import { type LanguageIdentifier, plainLanguage } from './language.ts';

/** What the rules need besides answer and instruction. */
export interface RuleTools {
  /** Of the prompts: how sentences end, what counts as yes, and what capitals have to be in. */
  readonly language: IfevalLanguage;
  readonly languages: LanguageIdentifier;
}

export type Rule<K extends InstructionKind> = (
  answer: string,
  given: InstructionArguments<K>,
  tools: RuleTools,
) => boolean;

type Relation = 'less than' | 'at least';

const holds = (found: number, relation: Relation, wanted: number): boolean =>
  relation === 'less than' ? found < wanted : found >= wanted;

/** Text that is looked for as it stands, whatever it means in an expression. */
const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** Python's \b: JavaScript's knows ASCII letters alone. */
const BOUNDARY = `(?:(?<=${WORD_CHARACTER})(?!${WORD_CHARACTER})|(?<!${WORD_CHARACTER})(?=${WORD_CHARACTER}))`;

const occurrences = (answer: string, expression: RegExp): number => answer.match(expression)?.length ?? 0;

/** The three answers that the prompts offer. */
const CONSTRAINED: Readonly<Record<IfevalLanguage, readonly string[]>> = {
  en: ['My answer is yes.', 'My answer is no.', 'My answer is maybe.'],
  it: ['La mia risposta è sì.', 'La mia risposta è no.', 'La mia risposta è forse.'],
};

/** A text without letters says nothing of its language and passes. */
function isIn(answer: string, language: string, { languages }: RuleTools): boolean {
  const found = languages.identify(answer);
  return found === null || found === plainLanguage(language);
}

export const rules: { readonly [K in InstructionKind]: Rule<K> } = {
  'keywords:existence': (answer, { keywords }) =>
    keywords.every((keyword) => new RegExp(literal(keyword), 'iu').test(answer)),
  'keywords:frequency': (answer, { keyword, frequency, relation }) =>
    holds(occurrences(answer, new RegExp(literal(keyword.trim()), 'giu')), relation, frequency),
  'keywords:forbidden_words': (answer, { forbidden_words: words }) =>
    !words.some((word) => new RegExp(BOUNDARY + literal(word) + BOUNDARY, 'iu').test(answer)),
  'keywords:letter_frequency': (answer, { letter, let_frequency: wanted, let_relation: relation }) =>
    holds(answer.toLowerCase().split(letter.trim().toLowerCase()).length - 1, relation, wanted),
  'language:response_language': (answer, { language }, tools) => isIn(answer, language, tools),
  'length_constraints:number_sentences': (answer, { num_sentences: wanted, relation }, { language }) =>
    holds(countSentences(answer, language), relation, wanted),
  'length_constraints:number_paragraphs': (answer, { num_paragraphs: wanted }) =>
    starredParagraphs(answer) === wanted,
  'length_constraints:number_words': (answer, { num_words: wanted, relation }) =>
    holds(countWords(answer), relation, wanted),
  'length_constraints:nth_paragraph_first_word': nthParagraph,
  'detectable_content:number_placeholders': (answer, { num_placeholders: wanted }) =>
    placeholders(answer) >= wanted,
  'detectable_content:postscript': (answer, { postscript_marker: marker }) =>
    hasPostscript(answer, marker.trim()),
  'detectable_format:number_bullet_lists': (answer, { num_bullets: wanted }) => bullets(answer) === wanted,
  'detectable_format:constrained_response': (answer, _given, { language }) =>
    CONSTRAINED[language].some((option) => answer.includes(option)),
  'detectable_format:number_highlighted_sections': (answer, { num_highlights: wanted }) =>
    highlights(answer) >= wanted,
  'detectable_format:multiple_sections': (answer, { section_spliter: mark, num_sections: wanted }) =>
    occurrences(answer, new RegExp(String.raw`${literal(mark.trim())}\s?\p{Nd}+`, 'gu')) >= wanted,
  'detectable_format:json_format': isJson,
  'detectable_format:title': hasTitle,
  'combination:two_responses': twoResponses,
  'combination:repeat_prompt': (answer, { prompt_to_repeat: prompt }) =>
    answer.trim().toLowerCase().startsWith(prompt.trim().toLowerCase()),
  'startend:end_checker': (answer, { end_phrase: phrase }) =>
    without(answer.trim(), '"').toLowerCase().endsWith(phrase.trim().toLowerCase()),
  'startend:quotation': (answer) => /^"[^]*"$/.test(answer.trim()),
  'change_case:capital_word_frequency': (answer, { capital_frequency: wanted, capital_relation: relation }) =>
    holds(countCapitalWords(answer), relation, wanted),
  'change_case:english_capital': (answer, _given, tools) =>
    isUpperCase(answer) && isIn(answer, tools.language, tools),
  'change_case:english_lowercase': (answer, _given, tools) =>
    isLowerCase(answer) && isIn(answer, tools.language, tools),
  'punctuation:no_comma': (answer) => !answer.includes(','),
};

/** Between lines of three stars; null where one in the middle is empty. */
function starredParagraphs(answer: string): number | null {
  const parts = answer.split(/\s?\*\*\*\s?/);
  const isEmpty = (part: string) => part.trim() === '';
  if (parts.slice(1, -1).some(isEmpty)) return null;
  return parts.filter((part) => !isEmpty(part)).length;
}

/** Paragraphs stand between two line feeds; the word is read to its first punctuation mark. */
function nthParagraph(
  answer: string,
  given: InstructionArguments<'length_constraints:nth_paragraph_first_word'>,
): boolean {
  const { num_paragraphs: wanted, nth_paragraph: nth, first_word: firstWord } = given;
  const parts = answer.split('\n\n');
  const count = parts.filter((part) => part.trim() !== '').length;
  const paragraph = (parts[nth - 1] ?? '').trim();
  if (nth > count || paragraph === '') return false;
  const word = /^\S+/.exec(paragraph)?.[0] ?? '';
  const start = word.replace(/^'+/, '').replace(/^"+/, '');
  const plain = /^[^.,?!'"]*/.exec(start)?.[0] ?? '';
  return count === wanted && plain.toLowerCase() === firstWord.toLowerCase();
}

function hasPostscript(answer: string, marker: string): boolean {
  const plain = answer.toLowerCase();
  if (marker === 'P.P.S') return /p\.\s?p\.\s?s/.test(plain);
  if (marker === 'P.S.') return /p\.\s?s\./.test(plain);
  return plain.includes(marker.toLowerCase());
}

/** From a bracket to the next that closes, in one line. */
function placeholders(answer: string): number {
  let count = 0;
  for (const line of answer.split('\n')) {
    for (let end = -1; ; count += 1) {
      end = line.indexOf(']', line.indexOf('[', end + 1) + 1 || line.length);
      if (end === -1) break;
    }
  }
  return count;
}

/** Something between the first two brackets of a line and its last two. */
function hasTitle(answer: string): boolean {
  return answer.split('\n').some((line) => {
    const start = line.indexOf('<<');
    const end = line.lastIndexOf('>>');
    if (start === -1 || end < start + 3) return false;
    return without(without(line.slice(start, end), '<'), '>').trim() !== '';
  });
}

/** Cuts a character off both ends, however often it stands there. */
function without(text: string, character: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === character) start += 1;
  while (end > start && text[end - 1] === character) end -= 1;
  return text.slice(start, end);
}

/** Lines that begin with one star or a hyphen; several stars are emphasis or a rule. */
function bullets(answer: string): number {
  return (
    occurrences(answer, /(?:^|(?<=\n))[^\S\n]*\*[^*][^\n]*/g) +
    occurrences(answer, /(?:^|(?<=\n))[^\S\n]*-[^\n]*/g)
  );
}

function highlights(answer: string): number {
  const single = answer.match(/\*[^\n*]*\*/g) ?? [];
  const double = answer.match(/\*\*[^\n*]*\*\*/g) ?? [];
  return [...single, ...double].filter((part) => part.replaceAll('*', '').trim() !== '').length;
}

/** In a fence or without one. */
function isJson(answer: string): boolean {
  const plain = answer
    .trim()
    .replace(/^```(?:json|Json|JSON)?/, '')
    .replace(/```$/, '')
    .trim();
  try {
    JSON.parse(plain);
    return true;
  } catch {
    return false;
  }
}

function twoResponses(answer: string): boolean {
  const parts = answer.split('******').map((part) => part.trim());
  if (parts.slice(1, -1).includes('')) return false;
  const [first, second, ...more] = parts.filter((part) => part !== '');
  return first !== undefined && second !== undefined && more.length === 0 && first !== second;
}
