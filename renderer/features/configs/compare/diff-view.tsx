// Two texts side by side in Monaco's diff editor, read-only. Knows texts only.
import { useEffect, useRef } from 'react';
import { sharedOptions } from '../editor/editor-options.ts';
import type { LoadedEditor } from '../editor/load-editor.ts';
import type { editor } from '../editor/monaco.ts';
import styles from './compare.module.css';

export function DiffView({
  loaded,
  before,
  after,
  line,
}: {
  readonly loaded: LoadedEditor;
  readonly before: string;
  readonly after: string;
  /** A line to show, 1-based; `side` says of which text. */
  readonly line: { readonly side: 'before' | 'after'; readonly line: number } | null;
}) {
  const { monaco } = loaded;
  const host = useRef<HTMLDivElement>(null);
  const diff = useRef<editor.IStandaloneDiffEditor | null>(null);
  useEffect(() => {
    if (host.current === null) return;
    const models = {
      original: monaco.editor.createModel('', 'yaml'),
      modified: monaco.editor.createModel('', 'yaml'),
    };
    const created = monaco.editor.createDiffEditor(host.current, {
      ...sharedOptions(),
      readOnly: true,
      useInlineViewWhenSpaceIsLimited: false,
      lineDecorationsWidth: 14,
      originalEditable: false,
      renderOverviewRuler: false,
      hideUnchangedRegions: { enabled: true, contextLineCount: 4 },
      ignoreTrimWhitespace: false,
      diffAlgorithm: 'advanced',
    });
    created.setModel(models);
    // The diff editor's own options for these do not reach the elements that have the focus.
    created.getOriginalEditor().updateOptions({ ariaLabel: 'Left text' });
    created.getModifiedEditor().updateOptions({ ariaLabel: 'Right text' });
    diff.current = created;
    return () => {
      diff.current = null;
      created.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [monaco]);
  useEffect(() => {
    const models = diff.current?.getModel();
    if (!models) return;
    if (models.original.getValue() !== before) models.original.setValue(before);
    if (models.modified.getValue() !== after) models.modified.setValue(after);
  }, [monaco, before, after]);
  useEffect(() => {
    if (line === null) return;
    const side =
      line.side === 'before' ? diff.current?.getOriginalEditor() : diff.current?.getModifiedEditor();
    side?.revealLineInCenter(line.line);
    side?.setPosition({ lineNumber: line.line, column: 1 });
  }, [line]);
  return <div ref={host} className={styles['diff']} />;
}
