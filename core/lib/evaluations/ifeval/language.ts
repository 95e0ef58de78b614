// Which language a text is in, as the rules ask for it; who tells it, is given from outside.

export interface LanguageIdentifier {
  /** ISO 639-1; null where the text has no letters to tell by. */
  identify(text: string): string | null;
  /** Whether texts in it can be told; the code as `plainLanguage` gives it. */
  knows(code: string): boolean;
}

/** Codes as langdetect and the data sets write them. */
const ALIKE: Readonly<Record<string, string>> = { 'zh-cn': 'zh', 'zh-tw': 'zh' };

export const plainLanguage = (code: string): string => ALIKE[code.toLowerCase()] ?? code.toLowerCase();
