// `nesso quality` as a person runs it: the built command, its JSON, its files and its exit codes.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { languageResult, recipe } from '../../core/lib/quality/recipe.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { openSql } from '../support/scored-corpus.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';
import { aggregated, predicted, ratings } from '../unit/core/lib/statistics/golden.ts';

const data = join(repositoryFolder, 'resources', 'sample-workspace', 'data');
const sample = join(data, 'documents.parquet');
const heads = ['score_gemma', 'score_mistral', 'score_llama'];
let folder: TestFolder;

const at = (name: string): string => join(folder.path, name);

function nesso(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryFolder, 'out/main/nesso.js'), 'quality', ...words],
    { encoding: 'utf8', cwd: folder.path, env: { ...process.env, NESSO_STATE_FOLDER: at('state') } },
  );
  return { status, stdout, stderr, json: (): unknown => JSON.parse(stdout) };
}

const thresholdOutput = z.strictObject({
  thresholds: z.record(z.string(), z.record(z.string(), z.number())),
  languages: z.record(z.string(), languageResult.strict()),
  total: languageResult.strict(),
  meanTokenChangePercent: z.number().nullable(),
});

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('nesso quality threshold and apply', () => {
  it('print what SQL finds, write a recipe, and the recipe keeps exactly those documents', async () => {
    const result = nesso(
      'threshold',
      sample,
      '--heads',
      heads.join(','),
      '--quantile',
      '0.7',
      '-o',
      'r.json',
      '--json',
    );
    expect(result.status).toBe(0);
    const found = thresholdOutput.parse(result.json());
    using sql = await openSql();
    const taken = heads.map((head) => `quantile_cont(${head}::DOUBLE, 0.7) AS t_${head}`).join(', ');
    const kept = `(SELECT * FROM (SELECT *, language || '_' || language_script AS l FROM '${sample}') JOIN
      (SELECT language || '_' || language_script AS l, ${taken} FROM '${sample}' GROUP BY 1) USING (l)
      WHERE ${heads.map((head) => `${head} >= t_${head}`).join(' AND ')})`;
    const expected = await sql.rows(
      `SELECT l, count(*)::INTEGER, sum(token_count)::DOUBLE FROM ${kept} GROUP BY l`,
    );
    expect(expected).toHaveLength(7);
    for (const [language, documents, tokens] of expected) {
      expect(found.languages[String(language)]).toMatchObject({
        keptDocuments: documents,
        keptTokens: tokens,
      });
    }
    const written = recipe.parse(JSON.parse(readFileSync(at('r.json'), 'utf8')));
    expect(written.thresholds).toEqual(found.thresholds);

    const applied = nesso('apply', 'r.json', sample, '-o', 'kept.parquet', '--json');
    expect(applied.status).toBe(0);
    expect(applied.json()).toMatchObject({
      output: 'kept.parquet',
      recipePath: 'kept.parquet.recipe.json',
      keptDocuments: found.total.keptDocuments,
      keptTokens: found.total.keptTokens,
    });
    const same = await sql.rows(
      `SELECT count(*)::INTEGER FROM '${at('kept.parquet')}' JOIN ${kept} USING (id)`,
    );
    const all = await sql.rows(`SELECT count(*)::INTEGER FROM '${at('kept.parquet')}'`);
    expect([same, all]).toEqual([[[found.total.keptDocuments]], [[found.total.keptDocuments]]]);
    const columns = await sql.rows(
      `SELECT column_name FROM (DESCRIBE SELECT * FROM '${at('kept.parquet')}')`,
    );
    const before = await sql.rows(`SELECT column_name FROM (DESCRIBE SELECT * FROM '${sample}')`);
    expect(columns).toEqual(before);
  });

  it('take short names, several files, a rule and an operator', async () => {
    const both = nesso(
      'threshold',
      sample,
      join(data, 'documents.jsonl'),
      '--heads',
      'gemma,llama',
      '--quantile',
      '0.5',
      '--rule',
      '1',
      '--operator',
      'gt',
      '--json',
    );
    const found = thresholdOutput.parse(both.json());
    expect(found.total.documents).toBe(896);
    expect(Object.keys(found.thresholds['deu_Latn'] ?? {})).toEqual(['gemma', 'llama']);
    const text = nesso('threshold', sample, '--heads', 'gemma,llama', '--quantile', '0.7').stdout;
    // Of each head alone the 30 % of every language, of both together what SQL finds.
    using sql = await openSql();
    const alone = ['score_gemma', 'score_llama'].map(
      (head) => `quantile_cont(${head}::DOUBLE, 0.7) AS t_${head}`,
    );
    const [counts] = await sql.rows(`SELECT count(*) FILTER (score_gemma >= t_score_gemma)::INTEGER AS gemma,
      count(*) FILTER (score_llama >= t_score_llama)::INTEGER AS llama,
      count(*) FILTER (score_gemma >= t_score_gemma AND score_llama >= t_score_llama)::INTEGER AS together,
      sum(token_count) FILTER (score_gemma >= t_score_gemma)::INTEGER AS tokens
      FROM (SELECT *, language || '_' || language_script AS l FROM '${sample}')
      JOIN (SELECT language || '_' || language_script AS l, ${alone.join(', ')} FROM '${sample}' GROUP BY 1) USING (l)`);
    const shown = (value: unknown): string => Number(value).toLocaleString('en');
    const linesOf = (start: string) => text.split('\n').find((line) => line.startsWith(start)) ?? '';
    expect(
      linesOf('gemma alone')
        .split(/\s{2,}/)
        .slice(1, 3),
    ).toEqual(['70.0%', shown(counts?.[0])]);
    expect(linesOf('gemma alone')).toContain(shown(counts?.[3]));
    expect(linesOf('llama alone')).toContain(shown(counts?.[1]));
    expect(linesOf('all 2 heads')).toContain(shown(counts?.[2]));
    expect(text).toContain('Mean of the languages');
    expect(text).toContain('Tokens: column token_count, tokenizer as counted by its maker');
  });

  it('exit with 2 for wrong usage and 1 for what is not there', () => {
    expect(nesso('threshold', sample, '--heads', 'gemma', '--quantile', '70').status).toBe(2);
    expect(nesso('threshold', sample, '--heads', 'gemma', '--quantile', '0.7', '--rule', 'most').status).toBe(
      2,
    );
    expect(nesso('threshold', sample, '--heads', 'gemma').status).toBe(2);
    const unknown = nesso('threshold', sample, '--heads', 'nobody', '--quantile', '0.7', '--json');
    expect(unknown.status).toBe(1);
    expect(unknown.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    const rule = nesso('threshold', sample, '--heads', 'gemma', '--quantile', '0.7', '--rule', '2', '--json');
    expect(rule.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    writeFileSync(at('broken.json'), '{}');
    const broken = nesso('apply', 'broken.json', sample, '-o', 'x.parquet', '--json');
    expect(broken.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  });
});

const near = (value: number): number => expect.closeTo(value, 8) as number;

describe('nesso quality agreement', () => {
  const golden = {
    documents: 10,
    ratings: 30,
    majorityAgreement: near(0.8),
    fullAgreement: near(0.3),
    meanStandardDeviation: near(0.48921428345985635),
    krippendorff: { nominal: near(0.3573407202), ordinal: near(0.7518866466), interval: near(0.7275574113) },
    fleiss: { kappa: near(0.3351800554), documents: 10, ratings: 3 },
    pairs: expect.arrayContaining([
      expect.objectContaining({
        documents: 10,
        cohen: { none: near(0.512195122), linear: near(0.5882352941), quadratic: near(0.66367713) },
        spearman: near(0.7444831996),
        kendall: near(0.6329621044),
      }),
    ]) as unknown[],
  };

  it('reads lists of ratings, one row a rating, JSON lines, CSV and Parquet the same', async () => {
    writeFileSync(
      at('lists.jsonl'),
      ratings.map((own, id) => `${JSON.stringify({ id: `d${id}`, ratings: own })}\n`).join(''),
    );
    const long = ratings.flatMap((own, id) => own.map((rating, rater) => [`a${rater}`, `d${id}`, rating]));
    writeFileSync(
      at('long.csv'),
      ['annotator,document,rating', ...long.map((row) => row.join(','))].join('\n'),
    );
    writeFileSync(
      at('long.jsonl'),
      long
        .map(([annotator, document, rating]) => `${JSON.stringify({ annotator, document, rating })}\n`)
        .join(''),
    );
    using sql = await openSql();
    await sql.run(`COPY (SELECT * FROM read_json('${at('lists.jsonl')}')) TO '${at('lists.parquet')}'`);
    for (const name of ['lists.jsonl', 'lists.parquet', 'long.csv', 'long.jsonl']) {
      const result = nesso('agreement', name, '--json');
      expect(result.status, name).toBe(0);
      expect(result.json(), name).toMatchObject(golden);
    }
    expect(nesso('agreement', 'long.csv').stdout).toContain('Krippendorff ordinal');
  });

  it('leaves missing ratings out, and says which column it lacks', () => {
    writeFileSync(
      at('gaps.jsonl'),
      '{"id":"a","ratings":[1,null,1]}\n{"id":"b","ratings":[null,null,null]}\n',
    );
    expect(nesso('agreement', 'gaps.jsonl', '--json').json()).toMatchObject({
      documents: 2,
      ratings: 2,
      comparedDocuments: 1,
      invalidDocuments: 1,
      fullAgreement: 1,
      krippendorff: { nominal: null },
    });
    writeFileSync(at('other.csv'), 'x,y\n1,2\n');
    const result = nesso('agreement', 'other.csv', '--json');
    expect(result.status).toBe(1);
    expect(result.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  });
});

describe('nesso quality evaluate', () => {
  it('joins on the document id and prints the golden values', () => {
    // In another order, one without a truth, one invalid.
    const lines = predicted.map((score, id) => ({ id: `d${id}`, score: score as number | null })).reverse();
    lines.push({ id: 'extra', score: 1 }, { id: 'invalid', score: null });
    writeFileSync(at('predictions.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const rows = aggregated.map((rating, id) => `d${id},${rating}`);
    writeFileSync(at('truth.csv'), ['document_id,rating', ...rows, 'invalid,4'].join('\n'));
    const result = nesso('evaluate', 'predictions.jsonl', 'truth.csv', '--json');
    expect(result.status).toBe(0);
    expect(result.json()).toMatchObject({
      documents: 10,
      invalid: 1,
      onlyPredicted: 1,
      onlyTrue: 0,
      spearman: near(0.9448564034753671),
      pValue: near(3.783782047430692e-5),
      mse: near(0.2574444444),
      mae: near(0.4233333333),
      macroF1: near(0.6933333333),
      macroF1AllClasses: near(0.5777777778),
      weightedF1: near(0.6766666667),
      microF1: near(0.7),
      ta3: near(0.9),
      confusion: [
        [0, 2, 0, 0, 0, 0, 0],
        [0, 0, 2, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0, 0],
        [0, 0, 0, 1, 1, 1, 0],
        [1, 0, 0, 0, 0, 1, 0],
        [0, 0, 0, 0, 0, 0, 0],
      ],
    });
    expect(nesso('evaluate', 'predictions.jsonl', 'truth.csv').stdout).toContain('Spearman');
  });

  it('aggregates several annotators of one document', () => {
    const long = ratings.flatMap((own, id) => own.map((rating, rater) => `a${rater},d${id},${rating}`));
    writeFileSync(at('people.csv'), ['annotator,document_id,rating', ...long].join('\n'));
    writeFileSync(
      at('head.jsonl'),
      predicted.map((score, id) => `${JSON.stringify({ id: `d${id}`, score })}\n`).join(''),
    );
    expect(nesso('evaluate', 'head.jsonl', 'people.csv', '--json').json()).toMatchObject({
      documents: 10,
      spearman: near(0.9448564034753671),
      mse: near(0.2574444444),
    });
  });

  it('takes columns by name, averages languages, and aggregates lists', () => {
    const result = nesso(
      'evaluate',
      sample,
      sample,
      '--prediction',
      'score_gemma',
      '--truth',
      'ratings',
      '--json',
    );
    const found = z
      .object({
        documents: z.number(),
        spearman: z.number(),
        pooled: z.object({ spearman: z.number() }),
        languages: z.record(z.string(), z.object({ spearman: z.number() })),
      })
      .parse(result.json());
    const values = Object.values(found.languages).map((own) => own.spearman);
    expect(values).toHaveLength(7);
    expect(found.documents).toBe(448);
    expect(found.spearman).toBeCloseTo(values.reduce((a, b) => a + b, 0) / 7, 12);
    expect(found.pooled.spearman).toBeGreaterThan(0.8);
    const other = nesso('evaluate', sample, at('truth.csv'), '--prediction', 'score_gemma', '--json');
    expect(other.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
  });
});
