// The text of the open config in Monaco. One editor for all configs: switching swaps the model, so history stays.
// Knows buffers and the desk's signals; forms, findings and numbers are elsewhere.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { deskSignals } from '../documents/desk-signals.ts';
import { bufferOf } from '../documents/open-buffers.ts';
import { stepToFinding } from '../findings/go-to-finding.ts';
import styles from './editor-pane.module.css';
import { editorOptions } from './editor-options.ts';
import type { LoadedEditor } from './load-editor.ts';
import { rangeOf, registerFixes, showMarkers } from './markers.ts';
import type { editor } from './monaco.ts';

/** Cursor and scroll position per path, for as long as the window lives. */
const viewStates = new Map<string, editor.ICodeEditorViewState>();
let fixesRegistered = false;

export function EditorPane({
  loaded,
  buffer,
  readOnlyReason,
}: {
  readonly loaded: LoadedEditor;
  readonly buffer: ConfigBuffer;
  readonly readOnlyReason: string | null;
}) {
  const { monaco } = loaded;
  const host = useRef<HTMLDivElement>(null);
  const instance = useRef<editor.IStandaloneCodeEditor | null>(null);

  useEffect(() => {
    if (host.current === null) return;
    if (!fixesRegistered) {
      fixesRegistered = true;
      registerFixes(monaco, (model) => bufferOf(model.uri.path.slice(1)));
    }
    const created = monaco.editor.create(host.current, editorOptions());
    instance.current = created;
    const shown = (): ConfigBuffer | null => bufferOf(created.getModel()?.uri.path.slice(1) ?? '');
    for (const [id, label, key, direction] of [
      ['nesso.nextFinding', 'Next finding', monaco.KeyCode.F8, 1],
      ['nesso.previousFinding', 'Previous finding', monaco.KeyMod.Shift | monaco.KeyCode.F8, -1],
    ] as const) {
      created.addAction({
        id,
        label,
        keybindings: [key],
        run: () => {
          const current = shown();
          if (current !== null) stepToFinding(current, direction);
        },
      });
    }
    const cursor = created.onDidChangeCursorPosition(({ position }) => {
      const model = created.getModel();
      if (model === null) return;
      deskSignals.setState({
        cursor: {
          path: model.uri.path.slice(1),
          lineNumber: position.lineNumber,
          column: position.column,
        },
      });
    });
    return () => {
      cursor.dispose();
      created.dispose();
      instance.current = null;
    };
  }, [monaco]);

  useEffect(() => {
    const current = instance.current;
    if (current === null) return;
    const { path, model } = buffer;
    current.setModel(model);
    const known = viewStates.get(path);
    if (known !== undefined) current.restoreViewState(known);
    return () => {
      const left = model.isDisposed() ? null : current.saveViewState();
      if (left !== null) viewStates.set(path, left);
    };
  }, [buffer, monaco]);

  useEffect(() => {
    instance.current?.updateOptions({
      readOnly: readOnlyReason !== null,
      ...(readOnlyReason === null ? {} : { readOnlyMessage: { value: readOnlyReason } }),
    });
  }, [readOnlyReason]);

  const checked = useStore(buffer.state, (state) => state.checked);
  useEffect(() => {
    showMarkers(monaco, buffer);
    if (checked === null || checked.modelVersion !== buffer.model.getVersionId()) return;
    const lines = checked.findings
      .filter(({ severity }) => severity === 'error')
      .map((finding) => ({
        range: rangeOf(monaco, buffer.model, finding),
        options: { isWholeLine: true, className: styles['error-line'] ?? '' },
      }));
    const ids = buffer.model.deltaDecorations([], lines);
    return () => {
      if (!buffer.model.isDisposed()) buffer.model.deltaDecorations(ids, []);
    };
  }, [monaco, buffer, checked]);

  const wanted = useStore(deskSignals, (signals) => signals.reveal);
  useEffect(() => {
    const current = instance.current;
    if (current === null || wanted?.path !== buffer.path) return;
    const start = buffer.model.getPositionAt(wanted.range.start);
    const end = buffer.model.getPositionAt(wanted.range.end);
    const selection = monaco.Range.fromPositions(start, start.lineNumber === end.lineNumber ? end : start);
    current.setSelection(selection);
    current.revealRangeInCenterIfOutsideViewport(selection, monaco.editor.ScrollType.Smooth);
    if (wanted.takeFocus) current.focus();
    deskSignals.setState({ reveal: null });
  }, [monaco, buffer, wanted]);

  return <div ref={host} className={styles['host']} data-testid="config-editor" />;
}
