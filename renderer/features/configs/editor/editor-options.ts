// How Monaco is set up for configs: quiet, exact, nothing that rewrites what it was not asked to.
import type { editor } from './monaco.ts';
import { EDITOR_THEME } from './themes.ts';

/** Options shared by the editor and both sides of the diff. */
export function sharedOptions(): editor.IEditorOptions & editor.IGlobalEditorOptions {
  return {
    theme: EDITOR_THEME,
    automaticLayout: true,
    fixedOverflowWidgets: true,
    fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono'),
    fontSize: 12.5,
    lineHeight: 19,
    fontLigatures: false,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    padding: { top: 8, bottom: 8 },
    lineNumbersMinChars: 4,
    lineDecorationsWidth: 8,
    glyphMargin: false,
    folding: true,
    renderLineHighlight: 'line',
    renderLineHighlightOnlyWhenFocus: false,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10, useShadows: false },
    guides: { indentation: true, highlightActiveIndentation: true },
    stickyScroll: { enabled: true, maxLineCount: 3 },
    unicodeHighlight: { ambiguousCharacters: true, invisibleCharacters: true },
    smoothScrolling: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    cursorSmoothCaretAnimation: 'off',
  };
}

export function editorOptions(): editor.IStandaloneEditorConstructionOptions {
  return {
    ...sharedOptions(),
    model: null,
    ariaLabel: 'Text of the config',
    bracketPairColorization: { enabled: false },
    detectIndentation: false,
    tabSize: 2,
    insertSpaces: true,
    trimAutoWhitespace: false,
    // Findings are shown in a read-only file too.
    renderValidationDecorations: 'on',
    formatOnPaste: false,
    formatOnType: false,
    links: false,
    wordBasedSuggestions: 'off',
    quickSuggestions: { other: true, comments: false, strings: true },
    suggest: { showWords: false, preview: false, showIcons: true },
    occurrencesHighlight: 'off',
    // Without a glyph margin it would stand on the text; Ctrl+. and the findings pane offer the same fixes.
    lightbulb: { enabled: 'off' as editor.ShowLightbulbIconMode },
  };
}
