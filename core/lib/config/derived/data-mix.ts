// What share of the training samples each data folder really supplies, and a guess of the languages.
// Knows nothing about the folders' contents: the language is read from the folder's name and labelled a guess.

export interface FolderShare {
  readonly folder: string;
  readonly share: number;
  readonly guessedLanguage: string;
}

export interface LanguageShare {
  readonly language: string;
  readonly share: number;
  readonly folders: number;
}

export interface DataMix {
  readonly folders: readonly FolderShare[];
  /** Largest share first. The language names are guesses from folder names. */
  readonly languages: readonly LanguageShare[];
  readonly weightsGiven: boolean;
}

export const UNKNOWN_LANGUAGE = 'unknown';

/** Words and codes found in the folder names that people use; two-letter codes only where they stand alone. */
const LANGUAGE_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Italian: ['ita', 'it', 'italian', 'italiano'],
    Spanish: ['spa', 'es', 'spanish', 'espanol'],
    French: ['fra', 'fre', 'fr', 'french', 'francais'],
    Portuguese: ['por', 'pt', 'portuguese', 'portugues'],
    German: ['deu', 'ger', 'de', 'german', 'deutsch'],
    English: ['eng', 'en', 'english'],
    code: ['code', 'starcoder', 'starcoderdata', 'stack', 'stackv2', 'github'],
    math: ['math', 'finemath', 'infiwebmath', 'openwebmath'],
  }).flatMap(([language, words]) => words.map((word): [string, string] => [word, language])),
);

/** Collections that are English when their name says no other language. */
const ENGLISH_COLLECTIONS = new Set(['edu', 'fineweb', 'dclm', 'cosmopedia', 'c4', 'wikitext', 'smollm']);

/** The language a folder's name suggests, nearest folder first; `unknown` when nothing does. */
export function guessLanguage(folder: string): string {
  const parts = folder.toLowerCase().split('/').reverse();
  const words = parts.flatMap((part) => part.split(/[^a-z0-9]+/).filter((word) => word !== ''));
  for (const word of words) {
    const language = LANGUAGE_WORDS.get(word);
    if (language !== undefined) return language;
  }
  return words.some((word) => ENGLISH_COLLECTIONS.has(word)) ? 'English' : UNKNOWN_LANGUAGE;
}

/**
 * Nanotron gives every folder weight 1 when no weights are given, whatever its size, and normalises given ones.
 * Null when the number of weights does not match or they do not add up to something positive.
 */
export function computeDataMix(
  folders: readonly string[],
  weights: readonly number[] | null,
): DataMix | null {
  const effective = weights ?? folders.map(() => 1);
  const total = effective.reduce((sum, weight) => sum + weight, 0);
  if (folders.length === 0 || effective.length !== folders.length || !(total > 0)) return null;
  const shares = folders.map((folder, index) => ({
    folder,
    share: (effective[index] ?? 0) / total,
    guessedLanguage: guessLanguage(folder),
  }));
  const byLanguage = new Map<string, LanguageShare>();
  for (const { guessedLanguage, share } of shares) {
    const known = byLanguage.get(guessedLanguage);
    byLanguage.set(guessedLanguage, {
      language: guessedLanguage,
      share: (known?.share ?? 0) + share,
      folders: (known?.folders ?? 0) + 1,
    });
  }
  const languages = [...byLanguage.values()].sort((left, right) => right.share - left.share);
  return { folders: shares, languages, weightsGiven: weights !== null };
}
