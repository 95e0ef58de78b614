// The edits for one node of a parsed text: replace it, or insert below it.
// Exports: replaceNodeEdits, insertPathEdits, insertItemEdits. Finding the node is edit.ts, removing is edit-remove.ts.
import {
  afterNode,
  columnOf,
  type EditContext,
  type Edits,
  insertion,
  isAlias,
  joined,
  lineEndAt,
  type Placed,
  replaceWhole,
  spaced,
} from './edit-context.ts';
import { removeItem } from './edit-remove.ts';
import {
  type EditValue,
  entryLines,
  formatFlow,
  formatKey,
  formatScalar,
  isCollection,
  itemLines,
} from './format-scalar.ts';
import { entryOf, printKeyPath } from './lookup.ts';
import type { ConfigNode, KeyPath, ListNode, MapNode, ScalarNode, TextEdit } from './types.ts';

/** Edits that turn a node into a value; nested values are compared, so that only what differs changes. */
export function replaceNodeEdits(context: EditContext, placed: Placed, value: EditValue): Edits {
  const { node } = placed;
  if (
    Array.isArray(value) &&
    node.kind === 'list' &&
    node.items.length > 0 &&
    value.length > 0 &&
    !isAlias(context, node)
  ) {
    return replaceList(context, node, value as readonly EditValue[]);
  }
  if (node.kind === 'scalar' && !isCollection(value)) return replaceScalar(context, node, value);
  if (node.kind === 'map' && isCollection(value) && !Array.isArray(value) && !isAlias(context, node)) {
    const edits = replaceMap(context, node, value as { readonly [key: string]: EditValue });
    if (edits !== null) return { edits };
  }
  return { edits: [replaceWhole(context, placed, formatFlow(value, context.style))] };
}

function replaceScalar(context: EditContext, node: ScalarNode, value: Exclude<EditValue, object>): Edits {
  const sameType = typeof value === typeof node.value;
  const floatWanted = context.style.asFloat === true && node.type === 'int';
  if (sameType && Object.is(value, node.value) && !floatWanted) return { edits: [] };
  if (/^[|>]/.test(node.source))
    return { edits: [{ ...node.range, newText: blockScalar(context, node, value) }] };
  const previous = isAlias(context, node) && !node.quoted ? {} : { previous: node };
  const newText = formatScalar(value, { ...context.style, ...previous });
  if (node.range.start === node.range.end)
    return { edits: [insertion(node.range.start, spaced(context, node.range.start, newText))] };
  return { edits: [{ ...node.range, newText }] };
}

// oxlint-disable-next-line no-control-regex -- a literal block cannot carry control characters
const CANNOT_BE_LITERAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

/** A block scalar stays one when the new text has several lines that can be written literally. */
function blockScalar(context: EditContext, node: ScalarNode, value: Exclude<EditValue, object>): string {
  const tail = node.source.endsWith('\n') ? context.newline : '';
  const indent = /\n([ ]+)\S/.exec(node.source)?.[1];
  const literal = typeof value === 'string' && /^\S[^\r]*\n/.test(value) && !value.endsWith('\n\n');
  if (!literal || indent === undefined || CANNOT_BE_LITERAL.test(value)) {
    return formatScalar(value, { ...context.style, inFlow: false }) + tail;
  }
  const chomp = value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  return `|${chomp}${context.newline}${lines.map((line) => (line === '' ? '' : indent + line)).join(context.newline)}${tail}`;
}

function replaceList(context: EditContext, node: ListNode, value: readonly EditValue[]): Edits {
  const inner = {
    ...context,
    style: { ...context.style, inFlow: context.style.inFlow === true || node.flow },
  };
  if (node.flow && node.items.length !== value.length) {
    return { edits: [{ ...node.range, newText: formatFlow(value, { ...context.style, inFlow: true }) }] };
  }
  const edits: TextEdit[] = [];
  for (const [index, item] of node.items.entries()) {
    const wanted = value[index];
    const result =
      wanted === undefined
        ? removeItem(inner, node, index)
        : replaceNodeEdits(inner, { node: item, keyEnd: null }, wanted);
    if ('error' in result) return result;
    edits.push(...result.edits);
  }
  const added = value.slice(node.items.length);
  if (added.length > 0) {
    const column = columnOf(context, node.range.start);
    const lines = added.flatMap((item) => withIndent(itemLines(item, column, context.style), column));
    edits.push(insertion(afterNode(context, node.range.end), context.newline + joined(context, lines)));
  }
  return { edits };
}

/** Null when the map must be rewritten as a whole, because keys go away or come by a merge. */
function replaceMap(
  context: EditContext,
  node: MapNode,
  value: { readonly [key: string]: EditValue },
): readonly TextEdit[] | null {
  const keys = Object.keys(value);
  const ownKeys = node.entries.every((entry) => !context.text.startsWith('<<', entry.keyRange.start));
  const same = node.entries.length === keys.length && keys.every((key) => entryOf(node, key) !== undefined);
  if (!ownKeys || !same || node.entries.length === 0) return null;
  const edits: TextEdit[] = [];
  for (const entry of node.entries) {
    const wanted = value[entry.key];
    if (wanted === undefined) return null;
    const inner = {
      ...context,
      style: { ...context.style, inFlow: context.style.inFlow === true || node.flow },
    };
    const result = replaceNodeEdits(inner, { node: entry.value, keyEnd: entry.keyRange.end }, wanted);
    if ('error' in result) return null;
    edits.push(...result.edits);
  }
  return edits;
}

function withIndent(lines: readonly string[], column: number): readonly string[] {
  return lines.map((line, index) => (index === 0 ? ' '.repeat(column) + line : line));
}

/** The value that stands for the missing steps of a path. */
function nested(missing: KeyPath, value: EditValue): EditValue | null {
  return missing.toReversed().reduce<EditValue | null>((inner, step) => {
    if (inner === null && missing.length > 0 && inner !== value) return null;
    if (typeof step === 'string') return { [step]: inner };
    return step === 0 ? [inner] : null;
  }, value);
}

interface Insertion {
  readonly node: ConfigNode | null;
  readonly path: KeyPath;
  readonly missing: KeyPath;
  readonly keyEnd: number | null;
}

/** Edits that create the missing steps below the last node that exists. */
export function insertPathEdits(context: EditContext, at: Insertion, value: EditValue): Edits {
  const { node, missing } = at;
  const [first, ...rest] = missing;
  const inner = nested(rest, value);
  if (first === undefined || (inner === null && rest.length > 0)) {
    return {
      error: `${printKeyPath([...at.path, ...missing])} would start a list at a position other than 0`,
    };
  }
  if (node?.kind === 'map') {
    if (typeof first === 'number') return { error: `${printKeyPath(at.path)} has keys, it is not a list` };
    return { edits: [insertEntry(context, node, { key: first, value: inner })] };
  }
  if (node?.kind === 'list') {
    const index = Number(first);
    if (index !== node.items.length)
      return {
        error: `${printKeyPath(at.path)} has ${node.items.length} items; the next position is ${node.items.length}`,
      };
    return insertItemEdits(context, { node, keyEnd: at.keyEnd }, { index, value: inner });
  }
  if (node === null) return insertAtEnd(context, first, inner);
  if (node.value !== null) return { error: `${printKeyPath(at.path)} is a value, not a section` };
  return insertBelowNull(context, { node, keyEnd: at.keyEnd }, { first, value: inner });
}

function insertAtEnd(context: EditContext, first: string | number, value: EditValue): Edits {
  if (typeof first === 'number') return { error: 'The file is empty; its first key must have a name' };
  const { text, newline } = context;
  const separator = text === '' || text.endsWith('\n') ? '' : newline;
  return {
    edits: [
      insertion(
        text.length,
        `${separator}${joined(context, entryLines(first, value, 0, context.style))}${newline}`,
      ),
    ],
  };
}

function insertBelowNull(
  context: EditContext,
  placed: Placed,
  child: { readonly first: string | number; readonly value: EditValue },
): Edits {
  const { node, keyEnd } = placed;
  const parent: EditValue = typeof child.first === 'number' ? [child.value] : { [child.first]: child.value };
  const written = node.range.end > node.range.start;
  if (keyEnd === null || context.style.inFlow === true || written) {
    const newText = formatFlow(parent, context.style);
    if (!written) return { edits: [insertion(node.range.start, spaced(context, node.range.start, newText))] };
    if (keyEnd === null || context.style.inFlow === true) return { edits: [{ ...node.range, newText }] };
  }
  const keyColumn = blockColumn(context, keyEnd);
  const column = Array.isArray(parent) ? keyColumn : keyColumn + 2;
  const lines = Array.isArray(parent)
    ? withIndent(itemLines(child.value, column, context.style), column)
    : withIndent(entryLines(String(child.first), child.value, column, context.style), column);
  const below = insertion(lineEndAt(context, node.range.end), context.newline + joined(context, lines));
  if (!written) return { edits: [below] };
  // `key: null` loses its null, with the space before it.
  const start = context.text[node.range.start - 1] === ' ' ? node.range.start - 1 : node.range.start;
  return { edits: [{ start, end: node.range.end, newText: '' }, below] };
}

/** Column of the key that ends at `keyEnd`, which may follow list dashes: `- key:` has the column of `key`. */
function blockColumn(context: EditContext, keyEnd: number): number {
  const lineStart = context.lines.lineStart(context.lines.positionAt(keyEnd).line);
  return /^[ ]*(?:-[ ]+)*/.exec(context.text.slice(lineStart, keyEnd))?.[0].length ?? 0;
}

function insertEntry(
  context: EditContext,
  map: MapNode,
  entry: { readonly key: string; readonly value: EditValue },
): TextEdit {
  if (map.flow) {
    const text = `${formatKey(entry.key, true)}: ${formatFlow(entry.value, { ...context.style, inFlow: true })}`;
    return flowInsertion(context, { range: map.range, last: map.entries.at(-1)?.value.range.end }, text);
  }
  const column = columnOf(context, map.range.start);
  const lines = withIndent(entryLines(entry.key, entry.value, column, context.style), column);
  return insertion(afterNode(context, map.range.end), context.newline + joined(context, lines));
}

function flowInsertion(
  context: EditContext,
  flow: {
    readonly range: { readonly start: number; readonly end: number };
    readonly last: number | undefined;
  },
  text: string,
): TextEdit {
  if (flow.last === undefined) return { start: flow.range.start + 1, end: flow.range.end - 1, newText: text };
  // A trailing comma is allowed: `[a, b,]`.
  const between = context.text.slice(flow.last, flow.range.end - 1);
  const comma = between.indexOf(',');
  return comma === -1 ? insertion(flow.last, `, ${text}`) : insertion(flow.last + comma + 1, ` ${text}`);
}

/** Edits that put an item into an existing list. */
export function insertItemEdits(
  context: EditContext,
  placed: Placed,
  item: { readonly index: number; readonly value: EditValue },
): Edits {
  const node = placed.node;
  if (node.kind !== 'list') return { error: 'The value is not a list' };
  if (item.index < 0 || item.index > node.items.length)
    return { error: `The list has ${node.items.length} items` };
  if (node.flow) return { edits: [insertFlowItem(context, node, item)] };
  const column = columnOf(context, node.range.start);
  const lines = itemLines(item.value, column, context.style);
  if (item.index === 0) {
    const indent = context.newline + ' '.repeat(column);
    return { edits: [insertion(node.range.start, joined(context, lines) + indent)] };
  }
  const before = node.items[item.index - 1]?.range.end ?? node.range.end;
  return {
    edits: [
      insertion(afterNode(context, before), context.newline + joined(context, withIndent(lines, column))),
    ],
  };
}

function insertFlowItem(
  context: EditContext,
  node: ListNode,
  item: { readonly index: number; readonly value: EditValue },
): TextEdit {
  const text = formatFlow(item.value, { ...context.style, inFlow: true });
  const next = node.items[item.index];
  if (next !== undefined) return insertion(next.range.start, `${text}, `);
  return flowInsertion(context, { range: node.range, last: node.items.at(-1)?.range.end }, text);
}
