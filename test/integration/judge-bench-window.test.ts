// The judge bench through core, as the window asks: a campaign of people as the truth, judgements and heads as sources, and the
// same head at two token limits.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BenchEvent, BenchRequest } from '../../core/api/judge-bench.ts';
import type { BenchReport } from '../../core/lib/judge-bench/bench-report.ts';
import { campaign as campaignSchema } from '../../core/lib/annotations/campaign.ts';
import { confusionCounts } from '../../core/lib/judge-bench/agreement-tables.ts';
import type { DocumentChoice } from '../../core/lib/judge-bench/document-choice.ts';
import { lengthPairsFigure } from '../../core/lib/judge-bench/head-tables.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import {
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
  writeFiles,
} from '../support/test-core.ts';

const COUNT = 40;
const languageOf = (row: number): string => (row % 2 === 0 ? 'deu_Latn' : 'ita_Latn');
/** What people say: every language has every class equally often. */
const ratingOf = (row: number): number => Math.floor(row / 2) % 5;
const jsonLines = (values: readonly object[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');
const rows = [...Array.from({ length: COUNT }).keys()];

let studio: TestCore;
let folder: TestFolder;
let rated: ReadonlySet<string>;

async function bench(request: Omit<BenchRequest, 'resamples' | 'seed'>): Promise<BenchReport> {
  const events: BenchEvent[] = [];
  for await (const event of await studio.client.judgeBench.run({ ...request, resamples: 0, seed: 1 })) {
    events.push(event);
  }
  const last = events.at(-1);
  if (last?.kind !== 'result') throw new Error('the comparison ended without a report');
  expect(events.slice(0, -1).every(({ kind }) => kind === 'progress')).toBe(true);
  return last.result;
}

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  await writeFiles(folder.path, {
    'studio.yaml': 'name: test\n',
    'data/documents.jsonl': jsonLines(
      rows.map((row) => ({ id: `d${row}`, text: `Text ${row}`, language: languageOf(row) })),
    ),
    // 8192 tokens: the order of people. 512: the opposite one.
    'data/scored.jsonl': jsonLines(
      rows.map((row) => ({
        id: `d${row}`,
        language: languageOf(row),
        score_mistral_512: 5 - ratingOf(row),
        score_mistral_8192: ratingOf(row) * 0.9,
      })),
    ),
    'judgements/fair/annotations.jsonl': jsonLines(
      rows.map((row) => ({
        document_id: `d${row}`,
        language: languageOf(row),
        // Every tenth document has no valid sample; the others the majority of people.
        scores: row % 10 === 0 ? [null, null, null] : [ratingOf(row), 5, ratingOf(row)],
        explanations: ['', '', ''],
        errors: [[], [], []],
        time_stamps: [1, 1, 1],
        document_processing_status: ['success', 'success', 'success'],
        meta_information: { prompt_name: 'p', prompt_lang: 'en', model_name: 'm', raw_data_file_path: 'f' },
      })),
    ),
  });
  await studio.client.workspace.open({ path: folder.path });
  await studio.client.annotations.create({
    campaign: 'people',
    name: 'People',
    dataset: 'data/documents.jsonl',
    documents: 30,
    seed: 7,
    stratifyBy: null,
    overlap: 2,
    blind: false,
    guideline: 'Be fair',
  });
  const text = await readFile(join(folder.path, 'annotations/people/campaign.json'), 'utf8');
  const { documents } = campaignSchema.parse(JSON.parse(text));
  rated = new Set(documents.map(({ id }) => id));
  for (const annotator of ['ada', 'ben']) {
    for (const { id } of documents) {
      const mark = { kind: 'rating' as const, rating: ratingOf(Number(id.slice(1))) };
      await studio.client.annotations.rate({ campaign: 'people', annotator, document: id, mark });
    }
  }
});
afterAll(async () => {
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('a campaign as the truth', () => {
  const truth = { kind: 'campaign', name: 'people' } as const;

  it('is offered beside judgements and files', async () => {
    const inputs = await studio.client.judgeBench.inputs();
    expect(inputs.campaigns).toEqual(['people']);
    expect(inputs.judgements).toEqual([{ path: 'judgements/fair' }]);
    expect(inputs.files.map(({ path }) => path).sort()).toEqual([
      'data/documents.jsonl',
      'data/scored.jsonl',
    ]);
  });

  it('is compared with a judgement and with heads, language by language', async () => {
    const report = await bench({ truth, predictions: ['judgements/fair', 'data/scored.jsonl'] });
    expect(report.truth.documents).toBe(30);
    expect(report.truth.spread).toMatchObject({ documents: 30, majority: 1, meanDeviation: 0 });
    expect(report.languages).toEqual(['de', 'it']);
    expect(report.rows.map(({ name }) => name).sort()).toEqual(['fair', 'mistral_512', 'mistral_8192']);
    const fair = report.rows.find(({ name }) => name === 'fair');
    const invalid = rows.filter((row) => row % 10 === 0 && rated.has(`d${row}`)).length;
    expect(invalid).toBeGreaterThan(0);
    expect(fair?.cells.reduce((sum, cell) => sum + (cell?.invalid ?? 0), 0)).toBe(invalid);
    for (const cell of fair?.cells ?? []) expect(cell?.spearman).toBeCloseTo(1, 12);
  });

  it('pairs the head at 512 and 8192 tokens', async () => {
    const report = await bench({ truth, predictions: ['data/scored.jsonl'] });
    expect(report.lengthPairs).toHaveLength(1);
    const [pair] = report.lengthPairs;
    const [short, long] = [report.rows[pair?.short ?? -1], report.rows[pair?.long ?? -1]];
    expect([short?.maxLength, long?.maxLength]).toEqual([512, 8192]);
    expect(short?.spearman.all.value).toBeCloseTo(-1, 12);
    expect(long?.spearman.all.value).toBeCloseTo(1, 12);
    const figure = lengthPairsFigure(report);
    expect(figure?.table.rows.map((row) => row[1])).toEqual(['512', '8192']);
  });

  it('shows the documents of a cell without a file to open them in', async () => {
    const { documents, path } = await studio.client.judgeBench.disagreements({
      truth,
      predictions: ['data/scored.jsonl'],
      row: 'mistral_512',
      language: 'de',
      limit: 5,
    });
    expect(documents).toHaveLength(5);
    expect(documents[0]).toMatchObject({ truth: 0, prediction: 5 });
    const apart = documents.map((one) => Math.abs(one.truth - (one.prediction ?? Number.NaN)));
    expect(apart).toEqual(apart.toSorted((a, b) => b - a));
    expect(path === null || path === 'data/documents.jsonl').toBe(true);
  });

  it('lists behind every mark of a figure as many documents as the mark counts', async () => {
    const report = await bench({ truth, predictions: ['judgements/fair'] });
    const behind = (only: DocumentChoice, row: string | null, language: string | null = null) =>
      studio.client.judgeBench.disagreements({
        truth,
        predictions: ['judgements/fair'],
        row,
        language,
        only,
        limit: 3,
      });
    const [fair] = report.rows;
    if (!fair) throw new Error('no row');
    for (const [people, counts] of confusionCounts(fair, null).entries()) {
      for (const [column, count] of counts.entries()) {
        // Cells that are empty are alike: one of them is asked about.
        if (count === 0 && !(people === 5 && column === 5)) continue;
        const source = column === 0 ? ('invalid' as const) : column - 1;
        const { total, documents } = await behind({ kind: 'class', people, source }, 'fair');
        expect(total, `${people} taken for ${source}`).toBe(count);
        expect(documents).toHaveLength(Math.min(3, count));
        for (const { truth: said, prediction } of documents) {
          expect([said, prediction]).toEqual([people, source === 'invalid' ? null : source]);
        }
      }
    }
    const [german] = fair.cells;
    const invalid = await behind({ kind: 'class', people: null, source: 'invalid' }, 'fair', 'de');
    expect(invalid.total).toBe(german?.invalid);
    expect(invalid.documents.map(({ language }) => language)).toEqual(invalid.documents.map(() => 'de'));
    for (const [people, count] of report.truth.histogram.entries()) {
      expect((await behind({ kind: 'class', people, source: null }, null)).total).toBe(count);
    }
    const atLeast = await behind({ kind: 'at-least', score: 3 }, 'fair');
    expect(atLeast.total).toBe(fair.cells.reduce((sum, cell) => sum + (cell?.atLeast[3] ?? 0), 0));
    // Both people say the same of each document.
    expect((await behind({ kind: 'spread', atMost: 0 }, null)).total).toBe(30);
    expect((await behind({ kind: 'tokens', from: 1, to: null }, null)).total).toBe(0);
    await expect(behind({ kind: 'at-least', score: 3 }, 'nobody')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is refused in words when nobody has rated yet, or there is no such campaign', async () => {
    await studio.client.annotations.create({
      campaign: 'empty',
      name: 'Empty',
      dataset: 'data/documents.jsonl',
      documents: 5,
      seed: 1,
      stratifyBy: null,
      overlap: 1,
      blind: false,
      guideline: '',
    });
    const predictions = ['data/scored.jsonl'];
    await expect(bench({ truth: { kind: 'campaign', name: 'empty' }, predictions })).rejects.toThrow(/rated/);
    await expect(bench({ truth: { kind: 'campaign', name: 'none' }, predictions })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await mkdir(join(folder.path, 'judgements/broken'), { recursive: true });
    await writeFile(join(folder.path, 'judgements/broken/annotations.jsonl'), 'no JSON\n');
    await expect(bench({ truth, predictions: ['judgements/broken'] })).rejects.toThrow();
  });
});
