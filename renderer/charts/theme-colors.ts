// Colours for canvases, read from tokens.css so that charts follow the theme like everything else.

import { seriesVariable, SERIES_COUNT, type ThemeColors } from './chart-colors.ts';

export function readThemeColors(element: Element): ThemeColors {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    ink: read('--ink'),
    faint: read('--ink-3'),
    line: read('--line'),
    panel: read('--panel'),
    accent: read('--accent'),
    warn: read('--warn'),
    bad: read('--bad'),
    series: Array.from({ length: SERIES_COUNT }, (_, index) => read(seriesVariable(index))),
  };
}

/** The colours of the light theme, whatever is shown: what a figure on paper wants. */
export function readLightColors(): ThemeColors {
  const probe = document.createElement('div');
  probe.dataset['theme'] = 'light';
  document.body.append(probe);
  try {
    return readThemeColors(probe);
  } finally {
    probe.remove();
  }
}

/** Calls back after the theme attribute or the system's preference changed; returns the unsubscriber. */
export function onThemeChange(callback: () => void): () => void {
  const observer = new MutationObserver(callback);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  const query = matchMedia('(prefers-color-scheme: dark)');
  query.addEventListener('change', callback);
  return () => {
    observer.disconnect();
    query.removeEventListener('change', callback);
  };
}
