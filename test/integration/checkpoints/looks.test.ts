// Checkpoints in real folders: found here by the file system, and there by the script under every shell a cluster may have. Both see
// the same.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import type { RunId } from '../../../core/api/runs.ts';
import { listingScript, parseListing } from '../../../core/lib/checkpoints/listing-script.ts';
import { knownNames, mergeListing, NO_CHECKPOINTS } from '../../../core/lib/checkpoints/merge-listing.ts';
import { lookHere } from '../../../core/services/checkpoints/look-here.ts';
import { startTestCore, temporaryFolder, writeFiles } from '../../support/test-core.ts';

const execute = promisify(execFile);
const shells = ['/bin/dash', '/bin/bash', '/usr/bin/busybox'].filter((shell) => existsSync(shell));

async function saveNanotron(folder: string, step: number, isWhole = true): Promise<void> {
  await writeFiles(join(folder, String(step)), {
    'config.yaml': 'general: {}\n',
    'model/model/decoder/0/model_weight_pp-rank-0-of-1_tp-rank-0-of-1.safetensors': 'x'.repeat(1000),
    'optimizer/optimizer_config.json': '{}',
    'random/tp-0-of-1_dp-0-of-1_pp-0-of-1.pt': 'y'.repeat(24),
    'checkpoint_metadata.json': JSON.stringify({
      dp: 8,
      tp: 1,
      metas: { consumed_tokens_total: step * 1000 },
    }),
    ...(isWhole ? { 'model_config.json': '{"hidden_size": 8}' } : {}),
  });
  if (isWhole) await writeFile(join(folder, 'latest.txt'), String(step));
}

async function saveMegatron(folder: string, step: number, isWhole = true): Promise<void> {
  await writeFiles(join(folder, `iter_${String(step).padStart(7, '0')}`), {
    '.metadata': 'm',
    '__0_0.distcp': 'x'.repeat(500),
    'common.pt': 'c',
    'metadata.json': '{"sharded_backend": "torch_dist"}',
  });
  if (isWhole) await writeFile(join(folder, 'latest_checkpointed_iteration.txt'), String(step));
}

async function saveNanochat(folder: string, step: number, isWhole = true): Promise<void> {
  const digits = String(step).padStart(6, '0');
  await writeFiles(folder, {
    [`model_${digits}.pt`]: 'x'.repeat(700),
    ...(isWhole
      ? {
          [`meta_${digits}.json`]: JSON.stringify({ step, total_batch_size: 128 }),
          [`optim_${digits}_rank0.pt`]: 'o'.repeat(300),
        }
      : {}),
  });
}

async function runScript(shell: string, script: string): Promise<string> {
  const argument = shell.endsWith('busybox') ? ['sh', '-c', script] : ['-c', script];
  return (await execute(shell, argument, { maxBuffer: 1e8 })).stdout;
}

describe.each(shells)('%s', (shell) => {
  it('sees what the file system sees: whole, unfinished, strange ones, in a path with spaces and quotes', async () => {
    await using temporary = await temporaryFolder();
    const folder = join(temporary.path, `a 'b' "c" $(d) ; e`);
    for (const step of [1000, 2000, 10_000]) await saveNanotron(folder, step);
    await saveNanotron(folder, 11_000, false);
    await writeFiles(folder, {
      '12000': 'a file with the name of a step',
      '0003/some.ds': 'data',
      'checkpoint-7/model.safetensors': 'weights',
      'notes/x': '',
    });
    const script = listingScript([{ folder, base: '/', known: [] }]);
    const [there] = parseListing(await runScript(shell, script), 1);
    const here = await lookHere(folder, []);
    expect(there?.path).toBe(folder);
    const whole = (listing: typeof here) =>
      mergeListing(NO_CHECKPOINTS, listing, 5).checkpoints.map(({ savedMs, ...rest }) => ({
        ...rest,
        savedSeconds: Math.floor((savedMs ?? 0) / 1000),
      }));
    expect(there && whole(there)).toEqual(whole(here));
    expect(
      whole(here).map(({ name, problem, isLatest, tokens }) => [name, problem === null, isLatest, tokens]),
    ).toEqual([
      ['checkpoint-7', false, false, null],
      ['1000', true, false, 1_000_000],
      ['2000', true, false, 2_000_000],
      ['10000', true, true, 10_000_000],
      ['11000', false, false, 11_000_000],
    ]);
    expect(there?.disk?.totalBytes).toBeGreaterThan(1e6);
  });

  it.each([
    ['Megatron-LM', saveMegatron, ['iter_0000100', 'iter_0000200', 'iter_0000300'], [null, null, null]],
    [
      'nanochat',
      saveNanochat,
      ['model_000100.pt', 'model_000200.pt', 'model_000300.pt'],
      [12_800, 25_600, null],
    ],
  ])('sees the checkpoints of %s as the file system does', async (_, save, names, tokens) => {
    await using temporary = await temporaryFolder();
    const folder = join(temporary.path, `a 'b' $(d)`);
    await save(folder, 100);
    await save(folder, 200);
    await save(folder, 300, false);
    await writeFiles(folder, { 'model_.pt': '', 'model_000400.pt/x': 'a folder of that name' });
    const listingOf = async (known: readonly string[]) =>
      parseListing(await runScript(shell, listingScript([{ folder, base: '/', known }])), 1)[0];
    const there = await listingOf([]);
    const here = await lookHere(folder, []);
    const list = (listing: typeof here) =>
      mergeListing(NO_CHECKPOINTS, listing, 5).checkpoints.map(({ savedMs, ...rest }) => ({
        ...rest,
        savedSeconds: Math.floor((savedMs ?? 0) / 1000),
      }));
    expect(there && list(there)).toEqual(list(here));
    expect(list(here).map(({ name }) => name)).toEqual(names);
    expect(list(here).map(({ problem }) => problem === null)).toEqual([true, true, false]);
    expect(list(here).map((one) => one.tokens)).toEqual(tokens);
    // Once the last one is saved, only it is looked at again.
    await save(folder, 300);
    const before = there ? mergeListing(NO_CHECKPOINTS, there, 5) : NO_CHECKPOINTS;
    const after = await listingOf(knownNames(before));
    expect(after?.looked.map(({ name, problem }) => [name, problem])).toEqual([[names[2], null]]);
    const merged = after ? mergeListing(before, after, 6) : NO_CHECKPOINTS;
    expect(merged.checkpoints.map(({ problem }) => problem)).toEqual([null, null, null]);
  });

  it('only names again what is known to be whole, and forgets what is gone', async () => {
    await using temporary = await temporaryFolder();
    const folder = temporary.path;
    for (let step = 1; step <= 30; step += 1) await saveNanotron(folder, step * 100);
    const look = async (before = NO_CHECKPOINTS) => {
      const script = listingScript([{ folder, base: '/', known: knownNames(before) }]);
      const [listing] = parseListing(await runScript(shell, script), 1);
      return listing ? { listing, list: mergeListing(before, listing, 5) } : null;
    };
    const first = await look();
    // So many closely in one poll; the others come with the next.
    expect(first?.list.checkpoints).toHaveLength(20);
    await rm(join(folder, '3000'), { recursive: true });
    const second = await look(first?.list);
    expect(second?.listing.looked.map(({ name }) => name).sort()).toHaveLength(10);
    expect(second?.list.checkpoints).toHaveLength(29);
    const third = await look(second?.list);
    expect(third?.listing.looked).toEqual([]);
    expect(third?.list.checkpoints).toHaveLength(29);
  });

  it('of several folders, one that is not there or may not be read does not hide the others', async () => {
    await using temporary = await temporaryFolder();
    await saveNanotron(join(temporary.path, 'runs/a/checkpoints'), 50);
    await mkdir(join(temporary.path, 'locked'));
    await chmod(join(temporary.path, 'locked'), 0o000);
    const script = listingScript([
      { folder: 'nowhere', base: join(temporary.path, 'runs/a'), known: [] },
      { folder: join(temporary.path, 'locked'), base: '/', known: [] },
      { folder: './checkpoints', base: join(temporary.path, 'runs/a'), known: [] },
    ]);
    const listings = parseListing(await runScript(shell, script), 3);
    expect(listings[0]?.path).toBeNull();
    expect(listings[2]?.looked.map(({ step }) => step)).toEqual([50]);
    await chmod(join(temporary.path, 'locked'), 0o700);
  });
});

test('an answer that breaks off anywhere gives fewer checkpoints, never a wrong one', async () => {
  await using temporary = await temporaryFolder();
  for (const step of [1, 2]) await saveNanotron(temporary.path, step);
  const answer = await runScript(
    '/bin/sh',
    listingScript([{ folder: temporary.path, base: '/', known: [] }]),
  );
  const whole = parseListing(answer, 1)[0]?.looked ?? [];
  for (let length = 0; length < answer.length; length += 7) {
    for (const checkpoint of parseListing(answer.slice(0, length), 1)[0]?.looked ?? []) {
      if (checkpoint.problem === null) expect(whole.map(({ step }) => step)).toContain(checkpoint.step);
      else expect(answer.slice(0, length).endsWith('\n')).toBe(false);
    }
  }
});

test('links to folders that hold themselves are not walked', async () => {
  await using temporary = await temporaryFolder();
  await saveNanotron(temporary.path, 5);
  await symlink(temporary.path, join(temporary.path, '5', 'again'));
  const { looked } = await lookHere(temporary.path, []);
  expect(looked[0]?.files).toBe(6);
});

test('a run on this computer: its list is there while its folder is, and says where nothing was found', async () => {
  await using core = await startTestCore();
  await using temporary = await temporaryFolder();
  const path = join(temporary.path, 'w');
  await writeFiles(path, { 'studio.yaml': 'name: w\n' });
  await core.client.workspace.open({ path });
  const id = 'own-run-2026-11-22' as RunId;
  const record = {
    format: 1,
    id,
    name: 'own run',
    recipe: 'command',
    target: 'this-computer',
    createdMs: 1,
    parameters: {},
    command: ['python', 'train.py'],
    workingFolder: join(path, 'runs', id),
    environment: {},
    config: {
      path: 'configs/a.yaml',
      version: '1',
      text: 'general: {project: a, run: b}\ncheckpoints: {checkpoints_path: saved, checkpoint_interval: 5}\nmodel: {model_config: {}}\nparallelism: {dp: 1, tp: 1, pp: 1}\n',
    },
    git: { branch: null, commit: null },
    mainMetrics: [],
    exitCodes: {},
    host: 'elsewhere',
    history: [],
    end: { endedMs: 2, exitCode: 0, signal: null, reason: 'Finished' },
  };
  await writeFiles(path, { [`runs/${id}/run.json`]: JSON.stringify(record) });
  expect(await core.client.checkpoints.list({ id })).toMatchObject({
    checkpoints: [],
    folders: [],
    problem: expect.stringContaining('not') as string,
  });
  await saveNanotron(join(path, 'runs', id, 'saved'), 5);
  expect((await core.client.checkpoints.list({ id })).checkpoints).toMatchObject([
    { step: 5, problem: null },
  ]);
  expect(await core.client.monitor.facts({ id })).toMatchObject({ tool: 'nanotron', checkpointInterval: 5 });
  await core.client.monitor.setBytesPerToken({ id, value: 4.5 });
  expect((await core.client.monitor.facts({ id })).bytesPerToken).toEqual({
    value: 4.5,
    source: 'given by a person',
  });
  await expect(core.client.checkpoints.list({ id: 'no-such-run' as RunId })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});
