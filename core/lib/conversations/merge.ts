// Two windows wrote in one conversation: both are kept. Three versions are needed: what both began with, what is on disk now, and
// what this window has. A turn that both changed keeps the one on disk, and this window's stands beside it as a branch.
import type { Conversation, Turn } from '../../api/conversations.ts';
import { addTurns, treeProblem } from './tree.ts';

type Settings = Omit<Conversation, 'turns' | 'chosen' | 'changedMs' | 'createdMs' | 'id' | 'format'>;

export function mergeConversations(
  base: Conversation | null,
  ours: Conversation,
  theirs: Conversation,
): Conversation {
  const baseTurns = new Map((base?.turns ?? []).map((turn) => [turn.id, turn]));
  const ourTurns = new Map(ours.turns.map((turn) => [turn.id, turn]));
  const theirTurns = new Map(theirs.turns.map((turn) => [turn.id, turn]));

  const kept = theirs.turns.flatMap((their): readonly Turn[] => {
    const our = ourTurns.get(their.id);
    const before = baseTurns.get(their.id);
    // We removed what they did not touch: it stays removed, unless they went on below it (added again at the end).
    if (!our) return before && same(before, their) ? [] : [their];
    return [before && same(before, their) ? our : their];
  });
  const added = ours.turns.filter(({ id }) => {
    const before = baseTurns.get(id);
    const our = ourTurns.get(id);
    // They removed what we did not touch.
    return !theirTurns.has(id) && !(before && our && same(before, our));
  });
  const beside = ours.turns.filter((our) => {
    const their = theirTurns.get(our.id);
    const before = baseTurns.get(our.id);
    return their && !same(their, our) && !(before && (same(before, their) || same(before, our)));
  });
  const settings = mergedSettings(base, ours);
  const turns = withParents(
    [...kept, ...added, ...beside.map((turn) => ({ ...turn, id: `${turn.id}-2`.slice(-80) }))],
    [...theirs.turns, ...ours.turns],
  );
  const merged: Conversation = {
    ...theirs,
    ...settings,
    turns: [...turns],
    chosen: { ...theirs.chosen, ...ours.chosen },
    changedMs: Math.max(ours.changedMs, theirs.changedMs),
  };
  // Whatever two windows did, what is written has to be a tree.
  return treeProblem(merged.turns) === null ? merged : asBranch(theirs, ours);
}

/** Turns whose parent one side removed bring it back. */
function withParents(turns: readonly Turn[], known: readonly Turn[]): readonly Turn[] {
  const byId = new Map(known.map((turn) => [turn.id, turn]));
  const present = new Set(turns.map(({ id }) => id));
  const missing: Turn[] = [];
  for (const turn of turns) {
    for (let parentId = turn.parentId; parentId !== null && !present.has(parentId); ) {
      const parent = byId.get(parentId);
      if (!parent) break;
      missing.push(parent);
      present.add(parentId);
      parentId = parent.parentId;
    }
  }
  return missing.length === 0 ? turns : [...missing.toReversed(), ...turns];
}

/** Theirs, with our whole tree beside it under ids of its own. */
function asBranch(theirs: Conversation, ours: Conversation): Conversation {
  const suffix = `-${ours.changedMs}`;
  const renamed = ours.turns.map((turn) => ({
    ...turn,
    id: turn.id + suffix,
    parentId: turn.parentId === null ? null : turn.parentId + suffix,
  }));
  return addTurns(theirs, renamed);
}

/** What the tree decides, and what never changes. */
const ownOfTree: readonly string[] = ['turns', 'chosen', 'changedMs', 'createdMs', 'id', 'format'];

function mergedSettings(base: Conversation | null, ours: Conversation): Partial<Settings> {
  const before: Readonly<Record<string, unknown>> | null = base;
  const changed = Object.entries(ours).filter(
    ([name, value]) => !ownOfTree.includes(name) && (before === null || !same(before[name], value)),
  );
  return Object.fromEntries(changed);
}

function same(left: unknown, right: unknown): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
