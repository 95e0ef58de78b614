// How the languages a head was trained on relate to the one it is tested on (JQL Fig. 3). Pure.
import { findLanguage } from '../datasets/language-codes.ts';
import type { RegimeName } from './bench-report.ts';

/**
 * Null where nothing can be said: no training languages, or a tested language whose family is not known. A language alone in
 * its family has no family regimes, as the dashes of Fig. 3.
 */
export function regimeOf(trainLanguages: readonly string[], tested: string): RegimeName | null {
  const [only] = trainLanguages;
  if (only === undefined) return null;
  if (trainLanguages.includes(tested))
    return trainLanguages.length === 1 ? 'one language' : 'several with this one';
  const language = findLanguage(tested);
  if (!language) return null;
  const trained = trainLanguages.map((name) => findLanguage(name));
  const related = trained.filter((other) => other?.family === language.family);
  if (related.length === 0) return 'not of the family';
  if (related.length < trained.length) return 'others and family';
  const isClose =
    language.subFamily !== null && trained.every((other) => other?.subFamily === language.subFamily);
  return isClose ? 'family, second order' : 'family';
}
