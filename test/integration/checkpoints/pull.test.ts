// Weights pulled over a real ssh: no byte too many, none lost to a cut line, a killed studio or a full disk, none of two saves mixed.
import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest';
import { opened, type Opened, type Opening } from '../../../core/api/checkpoints.ts';
import type { RunId } from '../../../core/api/runs.ts';
import { ensureChildBuilt } from '../../support/built-child.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import {
  type RandomModel,
  readConversionExpectations,
  writeHuggingFaceModel,
} from '../../support/random-model.ts';
import {
  copyTokenizer,
  largeSafetensors,
  saveLargeStep,
  saveNanotronStep,
  writeSavingRun,
} from '../../support/saved-steps.ts';
import { runNesso, startNesso } from '../cli-process.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { noSshServer, type SshServer, startSshServer } from '../../support/ssh-server.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestClient,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const ID = 'base-2026-11-22' as RunId;

async function resultOf(
  stream: Awaited<ReturnType<TestClient['checkpoints']['open']>>,
  onProgress: (now: Opening) => void = () => undefined,
): Promise<Opened> {
  for await (const event of stream) {
    if (event.kind === 'result') return event.result;
    onProgress(event);
  }
  throw new Error('It ended without a result');
}

const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe.skipIf(noSshServer !== null)(
  `weights over ssh${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let server: SshServer;
    let proxy: FaultProxy;
    let workspace: TestFolder;
    let core: TestCore;
    let there: string;
    let model: RandomModel;

    beforeAll(async () => {
      ensureChildBuilt('native-weights', 'core/services/conversion');
      ensureChildBuilt('native-llama', 'native/llama');
      const tied = (await readConversionExpectations()).cases['llama-tied'];
      if (!tied) throw new Error('no such model');
      model = tied;
      server = await startSshServer();
      proxy = await startFaultProxy(server.port);
      vi.stubEnv('NESSO_SSH_CONFIG', server.proxyConfigFile(proxy.port));
      there = join(server.home, 'check points');
      await copyTokenizer(model, join(server.home, 'tokenizer'));
      workspace = await temporaryFolder();
      await writeFiles(workspace.path, {
        'studio.yaml':
          'name: w\ntargets:\n- {name: mini, kind: ssh-processes, host: cluster, folder: ~/runs}\n',
      });
      await writeSavingRun(workspace.path, {
        id: ID,
        target: 'mini',
        checkpoints: there,
        tokenizer: join(server.home, 'tokenizer'),
      });
      core = await startTestCore();
      await core.client.workspace.open({ path: workspace.path });
      await core.client.targets.connect({ name: 'mini' });
    }, 120_000);
    afterAll(async () => {
      await core?.[Symbol.asyncDispose]();
      await proxy?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
      await workspace?.[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    /** The server's user has to be able to read what root wrote. */
    const open = () => execFileSync('chmod', ['-R', 'a+rX', server.home]);
    const here = (step: number, ...names: string[]) =>
      join(workspace.path, 'checkpoints', ID, String(step), ...names);
    const pull = async (step: number, more: object = {}, onProgress?: (now: Opening) => void) =>
      resultOf(await core.client.checkpoints.pull({ id: ID, step, ...more }), onProgress);

    it('bring a step of Nanotron without its optimizer, and a second time nothing', async () => {
      await saveNanotronStep(there, 1000, model, { tensorParallel: 2 });
      open();
      const first = await pull(1000);
      const { pulled } = first.life;
      expect(pulled).toMatchObject({ mode: 'copy', checked: 'far' });
      expect(first.movedBytes).toBe(pulled?.sizeBytes);
      const paths = pulled?.files.map(({ path }) => path) ?? [];
      expect(paths.filter((path) => !path.startsWith('model/')).sort()).toEqual([
        'checkpoint_metadata.json',
        'config.yaml',
        'model_config.json',
        'tokenizer.json',
      ]);
      for (const { path, sha256 } of pulled?.files ?? []) {
        const far =
          path === 'tokenizer.json' ? join(server.home, 'tokenizer', path) : join(there, '1000', path);
        expect([path, sha256]).toEqual([path, hashOf(far)]);
        expect([path, hashOf(here(1000, 'weights', path))]).toEqual([path, sha256]);
      }
      const before = proxy.passedBytes;
      const again = await pull(1000);
      expect(again.movedBytes).toBe(0);
      expect(again.stages).toMatchObject([{ stage: 'pull', how: 'skipped' }]);
      // What was asked and answered about names and times, over both directions.
      expect(proxy.passedBytes - before).toBeLessThan(40_000);
      expect(readFileSync(join(workspace.path, 'checkpoints', '.gitignore'), 'utf8')).toContain('weights/');
    });

    it('are on the disk once where two steps have the same file', async () => {
      await saveNanotronStep(there, 2000, model, { tensorParallel: 2 });
      open();
      const { life } = await pull(2000);
      const weights = life.pulled?.files.filter(({ path }) => path.endsWith('.safetensors')) ?? [];
      expect(weights.length).toBeGreaterThan(10);
      for (const { path } of weights)
        expect(statSync(here(2000, 'weights', path)).ino).toBe(statSync(here(1000, 'weights', path)).ino);
    });

    it('come whole through a line that is cut again and again', async () => {
      await saveLargeStep(there, 10, 40);
      open();
      let cuts = 0;
      const cut = (): void => {
        proxy.cut();
        cuts += 1;
        if (cuts < 2) proxy.after(12_000_000, cut);
      };
      proxy.after(12_000_000, cut);
      const notes: string[] = [];
      const { life, movedBytes } = await pull(10, { bytesPerSecond: 40_000_000 }, ({ note }) => {
        if (note !== null) notes.push(note);
      });
      expect(cuts).toBe(2);
      expect(notes.join()).toContain('The connection was lost');
      expect(hashOf(here(10, 'weights', 'model.safetensors'))).toBe(
        hashOf(join(there, 'checkpoint-10', 'model.safetensors')),
      );
      // A chunk is noted when it is written: nothing that was noted comes twice.
      expect(movedBytes).toBeLessThanOrEqual(life.pulled?.sizeBytes ?? 0);
      expect(movedBytes).toBeGreaterThan(40_000_000);
    }, 180_000);

    it('go on after a cancel where they were; a cap of bytes a second is kept', async () => {
      await saveLargeStep(there, 20, 24);
      open();
      const startedMs = performance.now();
      const cancelled = pull(20, { bytesPerSecond: 10_000_000 }, ({ doneBytes }) => {
        if (doneBytes > 10_000_000) void core.client.checkpoints.cancel({ id: ID, step: 20 });
      });
      await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
      const seconds = (performance.now() - startedMs) / 1000;
      expect(seconds).toBeGreaterThan(1);
      expect(existsSync(here(20, 'weights'))).toBe(false);
      const { movedBytes, life } = await pull(20);
      expect(movedBytes).toBeLessThan((life.pulled?.sizeBytes ?? 0) - 8_000_000);
      expect(hashOf(here(20, 'weights', 'model.safetensors'))).toBe(
        hashOf(join(there, 'checkpoint-20', 'model.safetensors')),
      );
    }, 180_000);

    it('of a step that is saved again meanwhile are all of the new save', async () => {
      await saveLargeStep(there, 30, 12);
      open();
      let isReplaced = false;
      const { life } = await pull(30, { bytesPerSecond: 6_000_000 }, ({ doneBytes }) => {
        if (isReplaced || doneBytes < 1_000_000) return;
        isReplaced = true;
        writeFileSync(join(there, 'checkpoint-30', 'model.safetensors'), largeSafetensors(12));
        writeFileSync(join(there, 'checkpoint-30', 'config.json'), '{"model_type": "llama", "again": 1}');
      });
      expect(isReplaced).toBe(true);
      for (const name of ['model.safetensors', 'config.json'])
        expect(hashOf(here(30, 'weights', name))).toBe(hashOf(join(there, 'checkpoint-30', name)));
      expect(life.pulled?.checked).toBe('far');
      // And once more after it was here: the old weights can be taken back from the trash.
      writeFileSync(join(there, 'checkpoint-30', 'model.safetensors'), largeSafetensors(5));
      await pull(30);
      expect(hashOf(here(30, 'weights', 'model.safetensors'))).toBe(
        hashOf(join(there, 'checkpoint-30', 'model.safetensors')),
      );
    }, 180_000);

    it('are refused with the reason: not whole, gone, cut short, not to be read, of another kind', async () => {
      await saveNanotronStep(there, 3000, model, { isWhole: false });
      await saveNanotronStep(there, 4000, model);
      await saveNanotronStep(there, 5000, model);
      await saveNanotronStep(there, 6000, model);
      await saveLargeStep(there, 40, 1);
      open();
      await expect(pull(3000)).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringContaining('model_config.json, which is written last, is missing') as string,
      });
      const shard =
        'model/model/token_position_embeddings/pp_block/token_embedding/model_weight_pp-rank-0-of-2_tp-rank-0-of-1.safetensors';
      truncateSync(join(there, '4000', shard), 1000);
      await expect(pull(4000)).rejects.toMatchObject({
        code: 'CORRUPT_FILE',
        message: expect.stringMatching(/damaged where it was saved/) as string,
      });
      await core.client.checkpoints.list({ id: ID });
      await rm(join(there, '5000'), { recursive: true });
      await expect(pull(5000)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      chmodSync(join(there, '6000', 'model'), 0o000);
      await expect(pull(6000)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
      await rm(join(there, 'checkpoint-40', 'model.safetensors'));
      await writeFile(join(there, 'checkpoint-40', 'pytorch_model.bin'), 'pickle');
      open();
      await expect(pull(40)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('PyTorch files') as string,
      });
      await expect(pull(9999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      // Waiting instead of refusing: it is taken once it is whole.
      const waiting = pull(3000, { wait: true });
      await sleep(300);
      await saveNanotronStep(there, 3000, model);
      open();
      expect((await waiting).movedBytes).toBeGreaterThan(0);
    }, 180_000);

    it('stop at a full disk with what is missing, and go on when there is room', async () => {
      await saveLargeStep(there, 50, 24);
      open();
      const disk = mountSmallDisk(here(50), 54_000_000);
      if (disk === null) return;
      using mounted = disk;
      const filled = pull(50, { bytesPerSecond: 12_000_000 }, ({ doneBytes }) => {
        if (doneBytes > 4_000_000 && !existsSync(join(mounted.path, 'other')))
          spawnSync('dd', ['if=/dev/zero', `of=${join(mounted.path, 'other')}`, 'bs=1M', 'count=64']);
      });
      await expect(filled).rejects.toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringMatching(/still to come/) as string,
      });
      await rm(join(mounted.path, 'other'));
      const { movedBytes } = await pull(50);
      expect(movedBytes).toBeLessThan(21_000_000);
      expect(hashOf(here(50, 'weights', 'model.safetensors'))).toBe(
        hashOf(join(there, 'checkpoint-50', 'model.safetensors')),
      );
    }, 180_000);

    it('are pulled once by two studios on one workspace', async () => {
      await saveLargeStep(there, 60, 16);
      open();
      await using other = await startTestCore();
      await other.client.workspace.open({ path: workspace.path });
      await other.client.targets.connect({ name: 'mini' });
      const notes: string[] = [];
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const [mine, theirs] = await Promise.all([
        pull(60, { bytesPerSecond: 10_000_000 }, ({ doneBytes }) => {
          if (doneBytes > 0) begin();
        }),
        begun.then(async () =>
          resultOf(await other.client.checkpoints.pull({ id: ID, step: 60 }), ({ note }) => {
            if (note !== null) notes.push(note);
          }),
        ),
      ]);
      expect([mine.movedBytes > 0, theirs.movedBytes]).toEqual([true, 0]);
      expect(notes.join()).toMatch(/ on .* is at the same step/);
    }, 180_000);

    it('go on where they were after the studio was killed', async () => {
      await saveLargeStep(there, 65, 24);
      open();
      await using state = await temporaryFolder();
      const words = ['checkpoint', 'pull', ID, '--step', '65', '-w', workspace.path, '--json'];
      const killed = startNesso(state.path, [...words, '--limit', '4']);
      const journal = () =>
        existsSync(here(65, 'journal.part')) ? readFileSync(here(65, 'journal.part'), 'utf8') : '';
      // The largest file is the first of the plan.
      await waitFor(() => (journal().match(/^0 \d+$/gm)?.length ?? 0) >= 3);
      killed.process.kill('SIGKILL');
      await killed.ended;
      const again = await runNesso(state.path, ...words);
      const { movedBytes, life } = opened.parse(again.json());
      expect(movedBytes).toBeLessThanOrEqual((life.pulled?.sizeBytes ?? 0) - 3 * 4_194_304);
      expect(hashOf(here(65, 'weights', 'model.safetensors'))).toBe(
        hashOf(join(there, 'checkpoint-65', 'model.safetensors')),
      );
    }, 180_000);

    it('of a Trainer of transformers become a model too', async () => {
      const folder = join(there, 'checkpoint-70');
      await writeHuggingFaceModel(folder, model, { shards: 2 });
      await writeFiles(folder, { 'trainer_state.json': '{}', 'optimizer.pt': 'o', 'rng_state.pth': 'r' });
      open();
      const { life, modelPath } = await resultOf(
        await core.client.checkpoints.open({ id: ID, step: 70, type: 'f16', verify: false }),
      );
      expect(modelPath).toBe(`checkpoints/${ID}/70/model-f16.gguf`);
      expect(life.pulled?.files.map(({ path }) => path).toSorted()).toEqual([
        'config.json',
        'model-00001-of-00002.safetensors',
        'model-00002-of-00002.safetensors',
        'model.safetensors.index.json',
        'tokenizer.json',
        'trainer_state.json',
      ]);
    });

    it('become a model that is verified, in one call, and the second time nothing is done', async () => {
      const stages: string[] = [];
      const first = await resultOf(
        await core.client.checkpoints.open({ id: ID, step: 1000, type: 'f16' }),
        ({ stage }) => {
          if (stage !== null && stages.at(-1) !== stage) stages.push(stage);
        },
      );
      expect(stages).toEqual(['pull', 'convert', 'verify']);
      expect(first.modelPath).toBe(`checkpoints/${ID}/1000/model-f16.gguf`);
      expect(first.life.models).toMatchObject([{ type: 'f16', verified: { verdict: 'equal' } }]);
      const again = await resultOf(await core.client.checkpoints.open({ id: ID, step: 1000, type: 'f16' }));
      expect(again.stages.map(({ how }) => how)).toEqual(['skipped', 'skipped', 'skipped']);
      const listed = (await core.client.models.list()).find(({ path }) => path === first.modelPath);
      expect(listed).toMatchObject({
        origin: { runId: ID, step: 1000, tokens: 1_048_576_000, type: 'f16' },
        weightsSha256: first.life.models[0]?.weightsSha256,
      });
      // What is here does not need its target.
      await core.client.targets.disconnect({ name: 'mini' });
      const offline = await resultOf(
        await core.client.checkpoints.open({ id: ID, step: 1000, type: 'q8_0', verify: false }),
      );
      expect(offline.stages.map(({ how }) => how)).toEqual(['skipped', 'done']);
      await expect(pull(75)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await core.client.targets.connect({ name: 'mini' });
    }, 180_000);
  },
);

test('weights of a run on this computer are read where they are, or copied when asked', async () => {
  const tied = (await readConversionExpectations()).cases['llama-tied'];
  if (!tied) throw new Error('no such model');
  await using folder = await temporaryFolder();
  const root = join(folder.path, 'w');
  await writeFiles(root, { 'studio.yaml': 'name: w\n' });
  await copyTokenizer(tied, join(root, 'tokenizers', 'own'));
  const saved = join(root, 'runs', ID, 'saved');
  await mkdir(saved, { recursive: true });
  await writeSavingRun(root, { id: ID, target: null, checkpoints: 'saved', tokenizer: 'team/own' });
  await saveNanotronStep(saved, 100, tied);
  await using core = await startTestCore();
  await core.client.workspace.open({ path: root });
  const { life, modelPath } = await resultOf(
    await core.client.checkpoints.open({ id: ID, step: 100, type: 'f16', verify: false }),
  );
  expect(life).toMatchObject({
    pulled: { mode: 'reference' },
    source: { target: 'this-computer', path: `runs/${ID}/saved/100` },
  });
  expect(existsSync(join(root, modelPath ?? ''))).toBe(true);
  expect(existsSync(join(root, 'checkpoints', ID, '100', 'weights'))).toBe(false);
  const copied = await resultOf(await core.client.checkpoints.pull({ id: ID, step: 100, how: 'copy' }));
  expect(copied.life.pulled?.mode).toBe('copy');
  expect(existsSync(join(root, 'checkpoints', ID, '100', 'weights', 'model_config.json'))).toBe(true);
});
