// Conversations and presets of a workspace, through the contract, on real files.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../core/api/conversations.ts';
import { emptyConversation } from '../../core/lib/conversations/new-conversation.ts';
import { noPresets } from '../../core/lib/conversations/presets.ts';
import { addTurns } from '../../core/lib/conversations/tree.ts';
import { repositoryFolder, startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';

async function openWorkspace(files: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: Test\n', ...files });
  const studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
  return {
    path: folder.path,
    conversations: studio.client.conversations,
    presets: studio.client.presets,
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const example = (id: string, changedMs: number): Conversation => ({
  ...addTurns(emptyConversation(id, 'models/a.gguf', 1), [
    { id: 'a', parentId: null, role: 'user', text: 'Perché?', createdMs: 1 },
    { id: 'b', parentId: 'a', role: 'assistant', text: 'Perché sì.', stopReason: 'end', createdMs: 2 },
  ]),
  title: 'Domande',
  changedMs,
});

describe('conversations', () => {
  it('are files that come back as they were saved, newest first, and are found by their words', async () => {
    await using workspace = await openWorkspace();
    const { conversations } = workspace;
    const one = await conversations.save({ conversation: example('one', 10), baseVersion: null });
    await conversations.save({ conversation: example('two', 20), baseVersion: null });
    expect(await conversations.read({ id: 'one' })).toEqual({
      conversation: example('one', 10),
      version: one.kind === 'saved' ? one.version : '',
    });
    expect((await conversations.list()).map(({ id, turns }) => [id, turns])).toEqual([
      ['two', 2],
      ['one', 2],
    ]);
    const { hits, isComplete } = await conversations.search({ text: 'perche si' });
    expect(isComplete).toBe(true);
    expect(hits.map(({ id, turnId, match }) => [id, turnId, match])).toEqual([
      ['two', 'b', 'Perché sì'],
      ['one', 'b', 'Perché sì'],
    ]);
  });

  it('never overwrite what another window wrote', async () => {
    await using workspace = await openWorkspace();
    const { conversations } = workspace;
    await conversations.save({ conversation: example('one', 1), baseVersion: null });
    const { version, conversation } = await conversations.read({ id: 'one' });
    const theirs = { ...conversation, title: 'Theirs' };
    await conversations.save({ conversation: theirs, baseVersion: version });
    const ours = await conversations.save({
      conversation: { ...conversation, title: 'Ours' },
      baseVersion: version,
    });
    expect(ours).toMatchObject({ kind: 'conflict', current: { conversation: { title: 'Theirs' } } });
    expect((await conversations.read({ id: 'one' })).conversation.title).toBe('Theirs');
  });

  it('of the older format are read as they are, and change on disk only when they are saved', async () => {
    const old = await readFile(join(repositoryFolder, 'test/fixtures/conversations/format-1.json'), 'utf8');
    await using workspace = await openWorkspace({ 'chats/5f0c.json': old });
    const { conversations } = workspace;
    const path = join(workspace.path, 'chats/5f0c.json');
    expect(await conversations.list()).toMatchObject([{ id: '5f0c', title: 'Capitali e fiumi', turns: 4 }]);
    const { conversation, version } = await conversations.read({ id: '5f0c' });
    expect(await readFile(path, 'utf8')).toBe(old);
    expect(await conversations.save({ conversation, baseVersion: version })).toMatchObject({ kind: 'saved' });
    expect((await conversations.read({ id: '5f0c' })).conversation).toEqual(conversation);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ format: 2, title: 'Capitali e fiumi' });
  });

  it('that are damaged are listed with the reason, and hide no others', async () => {
    await using workspace = await openWorkspace({ 'chats/bad.json': '{"id": "bad"' });
    const { conversations } = workspace;
    await conversations.save({ conversation: example('good', 1), baseVersion: null });
    const listed = await conversations.list();
    expect(listed.find(({ id }) => id === 'bad')?.problem).toContain('not valid JSON');
    expect(listed.find(({ id }) => id === 'good')?.problem).toBeNull();
    await expect(conversations.read({ id: 'bad' })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    // What cannot be read is not written over either.
    await expect(
      conversations.save({ conversation: example('bad', 1), baseVersion: null }),
    ).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
  });

  it('that are too large are refused on both ways', async () => {
    await using workspace = await openWorkspace();
    const { conversations } = workspace;
    const text = 'x'.repeat(17 * 1024 * 1024);
    const conversation = addTurns(example('big', 1), [
      { id: 'c', parentId: 'b', role: 'user', text, createdMs: 3 },
    ]);
    await expect(conversations.save({ conversation, baseVersion: null })).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
    await writeFiles(workspace.path, { 'chats/big.json': JSON.stringify(conversation) });
    await expect(conversations.read({ id: 'big' })).rejects.toMatchObject({ code: 'TOO_LARGE' });
    expect((await conversations.list())[0]?.problem).toContain('16');
  });

  it('go to the trash and come back', async () => {
    await using workspace = await openWorkspace();
    const { conversations } = workspace;
    await conversations.save({ conversation: example('one', 1), baseVersion: null });
    const { restoreToken } = await conversations.remove({ id: 'one' });
    await expect(conversations.read({ id: 'one' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await conversations.restore({ restoreToken });
    expect((await conversations.read({ id: 'one' })).conversation.title).toBe('Domande');
  });

  it('refuse a name that leads elsewhere', async () => {
    await using workspace = await openWorkspace();
    for (const id of ['../studio', 'a/b', '', '.hidden'])
      await expect(workspace.conversations.read({ id })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('presets', () => {
  it('are a file a model, saved without losing those of another window', async () => {
    await using workspace = await openWorkspace();
    const { presets } = workspace;
    const path = 'presets/zagreus.json';
    expect(await presets.read({ path })).toBeNull();
    const { sampling } = emptyConversation('x', null, 0);
    const careful = {
      name: 'Careful',
      sampling,
      systemPrompt: '',
      template: null,
      contextTokens: null,
      threads: null,
    };
    const saved = { ...noPresets, default: 'Careful', presets: [careful] };
    expect(await presets.save({ path, saved, baseVersion: null })).toMatchObject({ kind: 'saved' });
    expect(await presets.save({ path, saved: noPresets, baseVersion: null })).toMatchObject({
      kind: 'conflict',
    });
    expect((await presets.read({ path }))?.saved).toEqual(saved);
    await writeFile(join(workspace.path, path), '{"kind": "nesso-presets"}');
    await expect(presets.read({ path })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(presets.read({ path: 'models/a.json' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
