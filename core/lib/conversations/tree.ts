// Conversations as trees: which turns are shown, which ones stand beside them, and what editing does. Pure: every change gives
// a new conversation, and turns that did not change stay the same objects.
import type { Conversation, Turn } from '../../api/conversations.ts';

/** The key of the first turns in `chosen`. */
export const ROOT = 'root';

interface Index {
  readonly byId: ReadonlyMap<string, Turn>;
  /** Children in the order they were written; the first turns under `ROOT`. */
  readonly children: ReadonlyMap<string, readonly Turn[]>;
}

/** Turns are never changed in place, so what was worked out for an array stays true. */
const indexes = new WeakMap<readonly Turn[], Index>();

function indexOf(turns: readonly Turn[]): Index {
  const known = indexes.get(turns);
  if (known) return known;
  const children = new Map<string, Turn[]>();
  for (const turn of turns) {
    const key = turn.parentId ?? ROOT;
    const beside = children.get(key);
    if (beside) beside.push(turn);
    else children.set(key, [turn]);
  }
  const index = { byId: new Map(turns.map((turn) => [turn.id, turn])), children };
  indexes.set(turns, index);
  return index;
}

export function turnById(conversation: Pick<Conversation, 'turns'>, id: string): Turn | null {
  return indexOf(conversation.turns).byId.get(id) ?? null;
}

export function childrenOf(
  conversation: Pick<Conversation, 'turns'>,
  parentId: string | null,
): readonly Turn[] {
  return indexOf(conversation.turns).children.get(parentId ?? ROOT) ?? [];
}

/** The turns on screen, first to last: from every turn on to the chosen child, or the newest where nothing was chosen. */
export function shownPath(conversation: Pick<Conversation, 'turns' | 'chosen'>): readonly Turn[] {
  const path: Turn[] = [];
  let parentId: string | null = null;
  for (;;) {
    const next = shownChild(conversation, parentId);
    if (!next) return path;
    path.push(next);
    parentId = next.id;
  }
}

function shownChild(
  conversation: Pick<Conversation, 'turns' | 'chosen'>,
  parentId: string | null,
): Turn | undefined {
  const children = childrenOf(conversation, parentId);
  const chosen = conversation.chosen[parentId ?? ROOT];
  return children.find(({ id }) => id === chosen) ?? children.at(-1);
}

/** From the first turn to this one, whatever is chosen. */
export function pathTo(conversation: Pick<Conversation, 'turns'>, id: string): readonly Turn[] {
  const path: Turn[] = [];
  for (
    let turn = turnById(conversation, id);
    turn;
    turn = turn.parentId === null ? null : turnById(conversation, turn.parentId)
  )
    path.unshift(turn);
  return path;
}

/** The turns with the same parent and where this one stands among them, from 0. */
export function siblingsOf(
  conversation: Pick<Conversation, 'turns'>,
  turn: Turn,
): { readonly turns: readonly Turn[]; readonly index: number } {
  const turns = childrenOf(conversation, turn.parentId);
  return { turns, index: turns.findIndex(({ id }) => id === turn.id) };
}

/** Shows the branch that holds this turn; below it what was chosen there before. */
export function showTurn(conversation: Conversation, id: string): Conversation {
  const chosen = { ...conversation.chosen };
  for (const turn of pathTo(conversation, id)) chosen[turn.parentId ?? ROOT] = turn.id;
  return { ...conversation, chosen };
}

/** Shows the branch `by` places beside this turn; the ends do not wrap. */
export function showBeside(conversation: Conversation, id: string, by: number): Conversation {
  const turn = turnById(conversation, id);
  if (!turn) return conversation;
  const { turns, index } = siblingsOf(conversation, turn);
  const beside = turns[index + by];
  return beside ? showTurn(conversation, beside.id) : conversation;
}

/** Adds turns, the last of them shown. Parents come before their children. */
export function addTurns(conversation: Conversation, added: readonly Turn[]): Conversation {
  const last = added.at(-1);
  if (!last) return conversation;
  return showTurn({ ...conversation, turns: [...conversation.turns, ...added] }, last.id);
}

/** Changes one turn where it stands. */
export function changeTurn(
  conversation: Conversation,
  id: string,
  change: Partial<Omit<Turn, 'id' | 'parentId'>>,
): Conversation {
  return {
    ...conversation,
    turns: conversation.turns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn)),
  };
}

/** The text as a person wants it; what was measured about the old one goes. */
export function editTurn(conversation: Conversation, id: string, text: string): Conversation {
  const turn = turnById(conversation, id);
  if (!turn || turn.text === text) return conversation;
  return {
    ...conversation,
    turns: conversation.turns.map((one) => (one.id === id ? editedTurn(one, text) : one)),
  };
}

function editedTurn(turn: Turn, text: string): Turn {
  const { tokens: _tokens, statistics: _statistics, stopReason: _reason, check: _check, ...rest } = turn;
  return { ...rest, text, edited: true };
}

export interface Removal {
  readonly conversation: Conversation;
  /** The turn and everything below it, parents first: `addTurns` brings them back. */
  readonly removed: readonly Turn[];
}

/** Without this turn and everything that follows it. */
export function removeBranch(conversation: Conversation, id: string): Removal {
  const gone = new Set<string>();
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    gone.add(next);
    for (const child of childrenOf(conversation, next)) waiting.push(child.id);
  }
  const removed = conversation.turns.filter((turn) => gone.has(turn.id));
  return {
    conversation: {
      ...conversation,
      turns: conversation.turns.filter((turn) => !gone.has(turn.id)),
      chosen: Object.fromEntries(
        Object.entries(conversation.chosen).filter(
          ([parent, child]) => !gone.has(parent) && !gone.has(child),
        ),
      ),
    },
    removed,
  };
}

/** Why turns are no tree; null when they are one. */
export function treeProblem(turns: readonly Turn[]): string | null {
  const { byId } = indexOf(turns);
  if (byId.size !== turns.length) return 'two turns have the same id';
  // A turn is good when its parent is: every turn is walked over once.
  const good = new Set<string>();
  for (const turn of turns) {
    const walked = new Set<string>();
    for (let at = turn; !good.has(at.id); ) {
      if (walked.has(at.id)) return 'turns follow each other in a circle';
      walked.add(at.id);
      if (at.parentId === null) break;
      const parent = byId.get(at.parentId);
      if (!parent) return `the turn before ${at.id} is missing`;
      at = parent;
    }
    for (const id of walked) good.add(id);
  }
  return null;
}
