// Names of languages in English, as the window is.

const names = new Intl.DisplayNames(['en'], { type: 'language' });

/** `it` → Italian; what is no code stays as it is. */
export function languageName(code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Of a mean: a language, or `all`. */
export const meanName = (label: string): string => (label === 'all' ? 'Mean' : `Mean ${languageName(label)}`);
