// What is here of checkpoints: rules that bring new ones once among several studios, what may go and why not, and the way back.
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CheckpointRule } from '../../../core/api/checkpoint-budget.ts';
import { checkpointLife } from '../../../core/api/checkpoint-life.ts';
import type { OpeningEvent } from '../../../core/api/checkpoints.ts';
import type { RunId } from '../../../core/api/runs.ts';
import { checkpointsRoutes } from '../../../core/services/checkpoints/routes.ts';
import { createCheckpointService } from '../../../core/services/checkpoints/service.ts';
import { createTargetService } from '../../../core/services/targets/service.ts';
import { ensureChildBuilt } from '../../support/built-child.ts';
import { copyTokenizer, type RandomModel, readConversionExpectations } from '../../support/random-model.ts';
import { saveNanotronStep, writeSavingRun } from '../../support/saved-steps.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  writeFiles,
} from '../../support/test-core.ts';

const ID = 'small-2026-11-22' as RunId;
const rule: CheckpointRule = {
  format: 1,
  every: 20,
  keep: 2,
  type: 'f16',
  verify: false,
  suite: null,
  paused: false,
};

let model: RandomModel;
let folder: TestFolder;
let core: TestCore;
let root: string;
let saved: string;

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  const tied = (await readConversionExpectations()).cases['llama-tied'];
  if (!tied) throw new Error('no such model');
  model = tied;
}, 120_000);
beforeEach(async () => {
  folder = await temporaryFolder();
  root = join(folder.path, 'w');
  await writeFiles(root, { 'studio.yaml': 'name: w\n' });
  await copyTokenizer(model, join(root, 'tokenizers', 'own'));
  saved = join(root, 'runs', ID, 'saved');
  await mkdir(saved, { recursive: true });
  await writeSavingRun(root, { id: ID, target: null, checkpoints: 'saved', tokenizer: 'own' });
  core = await openStudio();
});
afterEach(async () => {
  await core[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function openStudio(): Promise<TestCore> {
  const studio = await startTestCore();
  await studio.client.workspace.open({ path: root });
  return studio;
}

/** As a served studio has it, with its clock in the test's hand. */
function keeperOf({ core: { context } }: TestCore) {
  return checkpointsRoutes(context, createCheckpointService(context), createTargetService(context)).rules;
}

const steps = async () => (await core.client.checkpoints.lives({ id: ID })).map(({ step }) => step);

async function finish(stream: AsyncIterable<OpeningEvent>): Promise<void> {
  for await (const event of stream) if (event.kind === 'result') return;
}

describe('a rule', () => {
  it('brings multiples, once among two studios, and lets go of older ones that it brought', async () => {
    for (const step of [10, 20, 40]) await saveNanotronStep(saved, step, model);
    await core.client.checkpoints.saveRule({ id: ID, rule });
    await using other = await openStudio();
    const [mine, theirs] = [keeperOf(core), keeperOf(other)];
    const suites: string[] = [];
    for (const keeper of [mine, theirs])
      keeper.useSuites(async (suite, path) => suites.push(`${suite} ${path}`));
    await core.client.checkpoints.saveRule({ id: ID, rule: { ...rule, suite: 'short' } });
    await Promise.all([mine.lookNow(), theirs.lookNow()]);
    expect(await steps()).toEqual([20, 40]);
    expect(suites.toSorted()).toEqual([
      `short checkpoints/${ID}/20/model-f16.gguf`,
      `short checkpoints/${ID}/40/model-f16.gguf`,
    ]);
    await saveNanotronStep(saved, 60, model);
    await saveNanotronStep(saved, 80, model, { isWhole: false });
    await mine.lookNow();
    expect(await steps()).toEqual([40, 60]);
    // A person let one go: it is not brought again.
    await core.client.checkpoints.remove({ items: [{ id: ID, step: 60, what: 'all' }] });
    await theirs.lookNow();
    expect(await steps()).toEqual([40]);
    await core.client.checkpoints.pin({ id: ID, step: 40, pinned: true });
    for (const step of [80, 100, 120]) await saveNanotronStep(saved, step, model);
    await mine.lookNow();
    expect(await steps()).toEqual([40, 100, 120]);
  });

  it('that fails says so once, tries again later, and is quiet while it is paused', async () => {
    await saveNanotronStep(saved, 20, model);
    await writeFile(join(saved, '20', 'model_config.json'), '{"hidden_size": 64}');
    await core.client.checkpoints.saveRule({ id: ID, rule: { ...rule, paused: true } });
    const keeper = keeperOf(core);
    await keeper.lookNow();
    expect(await core.client.checkpoints.rules()).toMatchObject([{ failures: [], done: [] }]);
    await core.client.checkpoints.saveRule({ id: ID, rule });
    await keeper.lookNow();
    await keeper.lookNow();
    const [state] = await core.client.checkpoints.rules();
    expect(state?.failures).toMatchObject([{ step: 20, times: 1 }]);
    expect(state?.failures[0]?.retryMs).toBeGreaterThan(Date.now() + 20_000);
  });
});

describe('a suite over the steps of a run', () => {
  const asked = `title: Short\nlanguage: en\nmaxTokens: 4\nsamplers: [greedy]\nprompts:\n  - id: a\n    text: "Once upon"\n    checks: [notEmpty]\n`;
  const candidatesNow = () => core.client.suites.candidates({ suite: 'short', run: ID });
  const answered = async () =>
    (await candidatesNow()).filter(({ path }) => path !== null).map(({ answers }) => answers);

  it('is run with every step a rule brings, one after another, and pulls and converts others when it is asked to', async () => {
    await writeFiles(root, { 'suites/short.yaml': asked });
    for (const step of [10, 20, 40]) await saveNanotronStep(saved, step, model);
    await core.client.checkpoints.saveRule({ id: ID, rule: { ...rule, suite: 'short' } });
    {
      // A served studio looks by itself, every ten seconds.
      await using served = await startTestCore({ host: 'serve' });
      await served.client.workspace.open({ path: root });
      const told = async () =>
        (await served.client.checkpoints.rules()).map(({ done, failures }) => ({
          done: done.toSorted((one, other) => one - other),
          failures,
        }));
      await expect.poll(told).toEqual([{ done: [20, 40], failures: [] }]);
    }
    expect(await steps()).toEqual([20, 40]);
    await expect.poll(answered).toEqual([1, 1]);

    const candidates = await candidatesNow();
    expect(candidates.map(({ run, canBeMade }) => [run?.step, canBeMade])).toEqual([
      [10, true],
      [20, false],
      [40, false],
    ]);
    const notes = new Set<string | null>();
    await core.client.suites.start({
      suite: 'short',
      models: candidates.flatMap(({ path }) => path ?? []),
      checkpoints: [10, 30].map((step) => ({ run: ID, step })),
      type: 'f16',
    });
    let skipped: readonly { readonly path: string }[] = [];
    for await (const now of await core.client.suites.watch({ suite: 'short' })) {
      notes.add(now.running?.note ?? null);
      skipped = now.skipped;
      if (now.running === null) break;
    }
    expect(await answered()).toEqual([1, 1, 1]);
    // The step that nobody saved is left out, with why.
    expect(skipped.map(({ path }) => path)).toEqual([`checkpoints/${ID}/30`]);
    await expect(core.client.suites.start({ suite: 'short', models: [] })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  }, 120_000);
});

describe('what is here', () => {
  it('tells of models in a folder of a step of which nothing else is known, and lets them go and come back', async () => {
    await writeFiles(root, { 'checkpoints/copied/500/model-q8_0.gguf': 'x'.repeat(5000) });
    const local = await core.client.checkpoints.local();
    expect(local.items).toMatchObject([
      {
        life: { runId: 'copied', step: 500, models: [{ type: 'q8_0', sizeBytes: 5000 }] },
        modelsBytes: 5000,
        proposal: null,
        kept: expect.stringContaining('only copy'),
      },
    ]);
    const items = [{ id: 'copied' as RunId, step: 500, what: 'models' as const }];
    const { tokens } = await core.client.checkpoints.remove({ items });
    expect((await core.client.checkpoints.local()).items).toEqual([]);
    await core.client.checkpoints.restore({ tokens });
    expect((await core.client.checkpoints.local()).items).toHaveLength(1);
  });

  it('may go when its model is verified, never when it is pinned, unverified or the only copy', async () => {
    for (const step of [20, 40]) await saveNanotronStep(saved, step, model);
    for (const step of [20, 40]) {
      await finish(await core.client.checkpoints.pull({ id: ID, step, how: 'copy' }));
      await finish(
        await core.client.checkpoints.open({ id: ID, step, how: 'copy', type: 'f16', verify: false }),
      );
    }
    const about = async (step: number) => {
      const item = (await core.client.checkpoints.local()).items.find(({ life }) => life.step === step);
      return item?.proposal ? `${item.proposal.what}: ${item.proposal.reason}` : item?.kept;
    };
    expect(await about(20)).toBe('its model is not verified');
    await verify(20);
    expect(await about(20)).toBe('weights: its model is verified');
    await core.client.checkpoints.pin({ id: ID, step: 20, pinned: true });
    expect(await about(20)).toBe('pinned');
    await core.client.checkpoints.pin({ id: ID, step: 20, pinned: false });
    await rm(join(saved, '20'), { recursive: true });
    expect(await about(20)).toBe('the only copy: its run no longer has it');
    const { items, totalBytes } = await core.client.checkpoints.local();
    // Both steps have the same weights: they lie on the disk once, and removing one frees nothing of them.
    const weights = items.map(({ weightsBytes, life }) => [weightsBytes, life.pulled?.sizeBytes ?? 0]);
    for (const [freed = 0, size = 0] of weights) expect(freed).toBeLessThan(size / 20);
    expect(totalBytes).toBeLessThan(
      items.reduce((sum, { life }) => sum + (life.pulled?.sizeBytes ?? 0), 0) * 2,
    );
  });

  it('goes and comes back as it was, until it is freed', async () => {
    await saveNanotronStep(saved, 20, model);
    await finish(await core.client.checkpoints.pull({ id: ID, step: 20, how: 'copy' }));
    const weights = join(root, 'checkpoints', ID, '20', 'weights');
    const [before] = await core.client.checkpoints.lives({ id: ID });
    const items = [{ id: ID, step: 20, what: 'weights' as const }];
    const removed = await core.client.checkpoints.remove({ items });
    expect(existsSync(weights)).toBe(false);
    expect((await core.client.checkpoints.lives({ id: ID }))[0]?.pulled).toBeNull();
    expect((await core.client.checkpoints.local()).trashBytes).toBe(removed.bytes);
    await core.client.checkpoints.restore({ tokens: removed.tokens });
    expect((await core.client.checkpoints.lives({ id: ID }))[0]).toEqual(before);
    expect(existsSync(weights)).toBe(true);
    const again = await core.client.checkpoints.remove({ items });
    expect(await core.client.checkpoints.freeNow()).toEqual({ bytes: again.bytes });
    await expect(core.client.checkpoints.restore({ tokens: again.tokens })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(again.bytes).toBeGreaterThan(100_000);
  });
});

/** As a verification would leave it. */
async function verify(step: number): Promise<void> {
  const path = join(root, 'checkpoints', ID, String(step), 'checkpoint.json');
  const life = checkpointLife.parse(JSON.parse(readFileSync(path, 'utf8')));
  const verified = {
    atMs: 1,
    verdict: 'equal' as const,
    reasons: [],
    top1: 1,
    largestGap: 0,
    meanDivergence: 0,
  };
  await writeFile(
    path,
    JSON.stringify({ ...life, models: life.models.map((one) => ({ ...one, verified })) }),
  );
}
