// The index of a judgement's lines against reading the whole file, while the file grows, is torn, shrinks and is replaced.
import { appendFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ResultChoice } from '../../../../../core/api/judges.ts';
import { type JudgementLine, parseJudgementLine } from '../../../../../core/lib/judges/judgement-line.ts';
import { createLineIndexes, type LineIndexes } from '../../../../../core/services/judges/line-index.ts';
import { type TestFolder, temporaryFolder } from '../../../../support/test-core.ts';

let folder: TestFolder;
let indexes: LineIndexes;
const path = (): string => join(folder.path, 'annotations.jsonl');

function lineOf(index: number, words = 'ein Text mit Umlauten äöü und 日本語 '): string {
  const scores =
    index % 11 === 0
      ? [null, null, null]
      : index % 5 === 0
        ? [0, 2, 4]
        : index % 7 === 0
          ? [null, 3, 3]
          : [3, 3, 2];
  return `${JSON.stringify({
    document_id: `d${index}`,
    language: 'deu',
    scores,
    explanations: scores.map(() => words.repeat(1 + (index % 9))),
    errors: [[], [], []],
    time_stamps: [1, 2, 3],
    document_processing_status: scores.map((score) => (score === null ? 'error_faulty_score' : 'success')),
    meta_information: { prompt_name: 'p', prompt_lang: 'en', model_name: 'm', raw_data_file_path: 'f' },
  })}\n`;
}

const textOf = (first: number, count: number): string =>
  Array.from({ length: count }, (_, index) => lineOf(first + index)).join('');

/** What the index must say, by the definition. */
const isOf: Partial<Record<ResultChoice, (line: JudgementLine) => boolean>> = {
  all: () => true,
  invalid: (line) => line.document_processing_status.some((state) => state !== 'success'),
  contested: ({ scores }) => {
    const valid = scores.filter((score) => score !== null);
    return Math.max(...valid) - Math.min(...valid) >= 2;
  },
  'no-score': ({ scores }) => scores.every((score) => score === null),
  // Of the scores that `lineOf` gives: 0, 2, 4 has no majority and the mean 2; all others agree on 3, or have nothing else.
  'score-2': ({ scores }) => scores.join() === '0,2,4',
  'score-3': ({ scores }) => scores.filter((score) => score === 3).length >= 2,
  'score-5': () => false,
};

async function expectPages(text: string): Promise<void> {
  const lines = text.split('\n').flatMap((part) => parseJudgementLine(part) ?? []);
  for (const [only, isWanted] of Object.entries(isOf) as [ResultChoice, (line: JudgementLine) => boolean][]) {
    const expected = lines.filter(isWanted);
    for (const first of [0, 3, Math.max(0, expected.length - 2), expected.length + 5]) {
      const page = await indexes.page(path(), { only, first, limit: 4 });
      expect(page.total).toBe(expected.length);
      expect(page.lines).toEqual(expected.slice(first, first + 4));
    }
  }
  expect(await indexes.last(path(), 3)).toEqual(lines.slice(-3).reverse());
}

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());
beforeEach(async () => {
  indexes = createLineIndexes();
  await rm(path(), { force: true });
});

describe('pages of a judgement', () => {
  it('are those of the whole file, also after lines were appended', async () => {
    let text = textOf(0, 100);
    await writeFile(path(), text);
    await expectPages(text);
    for (let part = 0; part < 3; part += 1) {
      const more = textOf(100 + 40 * part, 40);
      await appendFile(path(), more);
      text += more;
      await expectPages(text);
    }
  });

  it('span chunks: lines larger than what is read at a time', async () => {
    const large = lineOf(2, 'x'.repeat(700_000));
    const text = textOf(0, 2) + large + large.replace('"d2"', '"d2b"') + textOf(3, 5);
    await writeFile(path(), text);
    await expectPages(text);
  });

  it('leave out a line that is still being written, and have it once it is whole', async () => {
    const [whole, last] = [textOf(0, 10), lineOf(10)];
    await writeFile(path(), whole + last.slice(0, 50));
    await expectPages(whole);
    await truncate(path(), Buffer.byteLength(whole));
    await appendFile(path(), last);
    await expectPages(whole + last);
  });

  it('pass over what is no line: another program’s text, binary bytes, blank lines', async () => {
    await writeFile(path(), textOf(0, 3));
    await appendFile(path(), 'not JSON\n\n{"document_id": 1}\n');
    await appendFile(path(), Buffer.from([0xff, 0xfe, 0, 0x0a]));
    await appendFile(path(), textOf(3, 3));
    await expectPages(textOf(0, 6));
  });

  it('begin anew when the file was replaced, cut short, or written over in place', async () => {
    await writeFile(path(), textOf(0, 50));
    await expectPages(textOf(0, 50));
    await writeFile(`${path()}.new`, textOf(200, 60));
    await rename(`${path()}.new`, path());
    await expectPages(textOf(200, 60));
    await truncate(path(), Buffer.byteLength(textOf(200, 7)));
    await expectPages(textOf(200, 7));
    await writeFile(path(), textOf(500, 80));
    await expectPages(textOf(500, 80));
  });

  it('of a missing file are empty; a folder in its place is refused in words', async () => {
    expect(await indexes.page(path(), { only: 'all', first: 0, limit: 10 })).toEqual({ total: 0, lines: [] });
    expect(await indexes.find(path(), 'd1')).toBeNull();
    await expect(indexes.page(folder.path, { only: 'all', first: 0, limit: 10 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('are right for many readers at the same time', async () => {
    await writeFile(path(), textOf(0, 400));
    const pages = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        indexes.page(path(), { only: 'all', first: index * 20, limit: 20 }),
      ),
    );
    for (const [index, page] of pages.entries()) {
      expect(page.total).toBe(400);
      expect(page.lines[0]?.document_id).toBe(`d${index * 20}`);
    }
  });
});

describe('a document', () => {
  it('is found among thousands; of several lines the first', async () => {
    await writeFile(path(), textOf(0, 3000) + lineOf(17, 'again '));
    expect((await indexes.find(path(), 'd2999'))?.document_id).toBe('d2999');
    expect((await indexes.find(path(), 'd17'))?.explanations[0]).not.toContain('again');
    expect(await indexes.find(path(), 'd3000')).toBeNull();
  });
});
