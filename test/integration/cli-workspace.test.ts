// The commands that work on a workspace: configs from templates, runs and what becomes of them, settings.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetDocument } from '../../core/api/dataset-rows.ts';
import { run } from '../../core/api/runs.ts';
import { settings } from '../../core/api/system.ts';
import { ensureBuilt } from '../../scripts/ensure-built.mjs';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';
import { runNesso } from './cli-process.ts';

const sample = join(repositoryFolder, 'resources', 'sample-workspace');
let state: TestFolder;
let workspace: TestFolder;
const nesso = (...words: readonly string[]) => runNesso(state.path, ...words, '--json');
const here = (...words: readonly string[]) => nesso(...words, '--workspace', workspace.path);

beforeAll(async () => {
  ensureBuilt();
  state = await temporaryFolder();
  workspace = await temporaryFolder();
  await cp(sample, workspace.path, { recursive: true });
});
afterAll(async () => {
  await state[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

describe('nesso config list, templates, new', () => {
  it('counts what is wrong in each config', async () => {
    const list = z
      .array(z.object({ path: z.string(), kind: z.string(), errors: z.number() }))
      .parse((await here('config', 'list')).json());
    const zagreus = list.find(({ path }) => path === 'configs/zagreus-0.4B-ita.yaml');
    expect(zagreus).toMatchObject({ kind: 'nanotron', errors: 4 });
  });

  it('writes a template once, and never over a file', async () => {
    const [first] = z
      .array(z.object({ id: z.string(), text: z.string() }))
      .parse((await nesso('config', 'templates')).json());
    const written = await here('config', 'new', first?.id ?? '', 'configs/from-template.yaml');
    expect(written.code).toBe(0);
    expect(await readFile(join(workspace.path, 'configs', 'from-template.yaml'), 'utf8')).toBe(first?.text);
    await writeFile(join(workspace.path, 'configs', 'from-template.yaml'), 'mine: true\n');
    const again = await here('config', 'new', first?.id ?? '', 'configs/from-template.yaml');
    expect(again.code).toBe(1);
    expect(again.json()).toMatchObject({ error: { code: 'ALREADY_EXISTS' } });
    expect(await readFile(join(workspace.path, 'configs', 'from-template.yaml'), 'utf8')).toBe(
      'mine: true\n',
    );
  });
});

describe('nesso run show, rename, remove, restore', () => {
  it('keeps the config, and brings a removed run back', async () => {
    const launched = await here(
      'run',
      'launch',
      'command',
      '--name',
      'Version',
      '--parameter',
      'command=node --version',
      '--parameter',
      'config=configs/smollm2-135m.yaml',
    );
    const { id } = run.parse(launched.json());
    const show = async () =>
      run.extend({ config: z.object({ text: z.string() }) }).parse((await here('run', 'show', id)).json());
    await expect.poll(async () => (await show()).state, { timeout: 120_000 }).toBe('done');
    const config = await readFile(join(workspace.path, 'configs', 'smollm2-135m.yaml'), 'utf8');
    expect((await show()).config.text).toBe(config);
    await here('run', 'rename', id, 'Version of node');
    expect((await show()).name).toBe('Version of node');
    const { restoreToken } = z
      .object({ restoreToken: z.string() })
      .parse((await here('run', 'remove', id)).json());
    expect((await here('run', 'show', id)).json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    await here('run', 'restore', restoreToken);
    expect((await show()).id).toBe(id);
  });
});

describe('nesso model list, data document, settings', () => {
  it('lists the sample model and reads one document', async () => {
    expect((await here('model', 'list')).json()).toMatchObject([{ architecture: 'llama', problem: null }]);
    const file = join(sample, 'data', 'documents.parquet');
    const document = datasetDocument.parse((await nesso('data', 'document', file, '--row', '3')).json());
    expect(document.fields.find(({ name }) => name === 'id')?.value).toBe('deu-0001');
  });

  it('changes a setting and refuses a value that does not fit', async () => {
    await nesso('settings', 'set', 'theme', 'dark');
    expect(settings.parse((await nesso('settings', 'show')).json()).theme).toBe('dark');
    expect((await nesso('settings', 'set', 'theme', 'purple')).json()).toMatchObject({
      error: { code: 'INVALID_INPUT' },
    });
  });

  it('lists conversations, of which a fresh workspace has none', async () => {
    expect((await here('conversation', 'list')).json()).toEqual([]);
  });
});
