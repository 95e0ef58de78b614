// One open config: the Monaco text model that text and form share, what is on disk, and whether the two differ.
// All edits go through here so that there is one undo history. Knows nothing about core, forms or rules.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConfigFile } from '../../../../core/api/configs.ts';
import { mergeTexts } from '../../../../core/lib/text/merge.ts';
import type { TextEdit } from '../../../../core/lib/config/types.ts';
import type { Checked } from '../check/check-protocol.ts';
import type { editor } from '../editor/monaco.ts';
import type { MonacoModule } from '../editor/load-editor.ts';
import { lineEdits } from './text-changes.ts';

/** Above this a file opens as plain text: no check, no form, no colours. 650-line configs are 20 kB. */
export const PLAIN_TEXT_BYTES = 5 * 1024 * 1024;

export interface Conflict {
  readonly theirs: ConfigFile;
  /** Places that both sides changed. */
  readonly places: number;
}

export interface BufferState {
  readonly dirty: boolean;
  readonly saving: boolean;
  /** True from a save until the next edit, so that a person sees that it happened. */
  readonly justSaved: boolean;
  readonly readOnly: boolean;
  /** Gone from the disk since it was opened. */
  readonly removed: boolean;
  readonly conflict: Conflict | null;
  /** When the unsaved text that was put back was last typed; null when nothing was put back. */
  readonly restoredMs: number | null;
  /** The newest finished check; may be one keystroke behind the text. */
  readonly checked: Checked | null;
}

export interface ConfigBuffer {
  readonly path: string;
  readonly model: editor.ITextModel;
  readonly state: StoreApi<BufferState>;
  /** True for a file too large for anything but plain text. */
  readonly plain: boolean;
  /** Line ends of both kinds were found; Monaco keeps one kind, so the first save changes those lines. */
  readonly mixedLineEnds: boolean;
  base(): Pick<ConfigFile, 'text' | 'version'>;
  /** Without a byte order mark, so that offsets are Monaco's. */
  text(): string;
  /** As it goes to disk. */
  fileText(): string;
  /** One undoable step: undo stops before and after. */
  apply(edits: readonly TextEdit[]): void;
  /** Like `apply` without undo stops of its own: keystrokes in one field are one step. */
  applyWithin(edits: readonly TextEdit[]): void;
  undoStop(): void;
  /** Replaces the text by small edits, as one undoable step. */
  become(text: string): void;
  /** An undo of exactly what was done last: does nothing, and says false, when there were edits since this was called. */
  undoOfLast(): () => boolean;
  /** What is on disk now is `file`; the buffer is clean when its text is the same. */
  rebase(file: Pick<ConfigFile, 'text' | 'version'>): void;
  /** When the base last changed, as `performance.now()`: readings begun earlier may be older than it. */
  rebasedMs(): number;
  setReadOnly(readOnly: boolean): void;
  dispose(): void;
}

/** Opens a file as a buffer. `draft` is unsaved text from an earlier session, put on top as one undoable edit. */
export function createConfigBuffer(
  monaco: MonacoModule,
  file: ConfigFile,
  draft: { readonly text: string; readonly atMs: number } | null,
): ConfigBuffer {
  const plain = file.text.length >= PLAIN_TEXT_BYTES;
  const byteOrderMark = file.text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const model = monaco.editor.createModel(
    withoutMark(file.text),
    plain ? 'plaintext' : 'yaml',
    modelUri(monaco, file.path),
  );
  model.updateOptions({ tabSize: 2, insertSpaces: true, trimAutoWhitespace: false });
  let base = { text: withoutMark(file.text), version: file.version };
  let rebasedMs = performance.now();
  let savedVersionId = model.getAlternativeVersionId();
  const state = createStore<BufferState>(() => ({
    dirty: false,
    saving: false,
    justSaved: false,
    readOnly: file.readOnly,
    removed: false,
    conflict: null,
    restoredMs: null,
    checked: null,
  }));
  const text = (): string => model.getValue();
  const mixedLineEnds = text() !== base.text;

  /** Typed back to what is on disk counts as clean too; the length is asked first, so most edits cost no comparison. */
  const isSaved = (): boolean =>
    model.getAlternativeVersionId() === savedVersionId ||
    (!plain && model.getValueLength() === base.text.length && text() === base.text);
  const refreshDirty = (): void => {
    const dirty = !isSaved();
    if (dirty !== state.getState().dirty) state.setState({ dirty, justSaved: false });
  };
  const subscription = model.onDidChangeContent(refreshDirty);

  const applyWithin = (edits: readonly TextEdit[]): void => {
    if (edits.length === 0) return;
    const operations = edits.map((edit) => ({
      range: monaco.Range.fromPositions(model.getPositionAt(edit.start), model.getPositionAt(edit.end)),
      text: edit.newText,
      forceMoveMarkers: false,
    }));
    model.pushEditOperations([], operations, () => null);
  };
  const apply = (edits: readonly TextEdit[]): void => {
    model.pushStackElement();
    applyWithin(edits);
    model.pushStackElement();
  };
  const become = (next: string): void => apply(lineEdits(text(), next));

  if (draft !== null && draft.text !== text()) {
    become(draft.text);
    state.setState({ restoredMs: draft.atMs });
  }

  return {
    path: file.path,
    model,
    state,
    plain,
    mixedLineEnds,
    base: () => base,
    text,
    fileText: () => byteOrderMark + text(),
    apply,
    applyWithin,
    undoStop: () => model.pushStackElement(),
    become,
    undoOfLast: () => {
      const version = model.getAlternativeVersionId();
      return () => {
        if (model.isDisposed() || model.getAlternativeVersionId() !== version) return false;
        void model.undo();
        return true;
      };
    },
    rebasedMs: () => rebasedMs,
    rebase: (next) => {
      rebasedMs = performance.now();
      base = { text: withoutMark(next.text), version: next.version };
      savedVersionId = text() === base.text ? model.getAlternativeVersionId() : -1;
      state.setState({ removed: false, conflict: null });
      refreshDirty();
    },
    setReadOnly: (readOnly) => state.setState({ readOnly }),
    dispose: () => {
      subscription.dispose();
      model.dispose();
    },
  };
}

/** The text as Monaco holds it; the mark is put back when the file is written. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** The address of a config's model: unique per path, safe for any file name. */
export function modelUri(monaco: MonacoModule, path: string) {
  return monaco.Uri.from({ scheme: 'nesso', authority: 'workspace', path: `/${path}` });
}

export type Reconciled = 'same' | 'reloaded' | 'merged' | 'conflict';

/**
 * Takes note of what another program wrote. A clean buffer follows it, keeping cursor and undo; unsaved edits are
 * merged by line when both sides changed different places; otherwise the conflict is kept for a person to decide.
 */
export function reconcile(buffer: ConfigBuffer, file: ConfigFile): Reconciled {
  const theirs = { ...file, text: withoutMark(file.text) };
  buffer.setReadOnly(theirs.readOnly);
  const base = buffer.base();
  const mine = buffer.text();
  if (theirs.version === base.version) {
    // Also after a conflict: the other program took its change back.
    buffer.state.setState({ removed: false, conflict: null });
    return 'same';
  }
  if (theirs.text === mine) {
    buffer.rebase(theirs);
    return 'same';
  }
  if (!buffer.state.getState().dirty) {
    buffer.become(theirs.text);
    buffer.rebase(theirs);
    return 'reloaded';
  }
  const merged = mergeTexts({ base: base.text, mine, theirs: theirs.text });
  if (merged.kind === 'conflict') {
    const places = merged.hunks.filter((hunk) => hunk.kind === 'conflict').length;
    buffer.state.setState({ conflict: { theirs, places }, removed: false });
    return 'conflict';
  }
  buffer.become(merged.text);
  buffer.rebase(theirs);
  return 'merged';
}
