// The sample documents: what the sample workspace promises of them, and that the committed files are what the script writes.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { spearman } from '../../core/lib/statistics/spearman.ts';
import { aggregateRating } from '../../core/lib/statistics/ratings.ts';
import { parseJudgementLine, reparseLine } from '../../core/lib/judges/judgement-line.ts';
import { parseJudge } from '../../core/lib/judges/judge-template.ts';
import { readJudgement } from '../../core/services/judges/judgement-files.ts';
import { makeSampleDocuments, makeSampleJudgement } from '../../scripts/make-sample-documents.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

const folder = join(repositoryFolder, 'resources', 'sample-workspace', 'data');
const sampleDocument = z.strictObject({
  id: z.string(),
  text: z.string().min(1),
  language: z.string().length(3),
  language_script: z.literal('Latn'),
  url: z.url().regex(/\.example\.org\//),
  dump: z.string(),
  token_count: z.number().int().min(1),
  ratings: z.array(z.number().int().min(0).max(5)).length(3),
  rating: z.number(),
  score_gemma: z.number(),
  score_mistral: z.number(),
  score_llama: z.number(),
  fw2_kept: z.boolean(),
  filter_reason: z.string().nullable(),
});

async function readSample() {
  const text = await readFile(join(folder, 'documents.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => sampleDocument.parse(JSON.parse(line)));
}

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

describe('sample documents', () => {
  it('are many, in seven languages, of every quality, short and long', async () => {
    const documents = await readSample();
    expect(documents.length).toBeGreaterThanOrEqual(360);
    const languages = countBy(documents.map((document) => document.language));
    expect(languages.size).toBeGreaterThanOrEqual(7);
    for (const count of languages.values()) expect(count).toBeGreaterThanOrEqual(50);
    expect(new Set(documents.map((document) => document.id)).size).toBe(documents.length);
    for (const rating of [0, 1, 2, 3, 4, 5])
      expect(documents.some((document) => document.rating === rating)).toBe(true);
    const lines = documents.map((document) => document.text.split('\n').length);
    expect(Math.min(...lines)).toBe(1);
    expect(Math.max(...lines)).toBeGreaterThanOrEqual(55);
    expect(documents.every((document) => !document.text.includes('{'))).toBe(true);
    expect(documents.every((document) => document.fw2_kept === (document.filter_reason === null))).toBe(true);
  });

  it('have ratings aggregated by the rule, and heads that follow them without being the same', async () => {
    const documents = await readSample();
    for (const document of documents) expect(document.rating).toBe(aggregateRating(document.ratings));
    const ratings = documents.map((document) => document.rating);
    const heads = (['score_gemma', 'score_mistral', 'score_llama'] as const).map((name) =>
      documents.map((document) => document[name]),
    );
    for (const scores of heads) expect(spearman(scores, ratings).coefficient).toBeGreaterThan(0.8);
    expect(spearman(heads[0] ?? [], heads[2] ?? []).coefficient).toBeLessThan(0.97);
    expect(heads.flat().some((score) => score < 0)).toBe(true);
    expect(heads.flat().some((score) => score > 5)).toBe(true);
  });

  it('are what the script writes, and small', async () => {
    await using made = await temporaryFolder();
    await makeSampleDocuments(made.path);
    const committed = await readFile(join(folder, 'documents.jsonl'), 'utf8');
    expect(await readFile(join(made.path, 'documents.jsonl'), 'utf8')).toBe(committed);
    const sizes = await Promise.all(
      ['documents.jsonl', 'documents.parquet'].map((name) => stat(join(folder, name))),
    );
    expect(sizes.reduce((sum, file) => sum + file.size, 0)).toBeLessThan(1_500_000);
  });
});

describe('the sample judgement', () => {
  const judged = join(repositoryFolder, 'resources', 'sample-workspace', 'judgements', 'made-up-judge');
  const judges = join(repositoryFolder, 'resources', 'judges');

  it('is what the script writes, and says that no model was asked', async () => {
    await using made = await temporaryFolder();
    await makeSampleJudgement({ data: folder, judges, judgement: made.path });
    for (const name of ['judgement.json', 'annotations.jsonl', 'aggregated.jsonl'])
      expect(await readFile(join(made.path, name), 'utf8'), name).toBe(
        await readFile(join(judged, name), 'utf8'),
      );
    const said = await readJudgement(judged);
    expect(said?.ended?.message).toContain('no model was asked');
    expect((await stat(join(judged, 'annotations.jsonl'))).size).toBeLessThan(400_000);
  });

  it('answers every document, as the shipped prompt reads the answers, and fails in every way and most in Romanian', async () => {
    const template = parseJudge(await readFile(join(judges, 'educational.yaml'), 'utf8'), 'educational');
    const text = await readFile(join(judged, 'annotations.jsonl'), 'utf8');
    const lines = text.trimEnd().split('\n').map(parseJudgementLine);
    const documents = await readSample();
    expect(lines.map((line) => line?.document_id)).toEqual(documents.map(({ id }) => id));
    const statuses = new Set<string>();
    const lost = new Map<string, number>();
    for (const line of lines) {
      if (line === null) throw new Error('A line is no judgement');
      expect(reparseLine(line, template, 'exact')).toEqual(line);
      for (const status of line.document_processing_status) statuses.add(status);
      if (line.scores.every((score) => score === null))
        lost.set(line.language ?? '', (lost.get(line.language ?? '') ?? 0) + 1);
    }
    expect([...statuses].sort()).toEqual(['error_faulty_score', 'error_no_generated_text', 'success']);
    expect(lost.get('eng_Latn') ?? 0).toBe(0);
    expect(Math.max(...lost.values())).toBe(lost.get('ron_Latn'));
    expect([...lost.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
  });
});
