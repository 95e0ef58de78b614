// Branches: what is shown, what editing and removing does, what two windows keep of each other.
import { describe, expect, it } from 'vitest';
import type { Conversation, Turn } from '../../../../../core/api/conversations.ts';
import { mergeConversations } from '../../../../../core/lib/conversations/merge.ts';
import { emptyConversation } from '../../../../../core/lib/conversations/new-conversation.ts';
import {
  addTurns,
  editTurn,
  removeBranch,
  showBeside,
  shownPath,
  siblingsOf,
  treeProblem,
  turnById,
} from '../../../../../core/lib/conversations/tree.ts';

const turn = (id: string, parentId: string | null, role: Turn['role'] = 'user', text = id): Turn => ({
  id,
  parentId,
  role,
  text,
  createdMs: 0,
});
const shown = (conversation: Conversation) => shownPath(conversation).map(({ id }) => id);

/** a ─ b ─ c ─ d, with b2 beside b and c2 below it. */
function example(): Conversation {
  const first = [turn('a', null), turn('b', 'a', 'assistant'), turn('c', 'b'), turn('d', 'c', 'assistant')];
  const straight = addTurns(emptyConversation('x', null, 0), first);
  return addTurns(straight, [turn('b2', 'a', 'assistant'), turn('c2', 'b2')]);
}

describe('a conversation tree', () => {
  it('shows the newest branch, and another one with what was shown below it', () => {
    const tree = example();
    expect(shown(tree)).toEqual(['a', 'b2', 'c2']);
    const other = showBeside(tree, 'b2', -1);
    expect(shown(other)).toEqual(['a', 'b', 'c', 'd']);
    // The ends do not wrap.
    expect(showBeside(other, 'b', -1)).toBe(other);
    expect(shown(showBeside(other, 'b', 1))).toEqual(['a', 'b2', 'c2']);
    expect(siblingsOf(tree, tree.turns[1] as Turn)).toMatchObject({
      index: 0,
      turns: [{ id: 'b' }, { id: 'b2' }],
    });
  });

  it('drops what was measured when a text is edited, and keeps every other turn as the same object', () => {
    const base = example();
    const measured: Turn = {
      ...turn('e', 'd'),
      role: 'assistant',
      stopReason: 'end',
      check: { valid: true, problem: null },
    };
    const tree = addTurns(base, [measured]);
    const edited = editTurn(tree, 'e', 'other');
    expect(turnById(edited, 'e')).toEqual({ ...turn('e', 'd', 'assistant', 'other'), edited: true });
    expect(edited.turns[0]).toBe(tree.turns[0]);
    expect(editTurn(tree, 'e', 'e')).toBe(tree);
  });

  it('removes a branch whole and takes it back', () => {
    const tree = showBeside(example(), 'b2', -1);
    const { conversation, removed } = removeBranch(tree, 'b');
    expect(removed.map(({ id }) => id)).toEqual(['b', 'c', 'd']);
    expect(shown(conversation)).toEqual(['a', 'b2', 'c2']);
    expect(shown(addTurns(conversation, removed))).toEqual(['a', 'b', 'c', 'd']);
    expect(removeBranch(tree, 'a').conversation.turns).toEqual([]);
  });

  it('is refused when turns follow each other in a circle, lack a parent or share an id', () => {
    expect(treeProblem([turn('a', 'b'), turn('b', 'a')])).toContain('circle');
    expect(treeProblem([turn('a', 'a')])).toContain('circle');
    expect(treeProblem([turn('a', 'gone')])).toContain('missing');
    expect(treeProblem([turn('a', null), turn('a', null)])).toContain('same id');
    expect(treeProblem(example().turns.toReversed())).toBeNull();
  });

  it('of five hundred turns is walked without looking at every turn for every turn', () => {
    const turns = Array.from({ length: 20_000 }, (_, at) => turn(`t${at}`, at === 0 ? null : `t${at - 1}`));
    const tree = addTurns(emptyConversation('x', null, 0), turns);
    expect(shownPath(tree)).toHaveLength(20_000);
    expect(treeProblem(turns.toReversed())).toBeNull();
  });
});

describe('two windows on one conversation', () => {
  it('keep what either added', () => {
    const base = example();
    const ours = addTurns(base, [turn('ours', 'c2', 'assistant')]);
    const theirs = { ...addTurns(base, [turn('theirs', 'd')]), title: 'Their title' };
    const merged = mergeConversations(base, ours, theirs);
    expect(merged.turns.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'b2', 'c2', 'theirs', 'ours']);
    expect(merged.title).toBe('Their title');
    expect(shown(merged)).toEqual(['a', 'b2', 'c2', 'ours']);
  });

  it('keep both texts of a turn that both edited', () => {
    const base = example();
    const ours = editTurn(base, 'd', 'our words');
    const theirs = editTurn(base, 'd', 'their words');
    const merged = mergeConversations(base, ours, theirs);
    const beside = merged.turns.filter(({ parentId }) => parentId === 'c').map(({ text }) => text);
    expect(beside).toEqual(['their words', 'our words']);
    expect(treeProblem(merged.turns)).toBeNull();
  });

  it('remove what one removed and the other left alone, but not what the other went on from', () => {
    const base = example();
    const ours = removeBranch(base, 'c').conversation;
    expect(mergeConversations(base, ours, base).turns.map(({ id }) => id)).toEqual(['a', 'b', 'b2', 'c2']);
    expect(mergeConversations(base, base, ours).turns.map(({ id }) => id)).toEqual(['a', 'b', 'b2', 'c2']);
    const theirs = addTurns(base, [turn('e', 'd')]);
    const merged = mergeConversations(base, ours, theirs);
    expect(new Set(merged.turns.map(({ id }) => id))).toEqual(new Set(['a', 'b', 'c', 'd', 'e', 'b2', 'c2']));
    expect(treeProblem(merged.turns)).toBeNull();
  });

  it('keep a setting that only one of them changed', () => {
    const base = example();
    const ours = { ...base, systemPrompt: 'Sii breve.' };
    const theirs = { ...base, topTokens: 0 };
    expect(mergeConversations(base, ours, theirs)).toMatchObject({
      systemPrompt: 'Sii breve.',
      topTokens: 0,
    });
  });
});
