// Typed values at key paths of a document, with missing, null and wrongly typed told apart where it matters.
// Knows no schema: a value of the wrong type reads as null, because validation reports it elsewhere.

import { nodeAt } from '../lookup.ts';
import type { ConfigDocument, ConfigNode, KeyPath, ListNode } from '../types.ts';

/** A number as the tool's YAML reader would type it; text such as `1e-8` is not a number. */
export function numberAt(document: ConfigDocument, path: KeyPath): number | null {
  return numberOf(nodeAt(document.root, path));
}

/** The number a scalar node holds, or null. */
export function numberOf(node: ConfigNode | undefined): number | null {
  if (node?.kind !== 'scalar') return null;
  if (typeof node.value === 'bigint') return Number(node.value);
  return typeof node.value === 'number' && Number.isFinite(node.value) ? node.value : null;
}

/** A whole number, or null for anything else. */
export function integerAt(document: ConfigDocument, path: KeyPath): number | null {
  const value = numberAt(document, path);
  return value !== null && Number.isInteger(value) ? value : null;
}

/** A whole number above zero, or null: what counts of layers, GPUs and steps must be. */
export function positiveIntegerAt(document: ConfigDocument, path: KeyPath): number | null {
  const value = integerAt(document, path);
  return value !== null && value > 0 ? value : null;
}

/** Text, or null. */
export function stringAt(document: ConfigDocument, path: KeyPath): string | null {
  const node = nodeAt(document.root, path);
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

/** true, false, or null when it is neither. */
export function booleanAt(document: ConfigDocument, path: KeyPath): boolean | null {
  const node = nodeAt(document.root, path);
  return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : null;
}

/** True when the key is there with anything but null. */
export function isGiven(document: ConfigDocument, path: KeyPath): boolean {
  const node = nodeAt(document.root, path);
  return node !== undefined && !(node.kind === 'scalar' && node.value === null);
}

/** The list at a path, or null. */
export function listAt(document: ConfigDocument, path: KeyPath): ListNode | null {
  const node = nodeAt(document.root, path);
  return node?.kind === 'list' ? node : null;
}

/** A list of texts; a single text counts as a list of one, as Nanotron reads folders. Null when there is neither. */
export function stringsAt(document: ConfigDocument, path: KeyPath): readonly string[] | null {
  const single = stringAt(document, path);
  if (single !== null) return [single];
  const list = listAt(document, path);
  if (list === null) return null;
  const texts = list.items.flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
  return texts.length === list.items.length ? texts : null;
}

/** A list of numbers, or null when any item is not one. */
export function numbersAt(document: ConfigDocument, path: KeyPath): readonly number[] | null {
  const list = listAt(document, path);
  if (list === null) return null;
  const numbers = list.items.flatMap((item) => {
    const value = numberOf(item);
    return value === null ? [] : [value];
  });
  return numbers.length === list.items.length ? numbers : null;
}
