// Words, sentences and capitals as IFEval counts them: with NLTK there, with rules of the same kind here. Where the two differ is
// listed in test/unit/core/lib/evaluations/ifeval/reference.test.ts. Pure.

/** A letter, digit or underscore, as Python's \w: marks that stand alone are none. */
export const WORD_CHARACTER = '[\\p{L}\\p{N}_]';
const WORDS = new RegExp(`${WORD_CHARACTER}+`, 'gu');

/** NLTK's RegexpTokenizer(r'\w+'): `don't` is two words. */
export function countWords(text: string): number {
  return text.match(WORDS)?.length ?? 0;
}

export type IfevalLanguage = 'en' | 'it';

/** A period after these ends no sentence. */
const INSIDE: Readonly<Record<IfevalLanguage, ReadonlySet<string>>> = {
  en: new Set('mr mrs ms messrs dr prof st vs gen col maj lt adm sen rep ave'.split(' ')),
  it: new Set(
    'sig sigg sig.ra dott dott.ssa dr prof avv ing on sen gen pag pagg es p.es art n cfr ca'.split(' '),
  ),
};
/** A period after these ends a sentence before a capital. */
const BETWEEN: ReadonlySet<string> = new Set(
  'ecc p.m a.m u.s u.k u.n ph.d inc ltd co corp bros jr sr s.p.a s.r.l'.split(' '),
);

/** Marks that may end a sentence, closing quotes and brackets behind them, and what comes next. */
const CANDIDATES = /(?<![.!?])([.!?]+)["'”’»)\]]*\s+(?=(\S))/gu;
/** No abbreviation is longer; what stands before a mark is looked at no further. */
const MAX_WORD = 40;
const INITIAL = /^["'(“«[]*\p{L}$/u;

/**
 * Close to NLTK's Punkt: lines are no sentences by themselves, and a small letter may begin one, so that answers without capitals
 * have sentences too (Intl.Segmenter knows neither). English abbreviations are those that NLTK's trained parameters know, which hold
 * neither `e.g.` nor `no.`; the list there is longer.
 */
export function countSentences(text: string, language: IfevalLanguage): number {
  const plain = text.trim();
  if (plain === '') return 0;
  let count = 1;
  for (const { index, 1: marks = '', 2: next = '' } of plain.matchAll(CANDIDATES)) {
    const before = /\S*$/.exec(plain.slice(Math.max(0, index - MAX_WORD), index))?.[0] ?? '';
    if (endsSentence(before, marks, next, language)) count += 1;
  }
  return count;
}

function endsSentence(before: string, marks: string, next: string, language: IfevalLanguage): boolean {
  const startsCapital = /[\p{Lu}\p{Lt}]/u.test(next);
  if (/[!?]/.test(marks)) return true;
  // Nothing is said after an ellipsis until a capital.
  if (marks.length > 1) return startsCapital;
  const word = before.replace(/^["'(“«[]+/u, '').toLowerCase();
  if (INSIDE[language].has(word)) return false;
  if (BETWEEN.has(word)) return startsCapital;
  return !(INITIAL.test(before) && startsCapital);
}

/** Marks that the Treebank tokenizer cuts off wherever they stand. */
const MARKS = /[;@#$%&?!()[\]{}<>]|--|\.{3}|``|''|[“”«»"]|[:,](?!\d)/gu;
/** Word and ending are two tokens: `I'M`, `NASA's`, `DON'T`. */
const ENDINGS = /('s|'m|'d|'ll|'re|'ve|n't)$/i;

/** Words all of whose letters are capitals, as NLTK's word_tokenize and str.isupper find them. */
export function countCapitalWords(text: string): number {
  let count = 0;
  for (const chunk of text.replaceAll(MARKS, ' ').split(/\s+/)) {
    // A period at the end is cut off where a sentence ends, and is no letter anywhere else.
    const word = chunk.replace(/^'+(?=.)|'+$/g, '');
    const ending = ENDINGS.exec(word)?.[0] ?? '';
    for (const part of [word.slice(0, word.length - ending.length), ending]) {
      if (isUpperCase(part)) count += 1;
    }
  }
  return count;
}

/** Python's str.isupper: one letter with case at least, and none that is not a capital. */
export function isUpperCase(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);
}

/** Python's str.islower. */
export function isLowerCase(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text);
}
