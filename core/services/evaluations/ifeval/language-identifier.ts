// The language of an answer by the identifier eld, where IFEval asks langdetect.
import type { LanguageIdentifier } from '../../../lib/evaluations/ifeval/language.ts';

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
