// Tokenizers through core and real token children: listing a workspace, counting, cancel, death, damaged files.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../core/api/errors.ts';
import { cutText } from '../../core/lib/tokenizers/cut-text.ts';
import { countTokens } from '../../core/services/tokenizers/count-tokens.ts';
import { unpackTokens } from '../../core/rpc/token-columns.ts';
import { exactMeter } from '../../core/services/tokenizers/exact-meter.ts';
import { loadTokenizer } from '../../core/services/tokenizers/load-tokenizer.ts';
import { startTokenWorkers } from '../../core/services/tokenizers/routes.ts';
import { createTokenWorkers, type TokenWorkers } from '../../core/services/tokenizers/token-workers.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { childPids } from '../support/processes.ts';
import { slowChildren } from '../support/slow-child.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  waitFor,
} from '../support/test-core.ts';
import { loadFixture, tokenizerFixtures, tokenizerTexts } from '../support/tokenizer-fixtures.ts';

let studio: TestCore;
let folder: TestFolder;
let workers: TokenWorkers;
const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;
const fixture = (name: string) => join(tokenizerFixtures, name);

beforeAll(async () => {
  ensureChildBuilt('native-tokens', 'core/services/tokenizers');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await mkdir(join(folder.path, 'models'));
  await mkdir(join(folder.path, 'tokenizers'));
  await cp(fixture('byte-level'), join(folder.path, 'models', 'tiny'), { recursive: true });
  await writeFile(join(folder.path, 'models', 'tiny', 'tokenizer_config.json'), '{"eos_token":"x"}');
  await cp(join(fixture('unigram'), 'tokenizer.json'), join(folder.path, 'tokenizers', 'pieces.json'));
  await studio.client.workspace.open({ path: folder.path });
  workers = createTokenWorkers({ spawn: () => spawnChild(repositoryFolder, 'native-tokens'), size: 2 });
});

afterAll(async () => {
  await workers.dispose();
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Time of the processor in this process, which other programs do not change much, in microseconds. */
async function cpuTimeOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

describe('the list', () => {
  it('names every tokenizer with its kind, size, hash and special tokens', async () => {
    const found = await studio.client.tokenizers.list();
    expect(
      found.map(({ path, name, kind, vocabularySize }) => ({ path, name, kind, vocabularySize })),
    ).toEqual([
      { path: 'models/tiny/tokenizer.json', name: 'tiny', kind: 'BPE', vocabularySize: 700 },
      { path: 'tokenizers/pieces.json', name: 'pieces', kind: 'Unigram', vocabularySize: 420 },
    ]);
    expect(found[0]?.specialTokens).toEqual([
      { id: 0, token: '<|begin_of_text|>' },
      { id: 1, token: '<|end_of_text|>' },
    ]);
    expect(found[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('shows a damaged one with what is wrong, and reads it again when it changed', async () => {
    const path = join(folder.path, 'tokenizers', 'zz-broken.json');
    const problems = async () => {
      const found = await studio.client.tokenizers.list();
      return found.find(({ name }) => name === 'zz-broken')?.problem;
    };
    for (const [text, problem] of [
      ['', 'zz-broken.json is not valid JSON'],
      ['{"model":{"type":"BPE"', 'zz-broken.json is not valid JSON'],
      ['[1,2]', 'zz-broken.json is not valid JSON'],
      [
        '{"model":{"type":"Nobody","vocab":null}}',
        'zz-broken.json describes a tokenizer that cannot be used here',
      ],
      ['{"model":{}} ', 'zz-broken.json describes a tokenizer that cannot be used here'],
      ['\0\u0001\u0002GGUF', 'zz-broken.json is not valid JSON'],
    ] as const) {
      await writeFile(path, text);
      expect(await problems()).toBe(problem);
    }
    await writeFile(path, await readFile(join(fixture('gpt2'), 'tokenizer.json')));
    expect(await problems()).toBeNull();
  });

  it('spells ids as the vocabulary does', async () => {
    const { tokenizer } = loadFixture('byte-level');
    const ids = Array.from(tokenizer.encode(' the'));
    const answer = await studio.client.tokenizers.tokens({
      tokenizer: 'models/tiny/tokenizer.json',
      ids: [...ids, 70_000],
    });
    expect(answer.tokens).toEqual([...ids.map((id) => tokenizer.tokenOf(id)), null]);
    await expect(
      studio.client.tokenizers.tokens({ tokenizer: '../tokenizer.json', ids: [] }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('encoding', () => {
  it('sends ids, places and kinds as columns', async () => {
    const { expected } = loadFixture('byte-level');
    for (const key of ['emoji', 'special', 'empty']) {
      const { ids = [], starts = [], ends = [] } = expected[key] ?? {};
      const answer = await studio.client.tokenizers.encode({
        tokenizer: 'models/tiny/tokenizer.json',
        text: tokenizerTexts[key] ?? '',
      });
      const columns = await unpackTokens(answer.data, answer.tokens);
      expect(answer).toMatchObject({ tokens: ids.length, exact: true });
      expect([[...columns.ids], [...columns.starts], [...columns.ends]]).toEqual([ids, starts, ends]);
      expect(columns.kinds[0]).toBe(2);
    }
  });

  it('gives up a huge text when nobody waits any more, and answers the next question', async () => {
    const controller = new AbortController();
    const text = Object.values(tokenizerTexts).join(' ').repeat(3000);
    const encoding = studio.client.tokenizers.encode(
      { tokenizer: 'models/tiny/tokenizer.json', text },
      { signal: controller.signal },
    );
    using slow = slowChildren('native-tokens');
    await waitFor(async () => (await childPids('native-tokens')).length > 0);
    slow.hold();
    controller.abort();
    await expect(encoding).rejects.toMatchObject({ code: 'CANCELLED' });
    slow[Symbol.dispose]();
    const next = await studio.client.tokenizers.encode({
      tokenizer: 'models/tiny/tokenizer.json',
      text: 'a',
    });
    expect(next.tokens).toBe(2);
  });
});

describe('counting', () => {
  const texts = Object.values(tokenizerTexts);

  it.each(['byte-level', 'unigram', 'word-piece'])('gives the counts of Python with %s', async (name) => {
    const { expected } = loadFixture(name);
    const lengths = Object.keys(tokenizerTexts).map((key) => expected[key]?.ids.length);
    const many = Array.from({ length: 200 }, () => texts).flat();
    const counts = await countTokens(workers, many, fixture(name), { special: true });
    expect(Array.from(counts)).toEqual(Array.from({ length: 200 }, () => lengths).flat());
  });

  it('counts nothing, and one text far larger than a batch', async () => {
    expect(await countTokens(workers, [], fixture('byte-level'))).toHaveLength(0);
    const [one] = await countTokens(workers, ['harbour '.repeat(30_000)], fixture('byte-level'));
    const { tokenizer } = loadFixture('byte-level');
    expect(one).toBe(tokenizer.encode('harbour '.repeat(30_000)).length);
  });

  it('leaves core free, and can be cancelled in the middle', async () => {
    const many = Array.from(
      { length: 20_000 },
      (_, index) => `${texts[index % texts.length] ?? ''} ${index}`,
    );
    const controller = new AbortController();
    let done = 0;
    const there = await cpuTimeOf(async () => {
      const counting = countTokens(workers, many, fixture('byte-level'), {
        signal: controller.signal,
        onProgress: (count) => {
          done = count;
          if (count > 2000) controller.abort();
        },
      });
      await expect(counting).rejects.toMatchObject({ name: 'AbortError' });
    });
    expect(done).toBeLessThan(many.length);
    const { tokenizer } = await loadTokenizer(fixture('byte-level'));
    const here = await cpuTimeOf(() => many.slice(0, done).map((text) => tokenizer.encode(text).length));
    expect(there).toBeLessThan(here / 4);
    // What a person asks for next is answered.
    expect(await countTokens(workers, ['harbour'], fixture('byte-level'))).toHaveLength(1);
  });

  it('says what is wrong with a tokenizer that is missing or damaged', async () => {
    await expect(countTokens(workers, ['a', 'b'], join(folder.path, 'nothing'))).rejects.toThrow(
      code('NOT_FOUND'),
    );
    const damaged = join(folder.path, 'damaged.json');
    await writeFile(damaged, '{"model"');
    await expect(countTokens(workers, ['a'], damaged)).rejects.toThrow(code('CORRUPT_FILE'));
  });

  it('survives the death of a child', async () => {
    const own = startTokenWorkers(repositoryFolder);
    expect(await countTokens(own, ['harbour'], fixture('byte-level'))).toHaveLength(1);
    const [pid] = own.pids;
    const many = Array.from({ length: 20_000 }, () => texts.join(' '));
    const counting = countTokens(own, many, fixture('byte-level'), {
      onProgress: () => {
        if (pid !== undefined && own.pids.includes(pid)) process.kill(pid, 'SIGKILL');
      },
    });
    await expect(counting).rejects.toThrow(code('RUNTIME_DIED'));
    expect(await countTokens(own, ['harbour'], fixture('byte-level'))).toHaveLength(1);
    await own.dispose();
  });

  it('ends children that have nothing to do', async () => {
    const own = createTokenWorkers({
      spawn: () => spawnChild(repositoryFolder, 'native-tokens'),
      size: 1,
      idleMs: 50,
    });
    await countTokens(own, ['harbour'], fixture('byte-level'));
    expect(own.pids).toHaveLength(1);
    await waitFor(() => own.pids.length === 0);
    expect(await countTokens(own, ['harbour'], fixture('byte-level'))).toHaveLength(1);
    await own.dispose();
    expect(own.pids).toHaveLength(0);
  });
});

describe('a meter of judges', () => {
  const texts = Object.values(tokenizerTexts);
  it.each(['gpt2', 'byte-level', 'unigram', 'word-piece'])(
    'counts and cuts in a child as the tokenizer does here: %s',
    async (name) => {
      const meter = await exactMeter(workers, fixture(name));
      expect(meter.label).toMatch(new RegExp(`^${name} \\(SHA-256 [0-9a-f]{12}\\)$`));
      const { tokenizer } = await loadTokenizer(fixture(name));
      for (const text of ['', 'a', ...texts, texts.join(' ')]) {
        const ids = tokenizer.encode(text);
        expect(await meter.count(text)).toBe(ids.length);
        for (const limit of [0, 1, 7, ids.length - 1, ids.length]) {
          const cut = await meter.cut(text, limit);
          expect(cut).toEqual(cutText(tokenizer, text, limit));
          if (limit >= ids.length) expect(cut).toEqual({ text, tokens: ids.length });
        }
      }
    },
  );

  it('leaves this process free while a long text is cut', async () => {
    const meter = await exactMeter(workers, fixture('gpt2'));
    const { tokenizer } = await loadTokenizer(fixture('gpt2'));
    const text = Array.from({ length: 4000 }, (_, at) => `${at} ${texts[at % texts.length] ?? ''}`).join(' ');
    const there = await cpuTimeOf(() => meter.cut(text, 1000));
    const here = await cpuTimeOf(() => cutText(tokenizer, text, 1000));
    expect(there).toBeLessThan(here / 4);
  });
});
