// Finding nodes by key path; reading and printing key paths such as data_stages[0].data.seed.
// Knows no schema.
import type { ConfigNode, KeyPath, MapEntry, MapNode } from './types.ts';

/** The entry of a map by its key, or undefined. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The node at a key path, or undefined when any step is missing. `[]` is the root itself. */
export function nodeAt(root: ConfigNode | null, path: KeyPath): ConfigNode | undefined {
  let node: ConfigNode | undefined = root ?? undefined;
  for (const step of path) {
    if (node?.kind === 'map') node = entryOf(node, String(step))?.value;
    else if (node?.kind === 'list' && /^\d+$/.test(String(step))) node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The map entry a path ends at; undefined for list positions, the root and what is not there. */
export function entryAt(root: ConfigNode | null, path: KeyPath): MapEntry | undefined {
  const last = path.at(-1);
  const parent = nodeAt(root, path.slice(0, -1));
  return last !== undefined && parent?.kind === 'map' ? entryOf(parent, String(last)) : undefined;
}

const NEEDS_QUOTES = /[.[\]"\s]|^$/;

/** `['data_stages', 0, 'data', 'seed']` → `data_stages[0].data.seed`; keys with dots or brackets are quoted: `a["b.c"]`. */
export function printKeyPath(path: KeyPath): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (NEEDS_QUOTES.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

const STEP = /\.?([^.[\]"\s]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** Reads what printKeyPath prints. `a.0.b` also addresses a list position when the document has a list there. Null when malformed. */
export function parseKeyPath(text: string): KeyPath | null {
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const start = STEP.lastIndex;
    const match = STEP.exec(text);
    if (match === null) return null;
    const [whole, key, position, quoted] = match;
    if (key !== undefined) {
      if (whole.startsWith('.') === (start === 0)) return null;
      path.push(key);
    } else if (position !== undefined) path.push(Number(position));
    else if (quoted !== undefined) {
      const parsed: unknown = safeJson(quoted);
      if (typeof parsed !== 'string') return null;
      path.push(parsed);
    }
  }
  return path.length === 0 ? null : path;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
