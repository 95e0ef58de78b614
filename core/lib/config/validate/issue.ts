// One schema problem before it has a line and column, and the names of types in messages.
// Exports: Issue, CheckContext, typeName, nodeName.
import type { ConfigCode } from '../codes.ts';
import type { ValueType } from '../schema/types.ts';
import type { ConfigNode, Fix, KeyPath, Severity, TextRange } from '../types.ts';

export interface Issue {
  readonly code: ConfigCode;
  readonly severity: Severity;
  readonly range: TextRange;
  readonly path: KeyPath;
  readonly message: string;
  readonly reason?: string;
  readonly fix?: Fix;
}

export interface CheckContext {
  readonly text: string;
  /** What numbers that YAML reads as text mean for the tool; `error` tools also refuse null where it is not declared. */
  readonly textNumbers: Severity;
  /** Name and version of the tool, for reasons. */
  readonly source: string;
}

/** A value with the place and key it has in the text. */
export interface Placed {
  readonly node: ConfigNode;
  readonly path: KeyPath;
  /** Key in the text, when a key holds the value; the place to point at when the value itself has no characters. */
  readonly keyRange?: TextRange;
}

/** Where to point for a value: its first characters, or its key when it is empty or a block. */
export function pointAt(placed: Placed): TextRange {
  const { node, keyRange } = placed;
  const wide = node.kind !== 'scalar' && !node.flow;
  if (keyRange !== undefined && (wide || node.range.start === node.range.end)) return keyRange;
  return wide ? { start: node.range.start, end: node.range.start + 1 } : node.range;
}

const SIMPLE_NAMES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  float: 'a number',
  bool: 'true or false',
  str: 'text',
  path: 'a path',
  list: 'a list',
  map: 'a section of keys',
  object: 'a section of keys',
  any: 'anything',
};

/** A type in words: "a whole number", "one of afab, 1f1b". */
export function typeName(type: ValueType): string {
  if (type.kind === 'enum') return `one of ${type.values.join(', ')}`;
  if (type.kind === 'object') return `a section of keys (${type.object.name})`;
  if (type.kind === 'list' && type.item.kind !== 'union') return `a list of ${plural(type.item)}`;
  if (type.kind !== 'union') return SIMPLE_NAMES[type.kind] ?? type.kind;
  return [...new Set(type.options.map(typeName))].join(', or ');
}

function plural(type: ValueType): string {
  const names: Readonly<Record<string, string>> = {
    int: 'whole numbers',
    float: 'numbers',
    str: 'texts',
    path: 'paths',
    object: 'sections',
  };
  return names[type.kind] ?? 'values';
}

/** What a node is, in words, with its value when that is short. */
export function nodeName(node: ConfigNode): string {
  if (node.kind === 'map') return 'a section of keys';
  if (node.kind === 'list') return 'a list';
  const shown = node.source.length > 40 ? `${node.source.slice(0, 40)}…` : node.source;
  if (node.type === 'null') return node.source === '' ? 'empty' : shown;
  const names = {
    str: 'text',
    int: 'a whole number',
    float: 'a number',
    bool: 'true or false',
    timestamp: 'a date',
  } as const;
  return `${shown} is ${names[node.type]}`;
}
