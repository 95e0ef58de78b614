// Likelihoods through the real runtime against PyTorch transformers (test/fixtures/likelihood/make.py), windows, pairs, files of
// several kinds, and what is kept.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { convertModel } from '../../../core/services/conversion/convert-model.ts';
import { type ChatEngine, createChatEngine } from '../../../core/services/model-runtime/engine.ts';
import {
  heldOutTexts,
  pairsOfFile,
  shippedPairs,
  textsOfFile,
} from '../../../core/services/likelihood/sources.ts';
import { scorePairs, scoreText } from '../../../core/services/likelihood/measure.ts';
import { eventOf } from '../../support/event-of.ts';
import { readConversionExpectations, writeHuggingFaceModel } from '../../support/random-model.ts';
import { addStages, modelOfStep, RUN, sampleWorkspace, TINY } from '../../support/suite-folder.ts';
import { repositoryFolder, startTestCore, type TestClient, type TestCore } from '../../support/test-core.ts';
import { runId } from '../../../core/api/launches.ts';
import { runNesso } from '../cli-process.ts';

/** What the studio promises: within half a per cent of transformers. */
const TOLERANCE = 0.005;

const expectations = z.record(
  z.enum(['tiny', 'random']),
  z.object({
    texts: z.record(z.string(), z.object({ tokens: z.number(), nats: z.number() })),
    pairs: z.record(z.string(), z.tuple([z.number(), z.number()])),
  }),
);

const neverText = { id: '', language: '', domain: '', text: '' };

let expected: z.infer<typeof expectations>;
let workspace: Awaited<ReturnType<typeof sampleWorkspace>>;
let core: TestCore;
let client: TestClient;
let engine: ChatEngine;
beforeAll(async () => {
  expected = expectations.parse(
    JSON.parse(await readFile(join(repositoryFolder, 'test/fixtures/likelihood/expected.json'), 'utf8')),
  );
  workspace = await sampleWorkspace();
  await addStages(workspace.path);
  core = await startTestCore();
  client = core.client;
  await client.workspace.open({ path: workspace.path });
  engine = createChatEngine({
    appFolder: repositoryFolder,
    settings: () => core.core.context.settings.read(),
  });
}, 120_000);
afterAll(async () => {
  await engine.dispose();
  await core[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

async function randomModel(): Promise<string> {
  const model = (await readConversionExpectations()).cases['llama-tied'];
  if (!model) throw new Error('no such case');
  const source = join(workspace.path, 'random-hf');
  const output = join(workspace.path, 'random.gguf');
  await writeHuggingFaceModel(source, model);
  await convertModel(
    {
      source,
      output,
      format: 'gguf',
      type: 'f32',
      tokenizer: null,
      preTokenizer: 'llama-bpe',
      name: 'random',
      replace: true,
    },
    () => {},
  );
  return output;
}

describe('against transformers', () => {
  it.each(['tiny', 'random'] as const)(
    'the %s model finds texts and pairs as likely',
    async (which) => {
      const modelPath = which === 'tiny' ? join(workspace.path, TINY) : await randomModel();
      const own = expected[which];
      const { texts } = await heldOutTexts(repositoryFolder);
      const italianFirst = ['it', 'en'].flatMap((code) => texts.filter(({ language }) => language === code));
      const text = italianFirst.map((one) => one.text).join('\n\n');
      const long = { id: 'long', language: 'x', domain: 'x', text };
      let furthest = 0;
      for (const one of [...texts, long]) {
        const { tokens, nats } = await scoreText({ engine, modelPath }, one);
        const reference = own.texts[one.id];
        expect(tokens, one.id).toBe(reference?.tokens);
        furthest = Math.max(furthest, Math.abs(nats / (reference?.nats ?? 1) - 1));
      }
      for (const pair of await scorePairs({ engine, modelPath }, await shippedPairs(repositoryFolder))) {
        const [right, wrong] = own.pairs[pair.id] ?? [1, 1];
        furthest = Math.max(furthest, Math.abs(pair.right / right - 1), Math.abs(pair.wrong / wrong - 1));
      }
      expect(furthest).toBeLessThan(TOLERANCE);
    },
    180_000,
  );
});

describe('in a workspace', () => {
  const measure = async (models: string[], kind: 'held-out' | 'pairs') => {
    return (await eventOf(client.likelihood.measure({ source: { kind }, models }), 'result')).result;
  };

  it('bits per byte fall with training, are kept, and stand under the loss of a suite', async () => {
    const models = [1000, 3000].map(modelOfStep);
    const table = await measure(models, 'held-out');
    const all = table.models.map(({ bits }) => bits[0]?.bitsPerByte ?? 0);
    expect(table.models.map(({ run, measured }) => [run?.step, measured])).toEqual([
      [1000, 24],
      [3000, 24],
    ]);
    expect(all[1]).toBeLessThan(all[0] ?? 0);
    const folder = join(workspace.path, 'evals/likelihood/held-out');
    const size = async () => {
      const names = await readdir(folder);
      return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('').length;
    };
    const before = await size();
    expect((await measure(models, 'held-out')).models).toEqual(table.models);
    expect(await size()).toBe(before);

    await writeFile(
      join(workspace.path, 'suites/short.yaml'),
      'language: it\nprompts: [{ id: a, text: "La capitale", maxTokens: 4, checks: [notEmpty] }]\n',
    );
    await client.suites.start({ suite: 'short', models });
    for await (const state of await client.suites.watch({ suite: 'short' }))
      if (state.running === null) break;
    const [suite] = (await client.suites.ofRun({ run: runId.parse(RUN) })).filter(
      (one) => one.suite === 'short',
    );
    const bits = suite?.points.map(({ measures }) => measures.find(({ kind }) => kind === 'bitsPerByte'));
    const italian = table.models.map((model) =>
      model.bits.find((group) => group.language === 'it' && group.domain === null),
    );
    expect(bits?.map((one) => one?.value)).toEqual(italian.map((one) => one?.bitsPerByte));
    expect(
      suite?.alerts.some(({ kind, direction }) => kind === 'bitsPerByte' && direction === 'better'),
    ).toBe(true);
  }, 180_000);

  it('pairs are right more often after training', async () => {
    const { models } = await measure([modelOfStep(1000), modelOfStep(3000)], 'pairs');
    const facts = models.map(({ pairs }) =>
      pairs.filter(({ phenomenon }) => phenomenon === 'facts').reduce((sum, { correct }) => sum + correct, 0),
    );
    expect(facts[1]).toBe(20);
    expect(facts[0]).toBeLessThan(20);
  });

  it('two models are compared stretch by stretch', async () => {
    const text = "La capitale d'Italia è Roma. 👍";
    const compared = await client.likelihood.compare({ a: modelOfStep(1000), b: modelOfStep(3000), text });
    expect(compared.stretches.map((one) => one.text).join('')).toBe(text);
    const roma = compared.stretches.find((one) => one.text === ' Roma');
    expect((roma?.b ?? -99) - (roma?.a ?? 0)).toBeGreaterThan(3);
    expect(compared.bitsB).toBeLessThan(compared.bitsA);
  });

  it('files are measured as they open: Parquet, JSONL, text; others say why not', async () => {
    const model = join(workspace.path, TINY);
    const json = async (...words: string[]) => {
      const ended = await runNesso(core.stateFolder, 'model', 'likelihood', model, ...words, '--json');
      return { code: ended.code, value: ended.json() as Record<string, unknown> };
    };
    const parquet = await json(
      join(workspace.path, 'data/documents.parquet'),
      '--limit',
      '3',
      '--context',
      '300',
    );
    expect(parquet.code).toBe(0);
    expect(parquet.value).toMatchObject({
      leftDocuments: 445,
      groups: expect.arrayContaining([expect.objectContaining({ documents: 3 })]),
    });
    const plain = join(workspace.path, 'note.txt');
    await writeFile(plain, 'Il gatto miagola. '.repeat(200));
    const reading = { engine: null as never, library: null as never };
    const { texts } = await textsOfFile(plain, 10, reading);
    expect(await scoreText({ engine, modelPath: model }, texts[0] ?? neverText)).toMatchObject({
      bytes: 3600,
    });
    await writeFile(plain, '  \n');
    await expect(textsOfFile(plain, 10, reading)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const pairs = join(workspace.path, 'pairs.jsonl');
    await writeFile(pairs, '{"right":"a","wrong":"b"}\n{"right":"a"}\n');
    await expect(pairsOfFile(pairs)).rejects.toMatchObject({ message: expect.stringContaining('line 2') });
    expect(await json(join(workspace.path, 'missing.jsonl'))).toMatchObject({ code: 1 });
  }, 180_000);
});
