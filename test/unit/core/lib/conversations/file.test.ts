// The file of a conversation: the older format, what is damaged, and that writing and reading give the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../../../core/api/conversations.ts';
import { conversationText, parseConversation } from '../../../../../core/lib/conversations/file.ts';
import { conversationMarkdown } from '../../../../../core/lib/conversations/markdown.ts';
import { emptyConversation } from '../../../../../core/lib/conversations/new-conversation.ts';
import { searchConversation } from '../../../../../core/lib/conversations/search.ts';
import { shownPath } from '../../../../../core/lib/conversations/tree.ts';

const old = readFileSync(
  join(import.meta.dirname, '../../../../fixtures/conversations/format-1.json'),
  'utf8',
);

describe('format 1', () => {
  it('is read as a tree with one branch, and loses nothing', () => {
    const read = parseConversation(old, '5f0c');
    expect(read).toMatchObject({
      format: 2,
      title: 'Capitali e fiumi',
      systemPrompt: 'Sei un assistente conciso.',
      mode: 'chat',
      modelPath: 'models/nesso-tiny/nesso-tiny-f16.gguf',
      sampling: {
        temperature: 0.2,
        topK: 40,
        topP: 0.95,
        minP: 0.05,
        repeatPenalty: 1.1,
        seed: 7,
        maxTokens: 128,
      },
      createdMs: 1_769_000_000_000,
      changedMs: 1_769_000_060_000,
    });
    const path = shownPath(read);
    expect(path.map(({ role, text, stopReason }) => [role, text, stopReason])).toEqual([
      ['user', "Qual è la capitale d'Italia?", undefined],
      ['assistant', "La capitale d'Italia è Roma.", 'end'],
      ['user', 'E della Francia?', undefined],
      ['assistant', 'La capitale', 'stopped'],
    ]);
    expect(path[1]?.statistics).toMatchObject({
      tokens: 9,
      promptTokens: 31,
      timeToFirstTokenMs: 41.5,
      tokensPerSecond: 612.25,
    });
    // Two windows that read the same old file agree on the ids.
    expect(parseConversation(old, '5f0c')).toEqual(read);
    expect(parseConversation(conversationText(read), '5f0c')).toEqual(read);
  });
});

describe('format 2', () => {
  const turns: Turn[] = [
    { id: 'a', parentId: null, role: 'user', text: 'Riga\n"due"', createdMs: 1 },
    { id: 'b', parentId: 'a', role: 'assistant', text: 'Sì', createdMs: 2 },
  ];
  const conversation = { ...emptyConversation('x', 'models/a.gguf', 1), turns };

  it('has one turn a line', () => {
    const lines = conversationText(conversation).split('\n');
    expect(lines.filter((line) => line.includes('"parentId"'))).toHaveLength(2);
    expect(parseConversation(lines.join('\n'), 'x')).toEqual(conversation);
    expect(parseConversation(conversationText({ ...conversation, turns: [] }), 'x').turns).toEqual([]);
  });

  it.each([
    ['nothing', '', 'not valid JSON'],
    ['half a file', conversationText(conversation).slice(0, 200), 'not valid JSON'],
    ['another kind of file', '{"model": "llama"}', 'title'],
    ['a list', '[1, 2]', 'cannot be read'],
    ['a conflict of git', '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n', 'git left a conflict'],
    ['a parent that is gone', conversationText({ ...conversation, turns: turns.slice(1) }), 'is missing'],
    ['a newer format', '{"format": 3}', 'newer studio'],
  ])('says what is wrong with %s', (_, text, reason) => {
    expect(() => parseConversation(text, 'x')).toThrow(reason);
  });

  it('is found by text in any case and without accents, and says where', () => {
    const found = searchConversation({ ...conversation, title: 'Perché sì' }, 'PERCHE SI');
    expect(found).toMatchObject([{ role: 'title', before: '', match: 'Perché sì', after: '' }]);
    expect(searchConversation(conversation, 'si')).toMatchObject([{ turnId: 'b', match: 'Sì' }]);
    expect(searchConversation(conversation, 'nope')).toEqual([]);
  });

  it('becomes Markdown with fences longer than those inside', () => {
    const call = { id: 'c', name: 'meteo', arguments: '{"a":"```"}' };
    const text = conversationMarkdown({
      ...conversation,
      systemPrompt: 'Breve.',
      turns: [
        ...turns,
        { id: 'c', parentId: 'b', role: 'assistant', text: '', toolCalls: [call], createdMs: 3 },
      ],
    });
    expect(text).toContain('## system\n\nBreve.');
    expect(text).toContain('````text\nmeteo({"a":"```"})\n````');
  });
});
