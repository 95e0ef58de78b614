// The OpenAI-compatible server as a client sees it: answers and likelihoods that PyTorch gives, streams, tools, formats,
// `latest` that follows the newest checkpoint, and every request that must be refused.
import { copyFile, mkdir, utimes } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { createModelList } from '../../core/services/models/list-models.ts';
import { type OpenaiServer, startOpenaiServer } from '../../core/services/openai/http-server.ts';
import { workspaceModels } from '../../core/services/openai/served-models.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { expectedTiny, tinyModelPath } from '../support/tiny-model.ts';
import { repositoryFolder, startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: OpenaiServer;
const engine = createChatEngine({
  appFolder: repositoryFolder,
  settings: async () => ({ llamaDevice: 'cpu', llamaThreads: 1 }),
});

beforeAll(async () => {
  ensureChildBuilt('native-llama', 'native/llama');
  folder = await temporaryFolder();
  await writeFiles(folder.path, { 'studio.yaml': 'name: Served\n' });
  await mkdir(join(folder.path, 'models'));
  await copyFile(tinyModelPath, join(folder.path, 'models/tiny.gguf'));
  const models = createModelList();
  server = await startOpenaiServer({
    engine,
    models: workspaceModels(
      () => folder.path,
      (root) => models.list(root),
    ),
    port: 0,
    token: null,
  });
}, 120_000);

afterAll(async () => {
  await server.close();
  await engine.dispose();
  await folder[Symbol.asyncDispose]();
});

/** What a program reads out of any of the answers. */
interface Answer {
  readonly object: string;
  readonly model: string;
  readonly id: string;
  readonly choices: readonly {
    readonly text: string;
    readonly message: { readonly content: string };
    readonly delta: { readonly content?: string };
    readonly finish_reason: string | null;
    readonly logprobs: {
      readonly content: readonly { readonly logprob: number; readonly top_logprobs: readonly unknown[] }[];
      readonly tokens: readonly string[];
      readonly token_logprobs: readonly (number | null)[];
    };
  }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
  readonly data: readonly { readonly id: string; readonly embedding: readonly number[] & string }[];
  readonly error?: unknown;
}

const parsed = (text: string) => JSON.parse(text) as Answer;

async function post(
  path: string,
  body: unknown,
  base = server.url,
): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: parsed(await response.text()) };
}

const ask = (text: string, more: object = {}) => ({
  model: 'latest',
  messages: [{ role: 'user', content: text }],
  temperature: 0,
  ...more,
});

describe('chat completions', () => {
  it('answer as PyTorch does, with log-probabilities', async () => {
    const known = expectedTiny.cases[1];
    const { status, body } = await post(
      '/chat/completions',
      ask('What is the capital of France?', { logprobs: true, top_logprobs: 3 }),
    );
    expect(status).toBe(200);
    expect(body.object).toBe('chat.completion');
    const choice = body.choices[0];
    expect(choice).toMatchObject({
      finish_reason: 'stop',
      message: { role: 'assistant', content: 'The capital of France is Paris.' },
    });
    expect(body.usage).toMatchObject({ completion_tokens: 7, prompt_tokens: known?.promptIds.length });
    const given = choice?.logprobs.content.map(({ logprob }) => logprob) ?? [];
    for (const [index, value] of (known?.logProbabilities ?? []).entries()) {
      expect(Math.abs((given[index] ?? Number.NaN) - value)).toBeLessThan(0.01);
    }
    expect(choice?.logprobs.content[0]?.top_logprobs).toHaveLength(3);
  });

  it('stream in events that join to the same answer', async () => {
    const response = await fetch(`${server.url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify(
        ask("Qual è la capitale d'Italia?", { stream: true, stream_options: { include_usage: true } }),
      ),
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const events = (await response.text()).split('\n\n').filter((event) => event !== '');
    expect(events.at(-1)).toBe('data: [DONE]');
    const chunks = events.slice(0, -1).map((event) => parsed(event.slice('data: '.length)));
    const text = chunks.flatMap((chunk) => chunk.choices).map(({ delta }) => delta.content ?? '');
    expect(text.join('')).toBe("La capitale d'Italia è Roma.");
    expect(chunks.at(-1)?.usage.completion_tokens).toBe(7);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('hold to a schema, stop at texts, repeat with a seed', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string', maxLength: 10 }, old: { type: 'boolean' } },
      required: ['city', 'old'],
    };
    const format = { type: 'json_schema', json_schema: { name: 'city', schema } };
    const hot = { temperature: 1.2, seed: 5, max_tokens: 80 };
    const first = await post('/chat/completions', ask('Una città?', { ...hot, response_format: format }));
    const value = JSON.parse(first.body.choices[0]?.message.content ?? '') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['city', 'old']);
    expect(typeof value['old']).toBe('boolean');
    const again = await post('/chat/completions', ask('Una città?', { ...hot, response_format: format }));
    expect(again.body.choices[0]?.message).toEqual(first.body.choices[0]?.message);
    const cut = await post('/chat/completions', ask('What is the capital of France?', { stop: 'France' }));
    expect(cut.body.choices[0]?.message.content).toBe('The capital of ');
  });
});

describe('completions', () => {
  it('score their prompt as PyTorch does, given as text and as ids', async () => {
    const { text, ids, logProbabilities } = expectedTiny.score;
    for (const prompt of [text, ids]) {
      const { body } = await post('/completions', { prompt, echo: true, logprobs: 1, max_tokens: 0 });
      const { tokens, token_logprobs: given } = body.choices[0]?.logprobs ?? {
        tokens: [],
        token_logprobs: [],
      };
      expect(body.choices[0]?.text).toBe(text);
      expect(tokens.join('')).toBe(text);
      expect(given[0]).toBeNull();
      for (const [index, value] of logProbabilities.entries()) {
        expect(Math.abs((given[index + 1] ?? Number.NaN) - value)).toBeLessThan(0.02);
      }
    }
  });

  it('take several prompts at once and count what they generate', async () => {
    const { ids } = expectedTiny.score;
    const { body } = await post('/completions', {
      prompt: [ids.slice(0, 4), ids.slice(0, 6)],
      echo: true,
      logprobs: 1,
      max_tokens: 1,
      temperature: 0,
    });
    expect(body.choices.map(({ logprobs }) => logprobs.tokens.length)).toEqual([5, 7]);
    expect(body.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 2 });
  });
});

describe('embeddings', () => {
  it('are vectors of length 1, the same for the same text', async () => {
    const { body } = await post('/embeddings', { input: ['Roma', 'Roma', 'wolf'] });
    const [a = [], b, c] = body.data.map(({ embedding }): readonly number[] => embedding);
    expect(a).toHaveLength(192);
    expect(Math.hypot(...a)).toBeCloseTo(1, 5);
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
    const packed = await post('/embeddings', { input: 'Roma', encoding_format: 'base64' });
    const bytes = Buffer.from(packed.body.data[0]?.embedding ?? '', 'base64');
    expect(bytes.readFloatLE(0)).toBeCloseTo(a[0] ?? Number.NaN, 6);
    expect(bytes).toHaveLength(192 * 4);
  });
});

describe('models', () => {
  it('are listed, and latest is the newest one, checkpoints first, without a restart', async () => {
    const listed = parsed(await (await fetch(`${server.url}/models`)).text());
    expect(listed.data.map(({ id }) => id)).toEqual(['latest', 'models/tiny.gguf']);
    const second = join(folder.path, 'models/newer.gguf');
    await copyFile(tinyModelPath, second);
    await utimes(second, new Date(), new Date(Date.now() + 60_000));
    const { body } = await post('/chat/completions', ask('Ciao!'));
    expect(body.model).toBe('models/newer.gguf');
    const one = parsed(await (await fetch(`${server.url}/models/latest`)).text());
    expect(one.id).toBe('models/newer.gguf');
  });
});

describe('what is refused', () => {
  it.each([
    ['a model that is none', { ...ask('x'), model: 'gpt-9' }, 404],
    ['no messages', { model: 'latest', messages: [] }, 400],
    ['a role of its own', { messages: [{ role: 'king', content: 'x' }] }, 400],
    ['an image', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }, 400],
    ['no JSON', '{"model":', 400],
    ['a million characters', ask('x'.repeat(1_000_000)), 400],
    [
      'a schema that is none',
      ask('x', { response_format: { type: 'json_schema', json_schema: { schema: 7 } } }),
      400,
    ],
    ['a body beyond the limit', 'x'.repeat(17 * 1024 * 1024), 413],
  ])('%s', async (_, body, status) => {
    const answer = await post('/chat/completions', body).catch(() => ({ status: 413, body: { error: {} } }));
    expect(answer.status).toBe(status);
    expect(answer.body.error).toBeDefined();
  });

  it('foreign names and pages, and missing keys', async () => {
    const { port } = server;
    const status = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = httpRequest({ host: '127.0.0.1', port, path: '/v1/models', headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        sent.on('error', reject);
        sent.end();
      });
    expect(await status({ host: `127.0.0.1:${port}` })).toBe(200);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' })).toBe(403);
    const closed = await startOpenaiServer({
      engine,
      models: { list: async () => [] },
      port: 0,
      token: 'a secret key',
    });
    const bare = await fetch(`${closed.url}/models`);
    expect(bare.status).toBe(401);
    const keyed = await fetch(`${closed.url}/models`, { headers: { authorization: 'Bearer a secret key' } });
    expect(keyed.status).toBe(200);
    const taken = startOpenaiServer({
      engine,
      models: { list: async () => [] },
      port: closed.port,
      token: null,
    });
    await expect(taken).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await closed.close();
  });

  it('a client that leaves ends its answer', async () => {
    const leaving = new AbortController();
    const endless = {
      prompt: 'Anna',
      max_tokens: 100_000,
      temperature: 1.5,
      seed: 4,
      logprobs: 20,
      stream: true,
      logit_bias: { 1: -100, 3: -100 },
    };
    const response = await fetch(`${server.url}/completions`, {
      method: 'POST',
      body: JSON.stringify(endless),
      signal: leaving.signal,
    });
    leaving.abort();
    await expect(response.text()).rejects.toThrow();
    expect((await post('/chat/completions', ask('Ciao!'))).body.choices[0]?.message.content).toBe(
      'Ciao! Come posso aiutarti?',
    );
  });
});

describe('from the studio', () => {
  it('starts once, says where it is, and stops', async () => {
    await using studio = await startTestCore();
    await studio.client.workspace.open({ path: folder.path });
    const { openaiServer } = studio.client;
    expect(await openaiServer.state()).toMatchObject({ url: null, needsToken: false });
    const started = await openaiServer.start({ port: 0 });
    expect(await openaiServer.start({ port: 0 })).toEqual(started);
    const listed = await fetch(`${started.url}/models`);
    expect(listed.status).toBe(200);
    expect((await openaiServer.state()).requests).toBe(1);
    expect(await openaiServer.stop()).toMatchObject({ url: null });
    await expect(fetch(`${started.url}/models`)).rejects.toThrow();
  });
});
