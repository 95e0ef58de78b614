// Data files that are cut, empty, of another kind or one endless line: what is wrong is said, what is right is shown.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { byteLines } from '../../../core/services/evaluations/byte-lines.ts';
import { linesOf } from '../../../core/services/evaluations/lines.ts';
import { readRecipe } from '../../../core/services/quality/recipe-files.ts';
import { loadHead } from '../../../core/services/scoring/head-sources.ts';
import { loadTokenizer } from '../../../core/services/tokenizers/load-tokenizer.ts';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { eventOf } from '../../support/event-of.ts';
import { childPids, peakMemoryBytes } from '../../support/processes.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  waitFor,
} from '../../support/test-core.ts';
import { expectRefusal, runNesso } from '../cli-process.ts';

const sample = join(repositoryFolder, 'resources', 'sample-workspace', 'data');
let state: TestFolder;
let folder: TestFolder;
let studio: TestCore;
const at = (name: string) => join(folder.path, name);
const head = (name: string) => runNesso(state.path, 'data', 'head', at(name), '--json');

beforeAll(async () => {
  ensureBuilt();
  state = await temporaryFolder();
  folder = await temporaryFolder();
  studio = await startTestCore();
  await studio.client.workspace.open({ path: folder.path });
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
  await state[Symbol.asyncDispose]();
});

async function openInCore(path: string) {
  return (await eventOf(studio.client.datasets.open({ path }), 'ready')).dataset;
}

describe('refused with the reason', () => {
  const text = Buffer.from('{"text":"words and more words"}\n'.repeat(2000));
  const picture = Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), Buffer.alloc(5000, 7)]);
  // Every byte value, in an order that is no pattern.
  const noise = Buffer.from(
    Uint8Array.from({ length: 20_000 }, (_, place) => (place * 197 + place ** 2) % 256),
  );
  const cases: readonly (readonly [string, () => Promise<Buffer> | Buffer, string, RegExp])[] = [
    ['empty.parquet', () => Buffer.alloc(0), 'CORRUPT_FILE', /empty/],
    ['four.parquet', () => Buffer.from('PAR1'), 'CORRUPT_FILE', /cut off/],
    ['text.parquet', () => text, 'CORRUPT_FILE', /not a Parquet file/],
    [
      'half.parquet',
      async () => halfOf(await readFile(join(sample, 'documents.parquet'))),
      'CORRUPT_FILE',
      /cut off/,
    ],
    ['hollow.parquet', () => Buffer.from(`PAR1${'\0'.repeat(4000)}PAR1`), 'CORRUPT_FILE', /./],
    [
      'length.parquet',
      () => Buffer.from('PAR1\u0000\u0000\u0000\u0000\u007f\u007f\u007f\u007fPAR1', 'latin1'),
      'CORRUPT_FILE',
      /./,
    ],
    ['empty.jsonl.gz', () => Buffer.alloc(0), 'CORRUPT_FILE', /empty/],
    ['cut.jsonl.gz', () => halfOf(gzipSync(text)), 'CORRUPT_FILE', /cut off/],
    ['plain.jsonl.gz', () => text, 'CORRUPT_FILE', /not compressed/],
    ['empty.jsonl.zst', () => Buffer.alloc(0), 'CORRUPT_FILE', /empty/],
    [
      'picture.png',
      () => Buffer.from([0x89, 0x50, 0x4e, 0x47]),
      'INVALID_INPUT',
      /cannot be opened as data\. It is a PNG picture/,
    ],
    [
      'words.txt',
      () => Buffer.from('only words\n'),
      'INVALID_INPUT',
      /neither Parquet, Arrow, JSON lines nor CSV/,
    ],
    ['picture.csv', () => picture, 'INVALID_INPUT', /It is a PNG picture/],
    [
      'archive.jsonl',
      () => Buffer.from('PK\u0003\u0004\u0014\0\0\0', 'latin1'),
      'INVALID_INPUT',
      /It is a ZIP/,
    ],
    ['paper.tsv', () => Buffer.from('%PDF-1.7\n1 0 obj'), 'INVALID_INPUT', /It is a PDF/],
    ['picture.jsonl.gz', () => gzipSync(picture), 'INVALID_INPUT', /What is packed in it is a PNG/],
    ['noise.csv.gz', () => gzipSync(noise), 'INVALID_INPUT', /What is packed in it is a binary file/],
    [
      'table.parquet.gz',
      async () => gzipSync(await readFile(join(sample, 'documents.parquet'))),
      'INVALID_INPUT',
      /What is packed in it is a Parquet file/,
    ],
    ['noise.csv', () => noise, 'INVALID_INPUT', /It is a binary file/],
    ['wide.csv', () => Buffer.from('id,text\n1,ciao\n', 'utf16le'), 'INVALID_INPUT', /UTF-16/],
    ['wide.jsonl', () => Buffer.from('\uFEFF{"text":"ciao"}\n', 'utf16le'), 'INVALID_INPUT', /UTF-16/],
    ['zeros.csv', () => Buffer.alloc(300_000), 'INVALID_INPUT', /zero bytes only/],
    ['zeros.jsonl', () => Buffer.alloc(10), 'INVALID_INPUT', /zero bytes only/],
  ];
  it.each(cases)('%s', async (name, bytes, code, message) => {
    const written = await bytes();
    await writeFile(at(name), written);
    const error = expectRefusal(await head(name));
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string, path: at(name) });
    expect(error.message).toContain(name);
    await expect(openInCore(name)).rejects.toMatchObject({ code });
    expect((await readFile(at(name))).equals(written)).toBe(true);
  });
});

it('a named pipe where a recipe, a head, a tokenizer or answers are expected is refused, and nobody waits for a writer', async ({
  skip,
}) => {
  if (process.platform === 'win32') return skip('pipes have no names in folders here');
  execFileSync('mkfifo', [at('pipe')]);
  const refusal = { code: 'INVALID_INPUT', message: 'pipe is a named pipe, not a file' };
  await expect(readRecipe(at('pipe'))).rejects.toMatchObject(refusal);
  await expect(loadHead({ name: 'pipe', path: at('pipe') })).rejects.toMatchObject(refusal);
  await expect(loadTokenizer(at('pipe'))).rejects.toMatchObject(refusal);
  await expect(linesOf(at('pipe')).next()).rejects.toMatchObject(refusal);
  await expect(byteLines(at('pipe')).next()).rejects.toMatchObject(refusal);
});

function halfOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

describe('shown as far as it is right', () => {
  const shape = z.object({
    rows: z.number(),
    brokenLines: z.object({
      count: z.number(),
      first: z.array(z.object({ line: z.number(), reason: z.string() })),
    }),
    head: z.array(z.record(z.string(), z.unknown())),
  });

  it('JSON lines among broken ones: counted, named by line, skipped', async () => {
    const lines = ['{"a":1}', '{"a":', 'words', '', '{"a":2}', '[3]', '"text"', '{"a":4} trailing'];
    await writeFile(at('mixed.jsonl'), lines.join('\n'));
    const { rows, brokenLines, head: rowsShown } = shape.parse((await head('mixed.jsonl')).json());
    expect(rowsShown).toEqual([{ a: 1 }, { a: 2 }]);
    expect([rows, brokenLines.count]).toEqual([2, 5]);
    expect(brokenLines.first.map(({ line }) => line)).toEqual([2, 3, 6, 7, 8]);
  });

  it('a CSV with another name: every line is counted as broken, none is shown', async () => {
    await writeFile(at('table.jsonl'), 'id,text\n1,ciao\n2,mondo\n');
    const { rows, brokenLines } = shape.parse((await head('table.jsonl')).json());
    expect([rows, brokenLines.count]).toEqual([0, 3]);
  });

  it('columns that are called as what every object has: their fields are shown, and their numbers counted', async () => {
    const line = '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}},"toString":3}\n';
    await writeFile(at('names.jsonl'), line.repeat(3));
    const { rows, head: shown } = shape.parse((await head('names.jsonl')).json());
    expect(rows).toBe(3);
    expect(shown[2]).toEqual({ '__proto__.a': 1, 'constructor.prototype.b': 2, toString: 3 });
    const { columns } = await openInCore('names.jsonl');
    expect(columns.map(({ numeric }) => numeric)).toEqual([true, true, true]);
    expect(Object.prototype).not.toHaveProperty('a');
  });

  it('JSON lines that a crash left with zeros at their end: the lines before are shown', async () => {
    await writeFile(
      at('crashed.jsonl'),
      Buffer.concat([Buffer.from('{"a":1}\n{"a":2}\n'), Buffer.alloc(3000)]),
    );
    const { rows, head: shown } = shape.parse((await head('crashed.jsonl')).json());
    expect([rows, shown]).toEqual([2, [{ a: 1 }, { a: 2 }]]);
  });

  it('a CSV of another encoding or with a rare separator is text all the same', async () => {
    await writeFile(at('hive.csv'), 'id\u0001text\n1\u0001ciao\n');
    await writeFile(at('marked.csv'), '\uFEFFid,text\n1,però\n');
    expect(await openInCore('hive.csv')).toMatchObject({ format: 'csv' });
    expect(await openInCore('marked.csv')).toMatchObject({ format: 'csv', rows: 1 });
  });

  it('a Parquet with the name of JSON lines is read as what it is', async () => {
    await writeFile(at('really-parquet.jsonl'), await readFile(join(sample, 'documents.parquet')));
    expect(await openInCore('really-parquet.jsonl')).toMatchObject({ format: 'parquet', rows: 448 });
  });

  it('one line of 40 MB is skipped as too long, one of 200 MB named and refused, neither held in memory twice over', async () => {
    const write = async (name: string, megabytes: number): Promise<void> => {
      const out = createWriteStream(at(name));
      out.write('{"a":1}\n{"a":"');
      for (let part = 0; part < megabytes; part += 1) {
        if (!out.write('x'.repeat(1_000_000))) await once(out, 'drain');
      }
      out.end('"}\n{"a":2}\n');
      await once(out, 'close');
    };
    await write('skipped.jsonl', 40);
    const dataset = await openInCore('skipped.jsonl');
    expect(dataset).toMatchObject({ rows: 2, brokenLines: { count: 1, first: [{ line: 2 }] } });
    expect(dataset.brokenLines.first[0]?.excerpt.length).toBeLessThan(1000);
    await write('endless.jsonl', 200);
    await expect(openInCore('endless.jsonl')).rejects.toMatchObject({
      code: 'TOO_LARGE',
      message: expect.stringMatching(/^Line 2 of endless\.jsonl has 191 MiB/),
    });
    expect(process.memoryUsage.rss()).toBeLessThan(1_500_000_000);
    const [pid] = await childPids('native-duckdb');
    const peak = await peakMemoryBytes(pid ?? 0);
    if (peak !== null) expect(peak).toBeLessThan(1_500_000_000);
  });
});

describe('the process that reads data, killed in mid-request', () => {
  it('is a typed error, a notice, and the next request works in the same core', async () => {
    const line = `${JSON.stringify({ text: 'parola '.repeat(60), score: 1.5 })}\n`;
    await writeFile(at('long.jsonl'), line.repeat(150_000));
    const titles: string[] = [];
    studio.core.context.notices.bus.subscribe((notice) => titles.push(notice.title));
    const before = await childPids('native-duckdb');
    const opening = (async () => {
      for await (const event of await studio.client.datasets.open({ path: 'long.jsonl' })) {
        if (event.kind !== 'progress') continue;
        for (const pid of await childPids('native-duckdb')) process.kill(pid, 'SIGKILL');
      }
    })();
    await expect(opening).rejects.toMatchObject({
      code: 'RUNTIME_DIED',
      message: expect.stringContaining('long.jsonl') as string,
      data: { hint: expect.stringContaining('Try again') as string },
    });
    await waitFor(() => titles.some((title) => title.includes('reads data')));
    expect((await openInCore('long.jsonl')).rows).toBe(150_000);
    expect(await childPids('native-duckdb')).not.toEqual(before);
  });
});
