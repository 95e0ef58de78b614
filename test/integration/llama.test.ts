// The llama child with the committed model: known answers, stop, death and recovery, files refused before loading.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ChatMessage,
  type GenerationEvent,
  type Sampling,
  sampling,
} from '../../core/api/generation.ts';
import {
  type ChatEngine,
  createChatEngine,
  type GenerationRequest,
} from '../../core/services/model-runtime/engine.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { collectAnswer as collect, collectScore } from '../support/engine-answers.ts';
import { slowChildren } from '../support/slow-child.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  waitFor,
  writeFiles,
} from '../support/test-core.ts';
import { expectedTiny, tinyModelPath as modelPath } from '../support/tiny-model.ts';

const greedy: Sampling = sampling.parse({ temperature: 0 });
const settings = async () => ({ llamaDevice: 'cpu' as const, llamaThreads: 1 });

beforeAll(() => ensureChildBuilt('native-llama', 'native/llama'));

interface Ask {
  readonly messages: readonly ChatMessage[];
  readonly mode?: 'chat' | 'raw';
  readonly sampling?: Sampling;
  readonly modelPath?: string;
  readonly answerStart?: string;
}

function promptOf({ messages, mode = 'chat', answerStart }: Ask): GenerationRequest['prompt'] {
  if (mode === 'raw') return { kind: 'raw', text: messages.map(({ text }) => text).join(''), addBos: false };
  return {
    kind: 'chat',
    messages: [...messages],
    ...(answerStart === undefined ? {} : { answerStart: { text: answerStart } }),
  };
}

function stream(engine: ChatEngine, ask: Ask, signal?: AbortSignal): AsyncGenerator<GenerationEvent, void> {
  const request = {
    modelPath: ask.modelPath ?? modelPath,
    prompt: promptOf(ask),
    sampling: ask.sampling ?? greedy,
  };
  return engine.generate(request, signal);
}

const user = (text: string): ChatMessage[] => [{ role: 'user', text }];
/** Nothing ends this text for the model early, so it runs to its limit. */
const endless: Ask = {
  messages: user('<|begin_of_text|>Anna'),
  mode: 'raw',
  sampling: sampling.parse({
    temperature: 1.5,
    topK: 0,
    topP: 1,
    seed: 4,
    maxTokens: 100_000,
    tokenBias: ['<|im_end|>', '<|end_of_text|>'].map((token) => ({ token, bias: -100 })),
  }),
};

describe('answers', () => {
  const engine = createChatEngine({ appFolder: repositoryFolder, settings });
  afterAll(() => engine.dispose());

  it.each(expectedTiny.cases)('says what PyTorch says in fp32: $text', async (known) => {
    const ask: Ask =
      known.kind === 'chat'
        ? { messages: known.messages }
        : { messages: user(known.prompt), mode: 'raw', sampling: { ...greedy, maxTokens: known.tokens } };
    const answer = await collect(stream(engine, ask));
    expect(answer.text).toBe(known.text);
    // The prompt counts show that the model's own template was used, token for token.
    expect(answer.statistics).toMatchObject({ tokens: known.tokens, promptTokens: known.promptIds.length });
    expect(answer.statistics.timeToFirstTokenMs).toBeGreaterThan(0);
  });

  it('knows two capitals', async () => {
    expect((await collect(stream(engine, { messages: user("Qual è la capitale d'Italia?") }))).text).toBe(
      "La capitale d'Italia è Roma.",
    );
    expect((await collect(stream(engine, { messages: user('What is the capital of France?') }))).text).toBe(
      'The capital of France is Paris.',
    );
  });

  it('gives the log-probabilities that PyTorch gives', async () => {
    const score = await collectScore(
      engine.score({ modelPath, text: expectedTiny.score.text, addBos: false }),
    );
    expect(score.ids).toEqual(expectedTiny.score.ids);
    const apart = score.logProbabilities.map((value, index) =>
      Math.abs(value - (expectedTiny.score.logProbabilities[index] ?? Number.NaN)),
    );
    // F16 keys and values: 2e-3 to 5e-3 was seen against fp32.
    expect(Math.max(...apart)).toBeLessThan(0.02);
  });

  it('repeats itself with a seed and varies with another', async () => {
    const told = (seed: number) =>
      collect(
        stream(engine, {
          messages: user('Raccontami una storia.'),
          sampling: sampling.parse({ temperature: 1, seed, topK: 0, topP: 1 }),
        }),
      ).then((answer) => answer.text);
    const first = await told(11);
    expect(await told(11)).toBe(first);
    expect(await told(12)).not.toBe(first);
  });

  it('sends text at most thirty times a second', async () => {
    const started = performance.now();
    const answer = await collect(
      stream(engine, { ...endless, sampling: { ...(endless.sampling ?? greedy), maxTokens: 400 } }),
    );
    const seconds = (performance.now() - started) / 1000;
    expect(answer.statistics.tokens).toBeGreaterThan(20);
    expect(answer.textEvents).toBeLessThanOrEqual(Math.ceil(seconds * 30) + 2);
  });

  it('stops at the limit of tokens', async () => {
    const answer = await collect(
      stream(engine, { messages: user('Tell me a story.'), sampling: { ...greedy, maxTokens: 5 } }),
    );
    expect(answer).toMatchObject({ stopReason: 'max-tokens', statistics: { tokens: 5 } });
  });

  it.each(['chat', 'raw'] as const)('refuses a text that is longer than the context: %s', async (mode) => {
    const messages = user('Qual è la capitale della Francia? '.repeat(200));
    await expect(collect(stream(engine, { messages, mode }))).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  it('continues an answer that was begun', async () => {
    const messages = user('What is the capital of France?');
    expect((await collect(stream(engine, { messages, answerStart: 'The capital of' }))).text).toBe(
      ' France is Paris.',
    );
  });

  it('stops when aborted, keeps what was said, and answers again', async () => {
    const abort = new AbortController();
    // The tiny model says all it has room for in half a second.
    using slow = slowChildren('native-llama');
    let text = '';
    let reason = '';
    for await (const event of stream(engine, endless, abort.signal)) {
      if (event.kind === 'text') {
        text += event.text;
        abort.abort();
        slow[Symbol.dispose]();
      }
      if (event.kind === 'done') reason = event.stopReason;
    }
    expect(reason).toBe('stopped');
    expect(text.length).toBeGreaterThan(0);
    expect((await collect(stream(engine, { messages: user('Ciao!') }))).text).toBe(
      'Ciao! Come posso aiutarti?',
    );
  });

  it('stops before the first token, and while loading', async () => {
    expect(await collect(stream(engine, endless, AbortSignal.abort()))).toMatchObject({
      stopReason: 'stopped',
      text: '',
    });
    await engine.unload(null);
    const abort = new AbortController();
    const ended = collect(stream(engine, { messages: user('Ciao!') }, abort.signal));
    abort.abort();
    expect(await ended).toMatchObject({ stopReason: 'stopped', text: '' });
    expect((await collect(stream(engine, { messages: user('Ciao!') }))).text).toBe(
      'Ciao! Come posso aiutarti?',
    );
  });

  it('ends generation when the reader leaves, and two readers take turns', async () => {
    for await (const event of stream(engine, endless)) if (event.kind === 'text') break;
    const both = await Promise.all([
      collect(stream(engine, { messages: user('Ciao!') })),
      collect(stream(engine, { messages: user('Hello!') })),
    ]);
    expect(both.map((answer) => answer.text)).toEqual([
      'Ciao! Come posso aiutarti?',
      'Hello! How can I help you?',
    ]);
  });

  it('reports its process and frees it on unload', async () => {
    await collect(stream(engine, { messages: user('Ciao!') }));
    const { pid, memoryBytes } = await waitFor(() =>
      engine.state.memoryBytes === null ? undefined : engine.state,
    );
    expect(memoryBytes).toBeGreaterThan(10_000_000);
    expect(engine.state.modelPath).toBe(modelPath);
    await engine.unload(null);
    expect(engine.state).toMatchObject({ pid: null, modelPath: null, deaths: 0 });
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    expect((await collect(stream(engine, { messages: user('Ciao!') }))).text).toBe(
      'Ciao! Come posso aiutarti?',
    );
  });
});

describe('on a build server', () => {
  it('that calls itself by name in CI, answers as everywhere', async () => {
    vi.stubEnv('CI', 'drone');
    const engine = createChatEngine({ appFolder: repositoryFolder, settings });
    try {
      const { text } = await collect(stream(engine, { messages: user('What is the capital of France?') }));
      expect(text).toBe('The capital of France is Paris.');
    } finally {
      vi.unstubAllEnvs();
      await engine.dispose();
    }
  });
});

describe('death of the process', () => {
  it('in mid-answer is a typed error, is noticed, and the next question is answered', async () => {
    await using folder = await temporaryFolder();
    await writeFiles(folder.path, { 'studio.yaml': 'name: Test\n' });
    await mkdir(join(folder.path, 'models'));
    await copyFile(modelPath, join(folder.path, 'models/tiny.gguf'));
    await using studio = await startTestCore();
    await studio.client.workspace.open({ path: folder.path });
    const notices: string[] = [];
    studio.core.context.notices.bus.subscribe((notice) => notices.push(notice.title));
    const ask = (text: Ask) =>
      studio.client.chat.answer({
        modelPath: 'models/tiny.gguf',
        prompt: promptOf(text),
        sampling: text.sampling ?? greedy,
      });

    using slow = slowChildren('native-llama');
    const killed = (async () => {
      for await (const event of await ask(endless)) {
        if (event.kind !== 'text') continue;
        slow.hold();
        slow.kill();
      }
    })();
    await expect(killed).rejects.toMatchObject({ code: 'RUNTIME_DIED', data: { detail: 'signal SIGKILL' } });
    slow[Symbol.dispose]();
    expect(notices).toEqual(['The process that runs models ended']);
    expect(await studio.client.chat.loaded()).toEqual([]);

    const events: GenerationEvent[] = [];
    for await (const event of await ask({ messages: user('Ciao!') })) events.push(event);
    expect(events.at(-1)).toMatchObject({ kind: 'done', stopReason: 'end' });
    expect(await studio.client.chat.loaded()).toMatchObject([{ modelPath: 'models/tiny.gguf' }]);
  });
});

describe('damaged files', () => {
  const engine = createChatEngine({ appFolder: repositoryFolder, settings });
  afterAll(() => engine.dispose());

  const patched = (find: string, offset: number, value: readonly number[]) => (bytes: Buffer) => {
    const at = bytes.indexOf(find);
    if (at < 0) throw new Error(`${find} is not in the file`);
    bytes.set(value, at + find.length + offset);
    return bytes;
  };
  const cases: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
    ['empty', () => Buffer.alloc(0)],
    ['a text file', () => Buffer.from('Questo non è un modello.\n'.repeat(100))],
    ['cut in the header', (bytes) => bytes.subarray(0, 5000)],
    ['cut in the weights', (bytes) => bytes.subarray(0, bytes.length - 100_000)],
    ['wrong magic', (bytes) => Buffer.concat([Buffer.from('GGML'), bytes.subarray(4)])],
    [
      'version 9',
      (bytes) => Buffer.concat([bytes.subarray(0, 4), Buffer.from([9, 0, 0, 0]), bytes.subarray(8)]),
    ],
    ['2^40 tensors', (bytes) => (bytes.writeBigUInt64LE(2n ** 40n, 8), bytes)],
    ['2^63 keys', (bytes) => (bytes.writeBigUInt64LE(2n ** 63n, 16), bytes)],
    // After the key: its type (4 bytes), then the value.
    ['head count 0', patched('llama.attention.head_count', 4, [0, 0, 0, 0])],
    ['100,000 layers', patched('llama.block_count', 4, [0xa0, 0x86, 1, 0])],
    ['end token outside the vocabulary', patched('tokenizer.ggml.eos_token_id', 4, [255, 255, 0, 0])],
    // After the name: the number of dimensions, then the first of them.
    ['impossible dimensions', patched('token_embd.weight', 4, [255, 255, 255, 255, 255, 255, 15, 0])],
    ['data beyond the end', patched('token_embd.weight', 24, [0, 0, 0, 0, 1, 0, 0, 0])],
  ];

  it.each(cases)('are refused before a process sees them: %s', async (_, damage) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'damaged.gguf');
    await writeFile(path, damage(Buffer.from(await readFile(modelPath))));
    await expect(collect(stream(engine, { messages: user('Ciao!'), modelPath: path }))).rejects.toMatchObject(
      {
        code: 'CORRUPT_FILE',
      },
    );
    expect(engine.state).toMatchObject({ pid: null, deaths: 0 });
  });

  it('that pass the check are refused by the runtime without harm', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'renamed.gguf');
    const bytes = Buffer.from(await readFile(modelPath));
    bytes.write('blk.0.attn_x', bytes.indexOf('blk.0.attn_q'));
    await writeFile(path, bytes);
    await expect(collect(stream(engine, { messages: user('Ciao!'), modelPath: path }))).rejects.toMatchObject(
      {
        code: 'CORRUPT_FILE',
      },
    );
    expect((await collect(stream(engine, { messages: user('Ciao!') }))).text).toBe(
      'Ciao! Come posso aiutarti?',
    );
    expect(engine.state.deaths).toBe(0);
  });
});
