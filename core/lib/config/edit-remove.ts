// The edits that take a key or a list item out of a parsed text. Exports: removeAtEdits, removeItem.
import {
  afterNode,
  columnOf,
  contentEnd,
  type EditContext,
  type Edits,
  type Placed,
  replaceWhole,
} from './edit-context.ts';
import { entryOf } from './lookup.ts';
import type { ListNode, MapEntry, TextEdit } from './types.ts';

/** Edits that take one key or item out of its parent. */
export function removeAtEdits(context: EditContext, parent: Placed, step: string | number): Edits {
  const node = parent.node;
  if (node.kind === 'list') {
    const whole = node.items.length === 1;
    return whole ? { edits: [replaceWhole(context, parent, '[]')] } : removeItem(context, node, Number(step));
  }
  if (node.kind === 'scalar') return { error: 'The value has no keys' };
  const entry = entryOf(node, String(step));
  if (entry === undefined) return { error: `${String(step)} is not there` };
  if (context.text.startsWith('<<', entry.keyRange.start))
    return { error: `${entry.key} comes from a merge (<<); change it at its anchor` };
  const own = node.entries.filter((candidate) => !context.text.startsWith('<<', candidate.keyRange.start));
  if (own.length === 1 && own.length === node.entries.length && parent.keyEnd !== null) {
    return { edits: [replaceWhole(context, parent, '{}')] };
  }
  return { edits: [removeEntry(context, { own, flow: node.flow }, entry)] };
}

function removeEntry(
  context: EditContext,
  map: { readonly own: readonly MapEntry[]; readonly flow: boolean },
  entry: MapEntry,
): TextEdit {
  const index = map.own.indexOf(entry);
  const start = entry.keyRange.start;
  const end = Math.max(entry.keyRange.end, entry.value.range.end);
  if (map.flow)
    return removeFromFlow(
      { start, end },
      map.own[index - 1]?.value.range.end,
      map.own[index + 1]?.keyRange.start,
    );
  return removeLines(context, { start, end }, map.own[index + 1]?.keyRange.start);
}

/** In flow the comma goes along: the one after, or for the last one the one before. */
function removeFromFlow(
  range: { readonly start: number; readonly end: number },
  previousEnd: number | undefined,
  nextStart: number | undefined,
): TextEdit {
  if (nextStart !== undefined) return { start: range.start, end: nextStart, newText: '' };
  return { start: previousEnd ?? range.start, end: range.end, newText: '' };
}

/** Whole lines when the node starts its line; after a list dash only up to the next key. */
function removeLines(
  context: EditContext,
  range: { readonly start: number; readonly end: number },
  nextStart: number | undefined,
): TextEdit {
  const lineStart = context.lines.lineStart(context.lines.positionAt(range.start).line);
  const alone = /^\s*$/.test(context.text.slice(lineStart, range.start));
  if (!alone && nextStart !== undefined) return { start: range.start, end: nextStart, newText: '' };
  const lineEnd = afterNode(context, range.end);
  if (!alone) return { start: range.start, end: lineEnd, newText: '' };
  if (lineEnd >= context.text.length && lineStart > 0) {
    return { start: contentEnd(context, lineStart), end: context.text.length, newText: '' };
  }
  const breakLength = context.text.startsWith('\r\n', lineEnd) ? 2 : 1;
  return { start: lineStart, end: Math.min(lineEnd + breakLength, context.text.length), newText: '' };
}

/** Takes one item out of a list that keeps others. */
export function removeItem(context: EditContext, node: ListNode, index: number): Edits {
  const item = node.items[index];
  if (item === undefined) return { error: `The list has ${node.items.length} items` };
  const next = node.items[index + 1];
  if (node.flow)
    return { edits: [removeFromFlow(item.range, node.items[index - 1]?.range.end, next?.range.start)] };
  const start = dashOf(context, node, index);
  const nextDash = next === undefined ? undefined : dashOf(context, node, index + 1);
  return { edits: [removeLines(context, { start, end: item.range.end }, nextDash)] };
}

/** Offset of the dash of a block list item. */
function dashOf(context: EditContext, node: ListNode, index: number): number {
  const column = columnOf(context, node.range.start);
  const previous = node.items[index - 1];
  if (previous === undefined) return node.range.start;
  const dash = new RegExp(`^ {${column}}-(?=\\s|$)`, 'gm');
  dash.lastIndex = afterNode(context, previous.range.end);
  const found = dash.exec(context.text);
  return found === null ? node.range.start : found.index + column;
}
