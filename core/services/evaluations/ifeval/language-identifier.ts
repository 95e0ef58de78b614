// The language of an answer by the identifier eld, where IFEval asks langdetect.
import type { LanguageIdentifier } from '../../../lib/evaluations/ifeval/language.ts';

/** What a verdict on the language of a text rests on; null where the text is long enough to be sure. */
export async function languageDoubt(text: string): Promise<string | null> {
  const { eld } = await import('eld/medium');
  const found = eld.detect(text);
  if (found.language === '') return 'no letters to tell a language by, which counts as followed';
  return found.isReliable() ? null : `taken for ${found.language}, but too short to tell`;
}

/** Its 2 MB of n-grams are loaded by those who check answers only. */
export async function loadLanguageIdentifier(): Promise<LanguageIdentifier> {
  const { eld } = await import('eld/medium');
  const known = new Set(Object.values(eld.info().Languages));
  return {
    identify(text) {
      const { language } = eld.detect(text);
      return language === '' ? null : language;
    },
    knows: (code) => known.has(code),
  };
}
