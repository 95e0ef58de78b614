// What a loaded model costs and what happens to it: the estimate beside what the process holds, the prompt that is given up in
// the middle, and the model file that changes or goes while it is loaded.
import { copyFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { collectAnswer, collectScore } from '../support/engine-answers.ts';
import {
  type RandomModel,
  readConversionExpectations,
  writeHuggingFaceModel,
} from '../support/random-model.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';
import { tinyModelPath } from '../support/tiny-model.ts';

const settings = { llamaDevice: 'cpu' as const, llamaThreads: 1 };
const greedy = { temperature: 0, maxTokens: 4 };
const raw = (text: string) => ({ kind: 'raw' as const, text });

let folder: string;
const wide = { f16: '', q8_0: '' };

/** A model of 31M parameters, as wide as small ones in use, with weights nobody trained. */
async function wideModel(): Promise<RandomModel> {
  const base = (await readConversionExpectations()).cases['llama-tied'];
  if (!base) throw new Error('no such case');
  const [width, deep, heads, inner, vocabulary] = [512, 6, 8, 1536, 16_384];
  const shapes: Record<string, number[]> = {
    'model.embed_tokens.weight': [vocabulary, width],
    'model.norm.weight': [width],
  };
  for (let layer = 0; layer < deep; layer += 1) {
    const at = `model.layers.${layer}`;
    for (const norm of ['input_layernorm', 'post_attention_layernorm'])
      shapes[`${at}.${norm}.weight`] = [width];
    for (const matrix of ['q_proj', 'k_proj', 'v_proj', 'o_proj'])
      shapes[`${at}.self_attn.${matrix}.weight`] = [width, width];
    for (const matrix of ['gate_proj', 'up_proj']) shapes[`${at}.mlp.${matrix}.weight`] = [inner, width];
    shapes[`${at}.mlp.down_proj.weight`] = [width, inner];
  }
  const sizes = { hidden_size: width, num_hidden_layers: deep, intermediate_size: inner };
  return {
    ...base,
    config: {
      ...base.config,
      ...sizes,
      num_attention_heads: heads,
      num_key_value_heads: heads,
      vocab_size: vocabulary,
      max_position_embeddings: 8192,
    },
    shapes,
  };
}

beforeAll(async () => {
  ensureChildBuilt('native-weights', 'core/services/conversion');
  ensureChildBuilt('native-llama', 'native/llama');
  folder = (await temporaryFolder()).path;
  const source = join(folder, 'wide');
  await writeHuggingFaceModel(source, await wideModel());
  for (const type of ['f16', 'q8_0'] as const) {
    wide[type] = join(folder, `wide-${type}.gguf`);
    const request = {
      source,
      output: wide[type],
      format: 'gguf',
      type,
      tokenizer: null,
      preTokenizer: 'llama-bpe',
      name: null,
      replace: true,
    } as const;
    await askWeights(
      { kind: 'convert', request },
      { spawn: () => spawnChild(repositoryFolder, 'native-weights') },
    );
  }
}, 180_000);

describe('the estimate before loading', () => {
  it.each([
    ['the sample model', () => tinyModelPath, 512],
    ['31M parameters in halves', () => wide.f16, 1024],
    ['31M parameters in halves with a long context', () => wide.f16, 8192],
    ['31M parameters in eight bits', () => wide.q8_0, 4096],
  ])(
    'is within a tenth of what the process holds: %s',
    async (_, path, contextTokens) => {
      const engine = createChatEngine({ appFolder: repositoryFolder, settings: async () => settings });
      try {
        const modelPath = path();
        const { totalBytes, loadedBytes } = await engine.estimate(modelPath, contextTokens);
        expect(loadedBytes).toBe(0);
        // A whole batch and every output are used once.
        const text = 'Una volta sola. '.repeat(60).slice(0, contextTokens === 512 ? 600 : 900);
        await collectScore(engine.score({ modelPath, contextTokens, text, addBos: false }));
        await collectAnswer(
          engine.generate({
            modelPath,
            contextTokens,
            prompt: raw(text),
            sampling: greedy,
            topTokens: 3,
          }),
        );
        const held = engine.state.memoryBytes ?? 0;
        expect(held).toBeGreaterThan(50_000_000);
        expect(Math.abs(totalBytes / held - 1)).toBeLessThan(0.1);
        // What is loaded counts, also to the model that asks.
        const again = await engine.estimate(modelPath, contextTokens);
        expect(again.loadedBytes).toBeGreaterThanOrEqual(held * 0.95);
        expect(again.loadedBytes).toBe(engine.loaded()[0]?.memoryBytes);
      } finally {
        await engine.dispose();
      }
    },
    180_000,
  );
});

describe('a prompt that is given up', () => {
  const engine = createChatEngine({ appFolder: repositoryFolder, settings: async () => settings });
  afterAll(() => engine.dispose());

  it('stops within its first batch, and what was read before is still known', async () => {
    const modelPath = wide.f16;
    const contextTokens = 4096;
    const begin = 'Una volta sola. '.repeat(12);
    const first = await collectAnswer(
      engine.generate({ modelPath, contextTokens, prompt: raw(begin), sampling: greedy }),
    );
    const known = first.prompt?.tokens ?? 0;
    expect(known).toBeGreaterThan(50);
    const controller = new AbortController();
    const kinds: string[] = [];
    const prompt = raw(begin + 'E poi ancora una volta, sempre di nuovo. '.repeat(60));
    let stopReason = '';
    for await (const event of engine.generate(
      { modelPath, contextTokens, prompt, sampling: greedy },
      controller.signal,
    )) {
      kinds.push(event.kind);
      if (event.kind === 'prompt') {
        expect(event.tokens).toBeGreaterThan(known + 512);
        controller.abort();
      }
      if (event.kind === 'done') stopReason = event.stopReason;
    }
    expect(stopReason).toBe('stopped');
    expect(kinds).not.toContain('text');
    const again = await collectAnswer(
      engine.generate({ modelPath, contextTokens, prompt: raw(`${begin}E poi`), sampling: greedy }),
    );
    expect(again.prompt?.reusedTokens).toBeGreaterThanOrEqual(known - 2);
    expect(engine.state.deaths).toBe(0);
    // The same as a model that was never interrupted.
    await engine.unload(null);
    const fresh = await collectAnswer(
      engine.generate({ modelPath, contextTokens, prompt: raw(`${begin}E poi`), sampling: greedy }),
    );
    expect(again.text).toBe(fresh.text);
  }, 180_000);
});

describe('the file of a loaded model', () => {
  const engine = createChatEngine({ appFolder: repositoryFolder, settings: async () => settings });
  afterAll(() => engine.dispose());
  const prompt = { kind: 'chat' as const, messages: [{ role: 'user' as const, text: 'Ciao!' }] };
  const answer = (modelPath: string) =>
    collectAnswer(engine.generate({ modelPath, prompt, sampling: { temperature: 0 } }));

  it('that is replaced is loaded anew, one that is gone or damaged is said to be so', async () => {
    const modelPath = join(folder, 'own.gguf');
    await copyFile(tinyModelPath, modelPath);
    expect((await answer(modelPath)).text).toBe('Ciao! Come posso aiutarti?');
    const first = engine.state.pid;
    // Another model under the same name: without a chat template, so that it cannot be taken for the first.
    await copyFile(wide.q8_0, modelPath);
    await expect(answer(modelPath)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await copyFile(tinyModelPath, modelPath);
    expect((await answer(modelPath)).text).toBe('Ciao! Come posso aiutarti?');
    expect(first).not.toBeNull();
    await writeFile(modelPath, 'no model any more');
    await expect(answer(modelPath)).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    await rm(modelPath);
    await expect(answer(modelPath)).rejects.toMatchObject({ code: 'ENOENT' });
    await copyFile(tinyModelPath, modelPath);
    expect((await answer(modelPath)).text).toBe('Ciao! Come posso aiutarti?');
    expect(engine.state.deaths).toBe(0);
  }, 180_000);
});
