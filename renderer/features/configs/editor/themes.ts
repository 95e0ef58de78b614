// Monaco themes made from the colours of tokens.css, so that the editor follows light, dark and high contrast.
// Knows the names of the tokens and nothing about documents.
import type * as Monaco from './monaco.ts';

export const EDITOR_THEME = 'nesso';

/** Reads the current tokens and hands Monaco a theme of the same colours. Call it again whenever the window's theme changes. */
export function applyEditorTheme(monaco: typeof Monaco): void {
  const color = tokenReader();
  const dark = luminance(color('--panel')) < 0.5;
  const contrast =
    document.documentElement.dataset.theme === 'high-contrast' ||
    matchMedia('(forced-colors: active)').matches;
  const base = contrast ? (dark ? 'hc-black' : 'hc-light') : dark ? 'vs-dark' : 'vs';
  const bare = (token: string): string => color(token).slice(1, 7);
  monaco.editor.defineTheme(EDITOR_THEME, {
    base,
    inherit: true,
    rules: [
      { token: '', foreground: bare('--ink') },
      { token: 'type.yaml', foreground: bare('--info') },
      { token: 'string.yaml', foreground: bare('--ink') },
      { token: 'string.escape.yaml', foreground: bare('--s7') },
      { token: 'number.yaml', foreground: bare('--warn') },
      { token: 'keyword.yaml', foreground: bare('--s7') },
      { token: 'comment.yaml', foreground: bare('--ink-2') },
      { token: 'operators.yaml', foreground: bare('--ink-2') },
      { token: 'tag.yaml', foreground: bare('--s7') },
      { token: 'namespace.yaml', foreground: bare('--s7') },
      { token: 'tag.shell', foreground: bare('--s7') },
      { token: 'meta.shell', foreground: bare('--ink-2') },
      { token: 'type.shell', foreground: bare('--info') },
      { token: 'keyword.shell', foreground: bare('--s7') },
      { token: 'string.shell', foreground: bare('--good') },
      { token: 'string.escape.shell', foreground: bare('--good') },
      { token: 'namespace.shell', foreground: bare('--warn') },
      { token: 'operators.shell', foreground: bare('--ink-2') },
      { token: 'comment.shell', foreground: bare('--ink-2') },
    ],
    colors: {
      'editor.background': color('--panel'),
      'editor.foreground': color('--ink'),
      'editorLineNumber.foreground': color(contrast ? '--ink-2' : '--ink-3'),
      'editorLineNumber.activeForeground': color('--ink'),
      'editor.lineHighlightBackground': `${color('--select')}80`,
      'editor.lineHighlightBorder': '#00000000',
      'editor.selectionBackground': `${color('--focus')}40`,
      'editor.inactiveSelectionBackground': `${color('--focus')}26`,
      'editor.wordHighlightBackground': `${color('--focus')}1f`,
      'editor.selectionHighlightBackground': `${color('--focus')}1f`,
      'editorIndentGuide.background1': color('--line'),
      'editorIndentGuide.activeBackground1': color('--line-strong'),
      'editorCursor.foreground': color('--ink'),
      'editorWidget.background': color('--raised'),
      'editorWidget.border': color('--line-strong'),
      'editorHoverWidget.background': color('--raised'),
      'editorHoverWidget.border': color('--line-strong'),
      'editorSuggestWidget.background': color('--raised'),
      'editorSuggestWidget.border': color('--line-strong'),
      'editorSuggestWidget.selectedBackground': color('--select'),
      'editorSuggestWidget.selectedForeground': color('--ink'),
      'editorSuggestWidget.highlightForeground': color('--accent'),
      'editorSuggestWidget.focusHighlightForeground': color('--accent'),
      'editorStickyScroll.background': color('--panel'),
      'editorStickyScrollHover.background': color('--select'),
      'editorGutter.background': color('--panel'),
      'editorError.foreground': color('--bad'),
      'editorWarning.foreground': color('--warn'),
      'editorInfo.foreground': color('--info'),
      'editorOverviewRuler.border': '#00000000',
      'scrollbarSlider.background': `${color('--ink-3')}40`,
      'scrollbarSlider.hoverBackground': `${color('--ink-3')}66`,
      'scrollbarSlider.activeBackground': `${color('--ink-3')}80`,
      focusBorder: color('--focus'),
      'diffEditor.insertedTextBackground': `${color('--good')}1a`,
      'diffEditor.removedTextBackground': `${color('--bad')}1a`,
      'diffEditor.insertedLineBackground': `${color('--good')}0a`,
      'diffEditor.removedLineBackground': `${color('--bad')}0a`,
      'diffEditor.diagonalFill': color('--line'),
    },
  });
  monaco.editor.setTheme(EDITOR_THEME);
}

/** Calls back when the window switches between light, dark and high contrast; returns how to stop. */
export function watchWindowTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class'] });
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
    matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    for (const query of queries) query.removeEventListener('change', changed);
  };
}

/** Any CSS colour as #rrggbb: a canvas normalises what the stylesheet says. */
function tokenReader(): (token: string) => string {
  const style = getComputedStyle(document.documentElement);
  const context = document.createElement('canvas').getContext('2d');
  return (token) => {
    const written = style.getPropertyValue(token).trim();
    if (/^#[0-9a-f]{6}$/i.test(written)) return written;
    if (context === null || written === '') return '#808080';
    context.fillStyle = written;
    const normal = context.fillStyle;
    return /^#[0-9a-f]{6}$/i.test(normal) ? normal : '#808080';
  };
}

/** Perceived lightness of #rrggbb, 0 to 1. */
function luminance(hex: string): number {
  const channel = (start: number): number => Number.parseInt(hex.slice(start, start + 2), 16) / 255;
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}
