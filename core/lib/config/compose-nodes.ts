// Turns the nodes of the `yaml` package into ConfigNodes typed as PyYAML SafeLoader would type them.
// Exports: composeNodes. Resolves aliases and merge keys within limits; knows no schema and no syntax errors.
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml';
import { resolvePlain } from './pyyaml-scalar.ts';
import type { ConfigNode, MapEntry, MapNode, ScalarNode, TextRange } from './types.ts';

/** Nodes after alias expansion. A real config has hundreds; a few kilobytes of chained aliases can mean billions. */
export const MAX_EXPANDED_NODES = 100_000;

/** Something the reader of the file should hear about, before it has a line and column. */
export interface NodeProblem {
  readonly code:
    | 'yaml-duplicate-key'
    | 'yaml-unknown-tag'
    | 'yaml-complex-key'
    | 'yaml-empty-key'
    | 'yaml-alias-limit'
    | 'yaml-unknown-alias'
    | 'yaml-bad-merge';
  readonly range: TextRange;
  readonly message: string;
}

interface State {
  readonly text: string;
  readonly problems: NodeProblem[];
  readonly anchors: Map<string, { readonly node: ConfigNode; readonly size: number }>;
  /** Nodes so far, aliased subtrees counted as often as they appear. */
  size: number;
  stopped: boolean;
}

const KNOWN_TAGS = new Set([
  'str',
  'int',
  'float',
  'bool',
  'null',
  'timestamp',
  'map',
  'seq',
  'binary',
  'omap',
  'pairs',
  'set',
]);
const CORE_PREFIX = 'tag:yaml.org,2002:';

/** Converts a composed tree; the root is null for an empty document. */
export function composeNodes(
  text: string,
  contents: Node | null,
): { readonly root: ConfigNode | null; readonly problems: readonly NodeProblem[] } {
  const state: State = { text, problems: [], anchors: new Map(), size: 0, stopped: false };
  const root = contents === null ? null : convert(contents, state, 0);
  return { root, problems: state.problems };
}

function rangeOf(node: Node | null, fallback: number): TextRange {
  const range = node?.range;
  return range ? { start: range[0], end: range[1] } : { start: fallback, end: fallback };
}

function nullNode(offset: number): ScalarNode {
  return {
    kind: 'scalar',
    range: { start: offset, end: offset },
    value: null,
    type: 'null',
    source: '',
    quoted: false,
  };
}

function convert(node: Node | null, state: State, fallback: number): ConfigNode {
  state.size += 1;
  if (state.size > MAX_EXPANDED_NODES) return overLimit(state, rangeOf(node, fallback));
  if (node === null) return nullNode(fallback);
  if (isAlias(node)) return resolveAlias(node.source, rangeOf(node, fallback), state);
  const before = state.size;
  const result = convertOwn(node, state, fallback);
  const anchor = 'anchor' in node ? node.anchor : undefined;
  if (typeof anchor === 'string' && anchor !== '')
    state.anchors.set(anchor, { node: result, size: state.size - before + 1 });
  return result;
}

function overLimit(state: State, range: TextRange): ConfigNode {
  if (!state.stopped) {
    state.stopped = true;
    const limit = MAX_EXPANDED_NODES.toLocaleString('en-US');
    state.problems.push({
      code: 'yaml-alias-limit',
      range,
      message: `The file unfolds to more than ${limit} values; the rest is not read.`,
    });
  }
  return nullNode(range.start);
}

function resolveAlias(name: string, range: TextRange, state: State): ConfigNode {
  const target = state.anchors.get(name);
  if (target === undefined) {
    state.problems.push({
      code: 'yaml-unknown-alias',
      range,
      message: `*${name} does not refer to an anchor &${name} that is complete before it.`,
    });
    return nullNode(range.start);
  }
  state.size += target.size;
  if (state.size > MAX_EXPANDED_NODES) return overLimit(state, range);
  const source = state.text.slice(range.start, range.end);
  return target.node.kind === 'scalar' ? { ...target.node, range, source } : { ...target.node, range };
}

function convertOwn(node: Node, state: State, fallback: number): ConfigNode {
  checkTag(node, state, fallback);
  const range = rangeOf(node, fallback);
  if (isMap(node)) {
    const flow = node.flow === true;
    const pairs = node.items as Pair<Node, Node | null>[];
    const { entries, end } = readPairs(pairs, state, range.start);
    return { kind: 'map', range: flow ? range : { start: range.start, end }, flow, entries };
  }
  if (isSeq(node)) {
    const items: ConfigNode[] = [];
    for (const item of node.items) {
      if (state.stopped) break;
      items.push(
        isPair(item) ? pairAsMap(item, state, range.start) : convert(item as Node | null, state, range.start),
      );
    }
    const flow = node.flow === true;
    const end = items.at(-1)?.range.end ?? range.start + 1;
    return { kind: 'list', range: flow ? range : { start: range.start, end }, flow, items };
  }
  if (isScalar(node)) return convertScalar(node, state, range);
  return nullNode(range.start);
}

function isPair(item: unknown): item is Pair<Node, Node | null> {
  return typeof item === 'object' && item !== null && 'key' in item && 'value' in item && !('range' in item);
}

/** `[a: 1]` is a list that holds the map {a: 1}. */
function pairAsMap(pair: Pair<Node, Node | null>, state: State, fallback: number): MapNode {
  const start = rangeOf(pair.key, fallback).start;
  const { entries, end } = readPairs([pair], state, start);
  return { kind: 'map', flow: true, entries, range: { start, end } };
}

function checkTag(node: Node, state: State, fallback: number): void {
  const tag = node.tag;
  if (tag === undefined) return;
  const name = tag.startsWith(CORE_PREFIX) ? tag.slice(CORE_PREFIX.length) : null;
  if (tag === '!' || (name !== null && KNOWN_TAGS.has(name))) return;
  state.problems.push({
    code: 'yaml-unknown-tag',
    range: rangeOf(node, fallback),
    message: `The tag ${tag} is refused by the safe YAML loader that the training tools use.`,
  });
}

function convertScalar(node: Scalar, state: State, range: TextRange): ScalarNode {
  const source = state.text.slice(range.start, range.end);
  const written = node.source ?? '';
  const quoted = node.type !== undefined && node.type !== Scalar.PLAIN;
  const tag = node.tag?.startsWith(CORE_PREFIX) ? node.tag.slice(CORE_PREFIX.length) : node.tag;
  if ((quoted && tag === undefined) || tag === 'str') {
    return { kind: 'scalar', range, type: 'str', value: written, source, quoted };
  }
  if (!quoted && (written === '=' || written === '<<')) {
    state.problems.push({
      code: 'yaml-unknown-tag',
      range,
      message: `“${written}” has a meaning of its own in YAML 1.1 and must be quoted.`,
    });
  }
  const resolved = resolvePlain(written);
  if (
    tag === 'float' &&
    typeof resolved.value !== 'number' &&
    !Number.isNaN(Number(written)) &&
    written !== ''
  ) {
    return { kind: 'scalar', range, type: 'float', value: Number(written), source, quoted };
  }
  if (tag === 'float' && resolved.type === 'int')
    return { kind: 'scalar', range, ...resolved, type: 'float', source, quoted };
  return { kind: 'scalar', range, ...resolved, source, quoted };
}

/** The entries, and where the last pair as written ends: the parser's own end of a block takes comments below it along. */
function readPairs(
  pairs: readonly Pair<Node, Node | null>[],
  state: State,
  fallback: number,
): { readonly entries: readonly MapEntry[]; readonly end: number } {
  let end = fallback;
  const own = new Map<string, MapEntry>();
  const merged: MapEntry[] = [];
  for (const pair of pairs) {
    if (state.stopped) break;
    const keyRange = rangeOf(pair.key, fallback);
    const value = convert(pair.value, state, keyRange.end);
    end = Math.max(end, keyRange.end, value.range.end);
    if (isScalar(pair.key) && pair.key.source === '<<' && pair.key.type === Scalar.PLAIN) {
      merged.push(...mergedEntries(value, keyRange, state));
      continue;
    }
    const key = keyText(pair.key, keyRange, state);
    if (own.has(key)) {
      state.problems.push({
        code: 'yaml-duplicate-key',
        range: own.get(key)?.keyRange ?? keyRange,
        message: `“${key}” is written twice in this section; the loader silently keeps only the later one.`,
      });
      own.delete(key);
    }
    own.set(key, { key, keyRange, value });
  }
  if (merged.length === 0) return { entries: [...own.values()], end };
  const inherited = new Map<string, MapEntry>();
  for (const entry of merged)
    if (!own.has(entry.key) && !inherited.has(entry.key)) inherited.set(entry.key, entry);
  return { entries: [...inherited.values(), ...own.values()], end };
}

function keyText(key: Node | null, range: TextRange, state: State): string {
  if (key === null || (isScalar(key) && key.source === '' && range.start === range.end)) {
    state.problems.push({ code: 'yaml-empty-key', range, message: 'A key is missing before this colon.' });
    return '';
  }
  if (!isAlias(key)) checkTag(key, state, range.start);
  if (isScalar(key)) return key.source ?? '';
  if (isAlias(key)) {
    const target = resolveAlias(key.source, range, state);
    if (target.kind === 'scalar') return String(target.value);
  }
  const text = state.text.slice(range.start, range.end);
  state.problems.push({
    code: 'yaml-complex-key',
    range,
    message: 'A list or a map cannot be a key; quote the text if it is a template.',
  });
  return text;
}

/** Entries that `<<` brings in; the first of several maps wins, and the map's own keys win over all. */
function mergedEntries(value: ConfigNode, keyRange: TextRange, state: State): readonly MapEntry[] {
  const sources = value.kind === 'list' ? value.items : [value];
  const entries: MapEntry[] = [];
  for (const source of sources) {
    if (source.kind === 'map') for (const entry of source.entries) entries.push({ ...entry, keyRange });
    else
      state.problems.push({
        code: 'yaml-bad-merge',
        range: value.range,
        message: '“<<” takes a map or a list of maps.',
      });
  }
  return entries;
}
