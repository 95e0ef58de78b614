// Which keys two configs have different: added, removed, changed, with the place of both values.
// Compares values as the tools read them: `1.0e-08` and `1.e-8` are the same. Knows no schema.

import { lineIndex, type LineIndex } from '../position.ts';
import type { ConfigDocument, ConfigNode, KeyPath, TextRange } from '../types.ts';

export interface SidedValue {
  /** The value as written; lists of plain values on one line. */
  readonly text: string;
  readonly range: TextRange;
  readonly line: number;
  readonly column: number;
}

export type KeyChange =
  | { readonly kind: 'added'; readonly path: KeyPath; readonly after: SidedValue }
  | { readonly kind: 'removed'; readonly path: KeyPath; readonly before: SidedValue }
  | {
      readonly kind: 'changed';
      readonly path: KeyPath;
      readonly before: SidedValue;
      readonly after: SidedValue;
    };

interface Leaf {
  readonly path: KeyPath;
  readonly node: ConfigNode;
  readonly text: string;
  /** Equal for values that the tools read as equal. */
  readonly meaning: string;
}

function scalarMeaning(node: ConfigNode): string {
  if (node.kind !== 'scalar') return '';
  const { value } = node;
  if (typeof value === 'number' || typeof value === 'bigint') return `number ${Number(value)}`;
  return `${typeof value} ${String(value)}`;
}

function scalarText(node: ConfigNode): string {
  return node.kind === 'scalar' ? node.source : '';
}

/** Plain values and lists of plain values are leaves; maps and lists of maps are walked. */
function collectLeaves(node: ConfigNode, path: KeyPath, leaves: Map<string, Leaf>): void {
  if (node.kind === 'map' && node.entries.length > 0) {
    for (const entry of node.entries) collectLeaves(entry.value, [...path, entry.key], leaves);
    return;
  }
  if (node.kind === 'list' && node.items.some((item) => item.kind !== 'scalar')) {
    node.items.forEach((item, index) => {
      collectLeaves(item, [...path, index], leaves);
    });
    return;
  }
  const items = node.kind === 'list' ? node.items : null;
  const empty = node.kind === 'map' ? '{}' : null;
  leaves.set(JSON.stringify(path), {
    path,
    node,
    text: empty ?? (items === null ? scalarText(node) : `[${items.map(scalarText).join(', ')}]`),
    meaning: empty ?? (items === null ? scalarMeaning(node) : JSON.stringify(items.map(scalarMeaning))),
  });
}

function leavesOf(document: ConfigDocument): ReadonlyMap<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  if (document.root !== null) collectLeaves(document.root, [], leaves);
  return leaves;
}

function placed(leaf: Leaf, lines: LineIndex): SidedValue {
  const { line, column } = lines.positionAt(leaf.node.range.start);
  return { text: leaf.text, range: leaf.node.range, line, column };
}

/** Changes from `before` to `after`, in the order of the keys of `before`, then what is new. */
export function keyChanges(before: ConfigDocument, after: ConfigDocument): readonly KeyChange[] {
  const beforeLeaves = leavesOf(before);
  const afterLeaves = leavesOf(after);
  const beforeLines = lineIndex(before.text);
  const afterLines = lineIndex(after.text);
  const changes: KeyChange[] = [];
  for (const [key, leaf] of beforeLeaves) {
    const other = afterLeaves.get(key);
    const side = placed(leaf, beforeLines);
    if (other === undefined) changes.push({ kind: 'removed', path: leaf.path, before: side });
    else if (other.meaning !== leaf.meaning) {
      changes.push({ kind: 'changed', path: leaf.path, before: side, after: placed(other, afterLines) });
    }
  }
  for (const [key, leaf] of afterLeaves) {
    if (!beforeLeaves.has(key)) {
      changes.push({ kind: 'added', path: leaf.path, after: placed(leaf, afterLines) });
    }
  }
  return changes;
}
