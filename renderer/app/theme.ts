// Puts the chosen theme on the document. Remembers it in the browser too, so that a reload does not flash.
import type { Settings } from '../../core/api/system.ts';

type Theme = Settings['theme'];
const CACHE_KEY = 'nesso-theme';
const themes: readonly Theme[] = ['system', 'light', 'dark', 'high-contrast'];

/** What is drawn: `system` follows the desktop, contrast before brightness. */
export function resolveTheme(theme: Theme): Exclude<Theme, 'system'> {
  if (theme !== 'system') return theme;
  if (matchMedia('(prefers-contrast: more)').matches) return 'high-contrast';
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

export function applyTheme(theme: Theme): void {
  const drawn = resolveTheme(theme);
  const root = document.documentElement;
  if (root.dataset['theme'] !== drawn) {
    root.dataset['theme'] = drawn;
    window.dispatchEvent(new CustomEvent('nesso-theme', { detail: drawn }));
  }
  try {
    localStorage.setItem(CACHE_KEY, theme);
  } catch {
    // Storage may be denied; the theme then arrives with the settings.
  }
}

/** Before the settings are known. */
export function applyCachedTheme(): void {
  let cached: string | null = null;
  try {
    cached = localStorage.getItem(CACHE_KEY);
  } catch {
    // As above.
  }
  applyTheme(themes.find((theme) => theme === cached) ?? 'system');
}

/** Calls back when the desktop's own preference changes. */
export function watchSystemTheme(listener: () => void): () => void {
  const queries = [matchMedia('(prefers-color-scheme: dark)'), matchMedia('(prefers-contrast: more)')];
  for (const query of queries) query.addEventListener('change', listener);
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
  };
}
