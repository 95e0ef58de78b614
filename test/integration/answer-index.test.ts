// Indexes of files of answers: on files that are cut, changed, huge in one line, full of NaN or gone; and text that is searched in them.
import { appendFile, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIndex } from '../../core/services/evaluations/questions/build-index.ts';
import { createIndexStore } from '../../core/services/evaluations/questions/index-store.ts';
import { readQuestions, searchQuestions } from '../../core/services/evaluations/questions/read-lines.ts';
import { MAX_LINE_BYTES } from '../../core/services/evaluations/byte-lines.ts';
import { answerLine as line } from '../support/answer-line.ts';
import { temporaryFolder, type TestFolder } from '../support/test-core.ts';

describe('indexes of files of answers', () => {
  let folder: TestFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());
  const file = async (name: string, text: string | Buffer) => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  };
  const storeIn = (name: string) => createIndexStore({ cacheFolder: async () => join(folder.path, name) });

  test('lines that are no samples are named, all others stand where they are', async () => {
    const nan = line(3).replace('"acc":1', '"acc":NaN').replaceAll('"-1.0"', '"nan"');
    const path = await file(
      'broken.jsonl',
      [line(0), 'no JSON', '', line(1), '[1, 2]', nan, line(4), `${line(5).slice(0, 90)}`].join('\n'),
    );
    const index = await buildIndex(path);
    expect([...index.ids]).toEqual([0, 1, 3, 4]);
    expect([...(index.scores.get('acc') ?? [])]).toEqual([1, 1, Number.NaN, 1]);
    expect(index.problems.map(({ where, text }) => `${where}: ${text}`)).toEqual([
      'line 2: 2 lines are no sample',
      'line 8: The file ends in the middle of a line',
    ]);
    const rows = await readQuestions(path, index, [3, 0, 2]);
    expect(rows.map(({ id }) => id)).toEqual([4, 0, 3]);
    expect(rows[2]?.picks[0]?.pick).toBeNull();
    expect(rows[0]).toMatchObject({ gold: 1, subject: 'storia', prompt: 'Domanda 4' });
  });

  test('a line that is too long is left out and does not fill the memory', async () => {
    const path = await file('long.jsonl', `${line(0)}\n`);
    await appendFile(path, Buffer.alloc(MAX_LINE_BYTES + 10, 'x'));
    await appendFile(path, `\n${line(1)}\n`);
    const index = await buildIndex(path);
    expect([...index.ids]).toEqual([0, 1]);
    expect(index.problems[0]?.text).toContain('longer than can be read');
    expect((await readQuestions(path, index, [1]))[0]?.id).toBe(1);
    expect([...(await searchQuestions(path, index, 'DOMANDA 1'))]).toEqual([1]);
  });

  test('an empty file, binary and a folder are what they are', async () => {
    expect((await buildIndex(await file('empty.jsonl', ''))).problems[0]?.text).toBe('It holds no samples');
    const bytes = Buffer.from(Array.from({ length: 4000 }, (_, place) => (place * 37) % 256));
    expect((await buildIndex(await file('bytes.jsonl', bytes))).count).toBe(0);
    await expect(storeIn('none').open(join(folder.path, 'gone.jsonl'))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(storeIn('none').open(folder.path)).rejects.toThrow();
  });

  test('the index is kept, found by the next studio, and made anew when the file or the index changed', async () => {
    const path = await file('kept.jsonl', `${line(0)}\n${line(1)}\n`);
    let reads = 0;
    const store = () =>
      createIndexStore({
        cacheFolder: async () => join(folder.path, 'kept'),
        build: (...args) => {
          reads += 1;
          return buildIndex(...args);
        },
      });
    const one = store();
    const [a, b] = await Promise.all([one.open(path), one.open(path)]);
    expect(a).toBe(b);
    expect(await store().open(path)).toEqual(a);
    expect(reads).toBe(1);
    const [name = ''] = await readdir(join(folder.path, 'kept'));
    await writeFile(join(folder.path, 'kept', name), 'half an ind');
    expect((await store().open(path)).count).toBe(2);
    expect(reads).toBe(2);
    await appendFile(path, `${line(2)}\n`);
    expect((await one.open(path)).count).toBe(3);
    expect(reads).toBe(3);
    // What was read by an older index is never taken for the file that is there now.
    await utimes(path, new Date(), new Date(Date.now() - 60_000));
    await expect(readQuestions(path, a, [0])).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('who stops waiting ends the reading only when nobody else waits', async () => {
    const path = await file('many.jsonl', Array.from({ length: 3000 }, (_, id) => line(id)).join('\n'));
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let ended: unknown = null;
    const store = createIndexStore({
      cacheFolder: async () => join(folder.path, 'many'),
      build: async (place, options) => {
        options.signal?.addEventListener('abort', () => {
          ended = options.signal?.reason;
        });
        await gate;
        return buildIndex(place, options);
      },
    });
    const [leaving, staying] = [new AbortController(), new AbortController()];
    const left = store.open(path, { signal: leaving.signal });
    const stayed = store.open(path, { signal: staying.signal });
    leaving.abort();
    await expect(left).rejects.toMatchObject({ name: 'AbortError' });
    expect(ended).toBeNull();
    open();
    expect((await stayed).count).toBe(3000);
    await expect(store.open(path, { signal: leaving.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('text is found in prompts, choices and answers, escaped or not, and in nothing else', async () => {
    const escaped = line(2).replaceAll('sì', 's\\u00ec').replace('Domanda 2', 'Citt\\u00E0 2');
    const path = await file('search.jsonl', `${line(0)}\n${escaped}\n${line(7, { target: 'Perù' })}\n`);
    const index = await buildIndex(path);
    const found = async (text: string) => [...(await searchQuestions(path, index, text))];
    expect(await found('SÌ')).toEqual([0, 1, 2]);
    expect(await found('domanda 0')).toEqual([0]);
    expect(await found('perù')).toEqual([2]);
    expect(await found('doc_id')).toEqual([]);
    expect(await found('"')).toEqual([]);
  });
});
