// What the engine gives beyond a text: probabilities that transformers gives, forced tokens, memory of what was read, formats,
// and every way in which a request can be bad.
import { readFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { sampling } from '../../core/api/generation.ts';
import { createChatEngine, type GenerationRequest } from '../../core/services/model-runtime/engine.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { collectAnswer, collectScore } from '../support/engine-answers.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';
import { expectedTiny, tinyModelPath as modelPath } from '../support/tiny-model.ts';

const settings = { llamaDevice: 'cpu' as const, llamaThreads: 1 };
const engine = createChatEngine({ appFolder: repositoryFolder, settings: async () => settings });
beforeAll(() => ensureChildBuilt('native-llama', 'native/llama'));
afterAll(() => engine.dispose());

const tokensSchema = z.object({
  cases: z.array(
    z.object({
      promptIds: z.array(z.number()),
      tokens: z.array(
        z.object({
          id: z.number(),
          logProbability: z.number(),
          entropy: z.number(),
          top: z.array(z.tuple([z.number(), z.number()])),
        }),
      ),
    }),
  ),
});
/** Written by test/fixtures/generation/expected-tokens.py. */
const expected = tokensSchema.parse(
  JSON.parse(
    readFileSync(join(import.meta.dirname, '../fixtures/generation/nesso-tiny-tokens.json'), 'utf8'),
  ),
);

const ask = (request: Omit<GenerationRequest, 'modelPath'>, signal?: AbortSignal) =>
  collectAnswer(engine.generate({ modelPath, ...request }, signal));
const chat = (text: string, more: object = {}) => ({
  kind: 'chat' as const,
  messages: [{ role: 'user' as const, text }],
  ...more,
});
const greedy = { temperature: 0 };
const france = 'What is the capital of France?';
const noEnd = ['<|im_end|>', '<|end_of_text|>'].map((token) => ({ token, bias: -100 }));

describe('every token', () => {
  it('has the probability, entropy and alternatives that transformers gives', async () => {
    for (const [index, known] of expectedTiny.cases.entries()) {
      const { promptIds, tokens } = expected.cases[index] ?? { promptIds: [], tokens: [] };
      const answer = await ask({
        prompt:
          known.kind === 'chat'
            ? { kind: 'chat', messages: known.messages }
            : { kind: 'raw', text: known.prompt },
        sampling: { ...greedy, maxTokens: known.tokens + (known.kind === 'chat' ? 1 : 0) },
        topTokens: 5,
      });
      expect(answer.prompt?.tokens).toBe(promptIds.length);
      const given = answer.endToken === null ? answer.tokens : [...answer.tokens, answer.endToken];
      expect(given.map(({ id }) => id)).toEqual(tokens.map(({ id }) => id));
      for (const [at, want] of tokens.entries()) {
        const got = given[at];
        // Keys and values are halves here; the reference is fp32.
        expect(Math.abs((got?.logProbability ?? Number.NaN) - want.logProbability)).toBeLessThan(0.02);
        expect(Math.abs((got?.entropy ?? Number.NaN) - want.entropy)).toBeLessThan(0.02);
        expect(got?.top[0]?.id).toBe(want.top[0]?.[0]);
        for (const [id, value] of want.top) {
          const alternative = got?.top.find((one) => one.id === id);
          // Alternatives far down may change places.
          if (alternative !== undefined && value > -10) {
            expect(Math.abs(alternative.logProbability - value)).toBeLessThan(0.05);
          }
        }
      }
      expect(given.map(({ text }) => text).join('')).toContain(answer.text);
    }
  });

  it('is the model’s own, whatever the sampler does', async () => {
    const plain = await ask({ prompt: chat(france), sampling: greedy, topTokens: 3 });
    const narrow = await ask({
      prompt: chat(france),
      sampling: { temperature: 1.7, topK: 1, minP: 0.5, seed: 1 },
      topTokens: 3,
    });
    expect(narrow.text).toBe(plain.text);
    expect(narrow.tokens).toEqual(plain.tokens);
  });

  it('follows a start that was forced, token for token', async () => {
    const plain = await ask({ prompt: chat(france), sampling: greedy, topTokens: 20 });
    const other = plain.tokens[3]?.top[1];
    const tokens = [...plain.tokens.slice(0, 3).map(({ id }) => id), other?.id ?? 0];
    const forced = await ask({
      prompt: chat(france, { answerStart: { text: 'ignored', tokens } }),
      sampling: greedy,
      topTokens: 1,
    });
    expect(forced.prompt?.tokens).toBe((plain.prompt?.tokens ?? 0) + 4);
    expect(forced.text).not.toBe(plain.text);
    const { text } = await engine.render(modelPath, {
      ...chat(france, { answerStart: { text: '', tokens } }),
      template: null,
      tools: [],
      answerStart: { text: '', tokens },
    });
    expect(
      text.endsWith(
        `assistant\n${plain.tokens
          .slice(0, 3)
          .map((one) => one.text)
          .join('')}${other?.text}`,
      ),
    ).toBe(true);
  });

  it('of a given text is scored, in windows where it is longer than the context', async () => {
    const { text, ids } = expectedTiny.score;
    const short = await collectScore(
      engine.score({ modelPath, text: text.replace('<|begin_of_text|>', ''), topTokens: 2 }),
    );
    expect(short.ids).toEqual(ids);
    expect(short.tokens[0]?.logProbability).toBeNull();
    expect(short.tokens[1]?.top).toHaveLength(2);
    const long = await collectScore(
      engine.score({ modelPath, text: 'Anna went for a walk in the garden. '.repeat(200) }),
    );
    expect(long.tokens.length).toBeGreaterThan(1500);
    expect(long.logProbabilities.every((value) => Number.isFinite(value) && value <= 0)).toBe(true);
  });

  it('of continuations is scored as of the whole text', async () => {
    const context = "La capitale d'Italia è";
    const items = [' Roma.', ' Parigi.', ' Roma.'].map((continuation) => ({ context, continuation }));
    const results: { logProbability: number; tokens: number; isGreedy: boolean }[] = [];
    for await (const event of engine.scoreMany({
      modelPath,
      items: [...items, { context: `${context} `, continuation: 'Roma.' }],
    })) {
      if (event.kind === 'items') results.push(...event.items);
    }
    const whole = await collectScore(engine.score({ modelPath, text: `${context} Roma.` }));
    const sum = whole.logProbabilities.slice(-2).reduce((total, value) => total + value, 0);
    expect(results).toHaveLength(4);
    expect(results[0]?.tokens).toBe(2);
    expect(Math.abs((results[0]?.logProbability ?? 0) - sum)).toBeLessThan(0.02);
    expect(results[1]?.logProbability).toBeLessThan(results[0]?.logProbability ?? 0);
    // White space at the end of a context belongs to the continuation.
    expect(results[3]?.tokens).toBe(2);
  });
});

describe('what was read before', () => {
  it('is not read again: an edited late turn costs only what follows it', async () => {
    const turns = (last: string) => ({
      kind: 'chat' as const,
      messages: [
        { role: 'user' as const, text: 'Raccontami una storia di Anna e del gatto.' },
        { role: 'assistant' as const, text: 'Anna aveva un gatto. Il gatto dormiva sul tetto della casa.' },
        { role: 'user' as const, text: last },
      ],
    });
    const first = await ask({ prompt: turns('E poi?'), sampling: { ...greedy, maxTokens: 8 } });
    const edited = await ask({ prompt: turns('Perché?'), sampling: { ...greedy, maxTokens: 8 } });
    const shared = (first.prompt?.tokens ?? 0) - 12;
    expect(edited.prompt?.reusedTokens).toBeGreaterThanOrEqual(shared);
    expect(edited.statistics.reusedTokens).toBe(edited.prompt?.reusedTokens);
    const fresh = createChatEngine({ appFolder: repositoryFolder, settings: async () => settings });
    const anew = await collectAnswer(
      fresh.generate({ modelPath, prompt: turns('Perché?'), sampling: { ...greedy, maxTokens: 8 } }),
    );
    await fresh.dispose();
    expect(anew.prompt?.reusedTokens).toBe(0);
    expect(edited.text).toBe(anew.text);
  });
});

describe('how an answer ends', () => {
  it('before a stop text, also one that lies across tokens', async () => {
    const { text, stopReason } = await ask({
      prompt: chat(france),
      sampling: { ...greedy, stopTexts: ['ance is'] },
    });
    expect({ text, stopReason }).toEqual({ text: 'The capital of Fr', stopReason: 'stop-text' });
  });

  it('when the context is full', async () => {
    const endless = { ...greedy, temperature: 1, seed: 3, maxTokens: 5000, tokenBias: noEnd };
    const { stopReason, statistics } = await ask({
      prompt: { kind: 'raw', text: 'Anna' },
      sampling: endless,
    });
    expect(stopReason).toBe('context-full');
    expect(statistics.tokens + statistics.promptTokens).toBe(512);
  });

  it('with whole characters, though an emoji is spread over tokens', async () => {
    const { tokens: pieces } = { tokens: await engine.tokenize(modelPath, '🐺', false) };
    expect(pieces.length).toBeGreaterThan(1);
    const one = await ask({
      prompt: chat('x', { answerStart: { text: '', tokens: pieces.slice(0, -1).map(({ id }) => id) } }),
      sampling: { ...greedy, maxTokens: 1, tokenBias: [{ token: pieces.at(-1)?.id ?? 0, bias: 900 }] },
      topTokens: 1,
    });
    expect(one.tokens[0]?.id).toBe(pieces.at(-1)?.id);
    const whole = await ask({
      prompt: { kind: 'raw', text: 'x' },
      sampling: { ...greedy, maxTokens: 4 },
      format: { kind: 'grammar', gbnf: 'root ::= "🐺"' },
    });
    expect(whole.text).toBe('🐺');
  });
});

describe('samplers', () => {
  it.each([
    ['xtc', { xtcProbability: 1, xtcThreshold: 0.01 }],
    ['repeat penalty', { repeatPenalty: 1.9 }],
    ['frequency penalty', { frequencyPenalty: 2 }],
    ['presence penalty', { presencePenalty: 2 }],
    ['dry', { dryStrength: 8, dryBase: 4, dryAllowedLength: 1, penaltyTokens: 400 }],
    ['bias of a text', { tokenBias: [{ token: ' Anna', bias: -100 }] }],
  ])('%s changes a story, the same way every time', async (_, change) => {
    const prompt = { kind: 'raw' as const, text: 'Anna went for a walk. Anna saw Anna. Anna' };
    // The likeliest tokens repeat themselves sooner or later, which is what DRY is for.
    const temperature = 'dryStrength' in change ? 0 : 1;
    const base = { temperature, topK: 0, topP: 1, seed: 7, maxTokens: 200, tokenBias: noEnd };
    const plain = await ask({ prompt, sampling: base });
    const tokenBias = [...noEnd, ...('tokenBias' in change ? change.tokenBias : [])];
    const changed = await ask({ prompt, sampling: { ...base, ...change, tokenBias } });
    expect(changed.text).not.toBe(plain.text);
    expect((await ask({ prompt, sampling: { ...base, ...change, tokenBias } })).text).toBe(changed.text);
  });
});

describe('formats', () => {
  it('hold a model that babbles to a schema', async () => {
    const schema = {
      type: 'object',
      properties: {
        name: { type: 'string', maxLength: 12 },
        kind: { enum: ['cat', 'wolf'] },
        legs: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string', maxLength: 6 }, minItems: 1, maxItems: 2 },
      },
      required: ['name', 'kind', 'tags'],
    };
    for (let seed = 0; seed < 8; seed += 1) {
      const { text } = await ask({
        prompt: chat('Un animale?'),
        sampling: { temperature: 1.5, topK: 0, topP: 1, seed, maxTokens: 300 },
        format: { kind: 'json-schema', schema },
        topTokens: 2,
      });
      const value = JSON.parse(text) as Record<string, unknown>;
      expect(['cat', 'wolf']).toContain(value['kind']);
      expect(Array.isArray(value['tags'])).toBe(true);
    }
  });

  it.each([
    ['no schema', { kind: 'json-schema' as const, schema: 'a text' }],
    ['a type that is none', { kind: 'json-schema' as const, schema: { type: 'strnig' } }],
    ['a reference to nothing', { kind: 'json-schema' as const, schema: { $ref: '#/$defs/none' } }],
    ['a grammar with a fault', { kind: 'grammar' as const, gbnf: 'root ::= (' }],
    ['a grammar without root', { kind: 'grammar' as const, gbnf: 'other ::= "a"' }],
  ])('are refused with the reason: %s', async (_, format) => {
    await expect(ask({ prompt: chat('x'), sampling: greedy, format })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect(engine.state.deaths).toBe(0);
  });
});

describe('templates', () => {
  const render = (template: string) =>
    engine.render(modelPath, {
      kind: 'chat',
      messages: [{ role: 'user', text: 'Ciao' }],
      template,
      tools: [],
      answerStart: null,
    });

  it('of another kind are used as they are', async () => {
    expect((await render('{{ bos_token }}[{{ messages[0].content }}]')).text).toBe('<|begin_of_text|>[Ciao]');
  });

  it.each([
    ['throws', "{{ raise_exception('only system turns') }}", 'only system turns'],
    ['has a fault', '{% for %}', 'Unexpected token'],
    [
      'does not end',
      '{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}',
      'it did not end',
    ],
    [
      'makes too many numbers',
      '{% for i in range(1000000000) %}{% endfor %}',
      'range() of 1000000000 numbers',
    ],
    [
      'fills memory with lists',
      '{% set ns = namespace(x=range(100000)) %}{% for i in range(40) %}{% set ns.x = ns.x + ns.x %}{% endfor %}',
      // Whichever limit a busy machine comes to first.
      /too much memory|did not end/,
    ],
    [
      'fills memory with text',
      "{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
      'Invalid string length',
    ],
  ])(
    'that %s are refused',
    async (_, template, reason) => {
      const refused = render(template);
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(refused).rejects.toThrow(reason);
      expect((await ask({ prompt: chat('Ciao!'), sampling: greedy })).text).toBe(
        'Ciao! Come posso aiutarti?',
      );
      expect(engine.state.deaths).toBe(0);
    },
    180_000,
  );
});

describe('what is too much', () => {
  it('a million characters, with and without spaces', async () => {
    for (const text of ['x'.repeat(1_000_000), 'a b '.repeat(250_000), 'x'.repeat(100_000)]) {
      await expect(ask({ prompt: { kind: 'raw', text }, sampling: greedy })).rejects.toMatchObject({
        code: 'TOO_LARGE',
      });
    }
    expect(engine.state.deaths).toBe(0);
  }, 180_000);

  it('a token that is not in the vocabulary', async () => {
    await expect(
      ask({ prompt: { kind: 'raw', text: 'a', tokens: [99_999] }, sampling: greedy }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('a model beyond the budget or the device, with the figures', async () => {
    const small = createChatEngine({
      appFolder: repositoryFolder,
      settings: async () => ({ ...settings, modelMemoryBytes: 20_000_000 }),
    });
    const asked = small.generate({ modelPath, prompt: chat('x'), sampling: sampling.parse({}) });
    await expect(collectAnswer(asked)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('MB') as string,
    });
    expect((await small.estimate(modelPath, null)).fits).toBe(false);
    await small.dispose();
    const device = { threads: 1, memoryBytes: 30_000_000 };
    await expect(ask({ prompt: chat('x'), sampling: greedy, device })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    const enough = await ask({
      prompt: chat('Ciao!'),
      sampling: greedy,
      device: { threads: 1, memoryBytes: 400_000_000 },
    });
    expect(enough.text).toBe('Ciao! Come posso aiutarti?');
  });
});

describe('several models', () => {
  it('answer at the same time, and the one used longest ago leaves when memory is short', async () => {
    await using folder = await temporaryFolder();
    const paths = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const path = join(folder.path, `${name}.gguf`);
        await copyFile(modelPath, path);
        return path;
      }),
    );
    const one = (await engine.estimate(modelPath, null)).totalBytes;
    const pool = createChatEngine({
      appFolder: repositoryFolder,
      settings: async () => ({ ...settings, modelMemoryBytes: one * 2.5 }),
    });
    const answer = (path: string | undefined) =>
      collectAnswer(pool.generate({ modelPath: path ?? '', prompt: chat('Ciao!'), sampling: greedy }));
    const [a, b] = await Promise.all([answer(paths[0]), answer(paths[1])]);
    expect([a.text, b.text]).toEqual(['Ciao! Come posso aiutarti?', 'Ciao! Come posso aiutarti?']);
    expect(pool.loaded()).toHaveLength(2);
    await answer(paths[0]);
    await answer(paths[2]);
    const loaded = new Set(pool.loaded().map(({ modelPath: path }) => path));
    expect(loaded).toEqual(new Set([paths[0], paths[2]]));
    // Three at once where two fit: the third waits.
    const texts = await Promise.all(paths.map((path) => answer(path)));
    expect(new Set(texts.map(({ text }) => text)).size).toBe(1);
    await pool.unload(paths[0] ?? null);
    expect(pool.loaded().some(({ modelPath: path }) => path === paths[0])).toBe(false);
    await pool.dispose();
    expect(pool.loaded()).toEqual([]);
  }, 180_000);
});
