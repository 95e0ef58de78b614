// Editing YAML in place: changes exactly the characters of one value and leaves comments, order and style alone.
// Exports: setValue, removeKey, insertListItem (all on text), their …In(document) forms, applyEdits. Knows no schema.
import { parseConfig } from './document.ts';
import { isCollection, type EditValue, type ScalarStyle } from './format-scalar.ts';
import type { EditContext } from './edit-context.ts';
import { insertItemEdits, insertPathEdits, replaceNodeEdits } from './edit-nodes.ts';
import { removeAtEdits } from './edit-remove.ts';
import { nodeAt, printKeyPath } from './lookup.ts';
import { lineIndex } from './position.ts';
import { sectionSlice } from './section-slice.ts';
import type { ConfigDocument, ConfigNode, KeyPath, TextEdit } from './types.ts';

export type EditResult = { readonly edits: readonly TextEdit[] } | { readonly error: string };

export interface EditOptions {
  /** The schema says float: a whole number is written with a dot (`3` → `3.0`). */
  readonly asFloat?: boolean;
}

/** Applies non-overlapping edits that all refer to the same text; insertions at one offset keep their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.toSorted((left, right) => left.start - right.start || left.end - right.end);
  let result = '';
  let position = 0;
  for (const edit of ordered) {
    result += text.slice(position, Math.max(position, edit.start)) + edit.newText;
    position = Math.max(position, edit.end);
  }
  return result + text.slice(position);
}

/** Where a path leaves what exists: the node reached, and the steps that are still missing. */
interface Reach {
  readonly node: ConfigNode | null;
  readonly path: KeyPath;
  readonly missing: KeyPath;
  readonly inFlow: boolean;
  /** End of the key that holds the node, when a key holds it. */
  readonly keyEnd: number | null;
}

function reach(document: ConfigDocument, path: KeyPath): Reach | { readonly error: string } {
  let node = document.root;
  let inFlow = false;
  let keyEnd: number | null = null;
  for (const [index, step] of path.entries()) {
    if (node === null) return { node, path: [], missing: path, inFlow, keyEnd };
    const here: ConfigNode = node;
    if (here.kind !== 'scalar' && document.text[here.range.start] === '*') {
      const at = printKeyPath(path.slice(0, index));
      return {
        error: `${at} is an alias of another part of the file; change it where its anchor (&) stands`,
      };
    }
    inFlow ||= here.kind !== 'scalar' && here.flow;
    const stopped: Reach = {
      node: here,
      path: path.slice(0, index),
      missing: path.slice(index),
      inFlow,
      keyEnd,
    };
    if (here.kind === 'map') {
      const entry = here.entries.find((candidate) => candidate.key === String(step));
      const inherited = entry !== undefined && document.text.startsWith('<<', entry.keyRange.start);
      if (entry === undefined || inherited) return stopped;
      node = entry.value;
      keyEnd = entry.keyRange.end;
    } else {
      const child: ConfigNode | undefined = nodeAt(here, [step]);
      if (child === undefined) return stopped;
      node = child;
      keyEnd = null;
    }
  }
  return { node, path, missing: [], inFlow, keyEnd };
}

function contextOf(document: ConfigDocument, inFlow: boolean, options: EditOptions): EditContext {
  const style: ScalarStyle = { ...(options.asFloat ? { asFloat: true } : {}), inFlow };
  return {
    text: document.text,
    lines: lineIndex(document.text),
    newline: document.text.includes('\r\n') ? '\r\n' : '\n',
    style,
  };
}

/** As setValue, on a document that is already parsed. */
export function setValueIn(
  document: ConfigDocument,
  path: KeyPath,
  value: EditValue,
  options: EditOptions = {},
): EditResult {
  if (path.length === 0) return { error: 'A key path is needed, such as tokens.train_steps' };
  const unread = document.problems.find(
    (problem) => problem.code === 'yaml-too-large' || problem.code === 'yaml-too-deep',
  );
  if (unread !== undefined) return { error: unread.message };
  const reached = reach(document, path);
  if ('error' in reached) return reached;
  const context = contextOf(document, reached.inFlow, options);
  const result =
    reached.missing.length === 0 && reached.node !== null
      ? replaceNodeEdits(context, { node: reached.node, keyEnd: reached.keyEnd }, value)
      : insertPathEdits(context, reached, value);
  return 'error' in result ? result : verified(document, result.edits, path, value);
}

/** A file with a syntax error may be read wrongly after it: an edit there must prove that it did what it says. */
function verified(
  document: ConfigDocument,
  edits: readonly TextEdit[],
  path: KeyPath,
  value: EditValue,
): EditResult {
  const broken = document.problems.find((problem) => problem.code === 'yaml-syntax');
  if (broken === undefined) return { edits };
  const after = parseConfig(applyEdits(document.text, edits));
  const node = nodeAt(after.root, path);
  const arrived =
    node !== undefined &&
    (isCollection(value) ? node.kind !== 'scalar' : node.kind === 'scalar' && Object.is(node.value, value));
  const worse = after.problems.length > document.problems.length;
  return arrived && !worse
    ? { edits }
    : { error: `Line ${broken.line} has a syntax error that must be mended first` };
}

/**
 * Edits that give the value at a key path, creating missing keys and parents. The text may be CRLF or LF, flow or block.
 * No edits when the value is already there. An error is a sentence, never a throw.
 */
export function setValue(
  text: string,
  path: KeyPath,
  value: EditValue,
  options: EditOptions = {},
): EditResult {
  // Parsing only the section of the first key is what makes this fast; see test/bench/config-set.ts.
  const slice = sectionSlice(text, path[0]);
  if (slice !== null) {
    const document = parseConfig(slice.text);
    if (document.problems.length === 0) {
      const result = setValueIn(document, path, value, options);
      if ('edits' in result) return { edits: result.edits.map((edit) => shift(edit, slice.offset)) };
    }
  }
  return setValueIn(parseConfig(text), path, value, options);
}

function shift(edit: TextEdit, offset: number): TextEdit {
  return { start: edit.start + offset, end: edit.end + offset, newText: edit.newText };
}

/** As removeKey, on a document that is already parsed. */
export function removeKeyIn(document: ConfigDocument, path: KeyPath): EditResult {
  const last = path.at(-1);
  const parent = reach(document, path.slice(0, -1));
  if ('error' in parent) return parent;
  const node = parent.node;
  if (
    last === undefined ||
    node === null ||
    parent.missing.length > 0 ||
    nodeAt(node, [last]) === undefined
  ) {
    return { error: `${printKeyPath(path)} is not in the file` };
  }
  if (node.kind !== 'scalar' && document.text[node.range.start] === '*') {
    return { error: `${printKeyPath(path)} comes from an alias; change it where its anchor (&) stands` };
  }
  return removeAtEdits(contextOf(document, parent.inFlow, {}), { node, keyEnd: parent.keyEnd }, last);
}

/** Edits that take a key (with its value and the comment on its line) or a list item out; an emptied parent becomes {} or []. */
export function removeKey(text: string, path: KeyPath): EditResult {
  return removeKeyIn(parseConfig(text), path);
}

/** As insertListItem, on a document that is already parsed. */
export function insertListItemIn(
  document: ConfigDocument,
  path: KeyPath,
  item: { readonly index: number; readonly value: EditValue },
): EditResult {
  const reached = reach(document, path);
  if ('error' in reached) return reached;
  const node = reached.node;
  if (node?.kind !== 'list' || reached.missing.length > 0) {
    const empty =
      node === null || reached.missing.length > 0 || (node.kind === 'scalar' && node.value === null);
    return empty
      ? setValueIn(document, path, [item.value])
      : { error: `${printKeyPath(path)} is not a list` };
  }
  return insertItemEdits(
    contextOf(document, reached.inFlow || node.flow, {}),
    { node, keyEnd: reached.keyEnd },
    item,
  );
}

/** Edits that put one item into a list before `index` (the length of the list appends); a missing list is created. */
export function insertListItem(text: string, path: KeyPath, index: number, value: EditValue): EditResult {
  return insertListItemIn(parseConfig(text), path, { index, value });
}
