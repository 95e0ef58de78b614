// What a window remembers of a workspace, told as changes: windows on one workspace remember different things, and one that told
// all it knows would take away what another has just kept. Knows trees of plain values, not what is in them.

export type StateTree = Readonly<Record<string, unknown>>;

/** `path` names what changed, from the outside in. `value` undefined: it is not remembered any more. */
export interface StateChange {
  readonly path: readonly string[];
  readonly value?: unknown;
}

/** Field, key, and what a key holds by name, such as the unsaved text of one file; what lies deeper changes as a whole. */
export const MAX_STATE_DEPTH = 3;

/** What turns `before` into `after`, where both keep what did not change as the same object. */
export function stateChanges(before: StateTree, after: StateTree): readonly StateChange[] {
  return changesBelow(before, after, []);
}

function changesBelow(before: StateTree, after: StateTree, above: readonly string[]): readonly StateChange[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name): readonly StateChange[] => {
    const path = [...above, name];
    const old = ownOf(before, name);
    const now = ownOf(after, name);
    if (old === now) return [];
    if (path.length < MAX_STATE_DEPTH && isTree(old) && isTree(now)) return changesBelow(old, now, path);
    return [now === undefined ? { path } : { path, value: now }];
  });
}

/** `state` with the changes made one after another. */
export function withStateChanges(state: StateTree, changes: readonly StateChange[]): StateTree {
  return changes.reduce((tree, { path, value }) => withValue(tree, path, value), state);
}

function withValue(tree: StateTree, path: readonly string[], value: unknown): StateTree {
  const [name, ...rest] = path;
  if (name === undefined) return tree;
  const { [name]: _old, ...others } = tree;
  if (rest.length === 0) return value === undefined ? others : { ...others, [name]: value };
  const inner = ownOf(tree, name);
  // Nothing is taken away from what is not there.
  if (!isTree(inner) && value === undefined) return tree;
  return { ...others, [name]: withValue(isTree(inner) ? inner : {}, rest, value) };
}

/** Names are paths of files and may be called as what every object has. */
function ownOf(tree: StateTree, name: string): unknown {
  return Object.hasOwn(tree, name) ? tree[name] : undefined;
}

function isTree(value: unknown): value is StateTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
