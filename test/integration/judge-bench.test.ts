// `nesso quality bench` on every shape of input as a person runs it, and on bad ones; numbers from SciPy and scikit-learn.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { benchReport, type BenchReport } from '../../core/lib/judge-bench/bench-report.ts';
import { languageKey } from '../../core/lib/datasets/language-codes.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { openSql } from '../support/scored-corpus.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const line = z.object({ id: z.string(), language: z.string(), score: z.number().nullable() });
const fixture = z
  .object({
    truth: z.array(line),
    sources: z.record(z.string(), z.array(line)),
    expected: z.record(
      z.string(),
      z.record(
        z.string(),
        z.looseObject({
          spearman: z.number(),
          macroF1: z.number(),
          invalid: z.number(),
          documents: z.number(),
        }),
      ),
    ),
  })
  .parse(
    JSON.parse(
      readFileSync(join(repositoryFolder, 'test', 'fixtures', 'judge-bench', 'expected.json'), 'utf8'),
    ),
  );
const truth = fixture.truth;
const judge = fixture.sources['judge'] ?? [];
const head = fixture.sources['head'] ?? [];
let folder: TestFolder;
const at = (name: string): string => join(folder.path, name);

function write(name: string, lines: readonly unknown[]): string {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return at(name);
}

function bench(file: string, predictions: readonly string[], ...more: readonly string[]) {
  const words = [
    'quality',
    'bench',
    file,
    '--predictions',
    predictions.join(','),
    '--resamples',
    '0',
    ...more,
  ];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryFolder, 'out/main/nesso.js'), ...words],
    { encoding: 'utf8', cwd: folder.path, env: { ...process.env, NESSO_STATE_FOLDER: at('state') } },
  );
  return { status, stdout, stderr };
}

function reportOf(file: string, predictions: readonly string[], ...more: readonly string[]): BenchReport {
  const { status, stdout, stderr } = bench(file, predictions, '--json', ...more);
  expect(stderr).toBe('');
  expect(status, stdout.slice(0, 400)).toBe(0);
  return benchReport.parse(JSON.parse(stdout));
}

function refusal(file: string, predictions: readonly string[]): string {
  const { status, stdout } = bench(file, predictions, '--json');
  expect(status).toBe(1);
  const { error } = z
    .object({ error: z.object({ code: z.string(), message: z.string(), hint: z.string() }) })
    .parse(JSON.parse(stdout));
  return `${error.code}: ${error.message}. ${error.hint}`;
}

/** The cells of one source are those of the fixture. */
function expectSource(report: BenchReport, name: string, fixtureName: string): void {
  const row = report.rows.find((own) => own.name === name);
  expect(row, `${name} of ${report.rows.map((own) => own.name).join(', ')}`).toBeDefined();
  for (const [language, expected] of Object.entries(fixture.expected[fixtureName] ?? {})) {
    const cell = row?.cells[report.languages.indexOf(languageKey(language))];
    expect(cell?.spearman).toBeCloseTo(expected.spearman, 6);
    expect(cell?.macroF1).toBeCloseTo(expected.macroF1, 6);
    expect(cell).toMatchObject({ invalid: expected.invalid, documents: expected.documents });
  }
}

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  write(
    'human.jsonl',
    truth.map(({ id, language, score }) => ({ id, text: `Text ${id}`, score, metadata: { language } })),
  );
  write('heads.jsonl', head.toReversed());
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('nesso quality bench reads', () => {
  it('folders of judgements: three samples aggregated by majority, all three invalid is invalid', () => {
    const path = write(
      'judgements/gemma/annotations.jsonl',
      judge.map(({ id, language, score }) => ({
        document_id: id,
        language,
        scores: score === null ? [null, null, null] : [score, null, score],
        explanations: ['', '', ''],
        document_processing_status: ['success', 'error_faulty_score', 'success'],
        meta_information: { model_name: 'gemma' },
      })),
    );
    const report = reportOf(at('human.jsonl'), [dirname(path), at('heads.jsonl')]);
    expectSource(report, 'gemma', 'judge');
    expectSource(report, 'heads', 'head');
    expect(report.truth.documents).toBe(truth.length);
    expect(report.languages).toEqual(['bg', 'de', 'sr-cyrl']);
  });

  it('aggregated lines, in other language codes', () => {
    mkdirSync(at('aggregated'), { recursive: true });
    const codes: Record<string, string> = { bg: 'bul_Cyrl', deu_Latn: 'de', 'sr-cyrl': 'srp_Cyrl' };
    write(
      'aggregated/aggregated.jsonl',
      judge.map(({ id, language, score }) => ({
        id,
        score,
        aggregation_type: 'majority_vote',
        language: codes[language],
      })),
    );
    expectSource(reportOf(at('human.jsonl'), [at('aggregated')]), 'aggregated', 'judge');
  });

  it('a struct of scores per model and score_ columns, from Parquet; scores as text from CSV', async () => {
    using sql = await openSql();
    const key = (one: z.infer<typeof line>) => `${one.language} ${one.id}`;
    const judged = new Map(judge.map((one) => [key(one), one.score]));
    const rows = head.map((one) => ({ ...one, judge: judged.get(key(one)) ?? null }));
    write('rows.jsonl', rows);
    await sql.rows(
      `COPY (SELECT id, split_part(language, '_', 1) AS language, {'Judge 27B': judge, head: score} AS edu_score FROM read_json('${at('rows.jsonl')}', columns = {id: 'VARCHAR', language: 'VARCHAR', score: 'DOUBLE', judge: 'DOUBLE'})) TO '${at('edu.parquet')}' (FORMAT parquet)`,
    );
    await sql.rows(
      `COPY (SELECT id AS document_id, language, score AS score_a, judge AS score_b FROM read_json('${at('rows.jsonl')}', columns = {id: 'VARCHAR', language: 'VARCHAR', score: 'DOUBLE', judge: 'DOUBLE'})) TO '${at('heads.parquet')}' (FORMAT parquet)`,
    );
    writeFileSync(
      at('head.csv'),
      `id,language,prediction\n${head.map(({ id, language, score }) => `${id},${language},"${score}"`).join('\n')}\n`,
    );
    const report = reportOf(at('human.jsonl'), [at('edu.parquet'), at('heads.parquet'), at('head.csv')]);
    expect(report.rows.map(({ name }) => name)).toEqual(['Judge 27B', 'edu head', 'a', 'b', 'head head']);
    expectSource(report, 'edu head', 'head');
    expectSource(report, 'head head', 'head');
  });

  it('people as one row a rating, or lists of ratings', () => {
    const ratings = [
      ['a', [1, 1, 3]],
      ['b', [4, 2, null]],
      ['c', [5, 5, 5]],
      ['d', [0, 1, 2]],
    ] as const;
    write(
      'lists.jsonl',
      ratings.map(([id, list]) => ({ id, ratings: list })),
    );
    write(
      'single.jsonl',
      ratings.flatMap(([id, list]) => list.map((rating, rater) => ({ id, annotator: `p${rater}`, rating }))),
    );
    write('p.jsonl', [
      { id: 'a', score: 1 },
      { id: 'b', score: 2 },
      { id: 'c', score: 4 },
      { id: 'd', score: 0 },
    ]);
    for (const name of ['lists.jsonl', 'single.jsonl']) {
      const report = reportOf(at(name), [at('p.jsonl')]);
      // Aggregated 1, 3, 5, 1: spreads 2, 2, 0, 2.
      expect(report.truth.histogram).toEqual([0, 2, 0, 1, 0, 1]);
      expect(report.truth.spread?.shares.slice(0, 3)).toEqual([0.25, 0.25, 1]);
      expect(report.truth.spread?.majority).toBe(0.5);
      expect(report.rows[0]?.cells[0]?.documents).toBe(4);
      expect(report.notes.join()).toContain('names no languages');
    }
  });

  it('heads whose cards say what they were trained on', () => {
    const bytes = Buffer.from('a head');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    mkdirSync(at('runs/one'), { recursive: true });
    writeFileSync(at('runs/one/head.safetensors'), bytes);
    writeFileSync(
      at('runs/one/head.json'),
      JSON.stringify({
        kind: 'jql-head',
        data: { languages: ['bul_Cyrl'] },
        rows: { train: 900 },
        training: { epochsDone: 7 },
      }),
    );
    writeFileSync(at('scored.parquet'), readFileSync(at('heads.parquet')));
    writeFileSync(
      at('scored.scores.json'),
      JSON.stringify({
        format: 'nesso-scores',
        version: 1,
        createdAt: '2026-01-01T00:00:00Z',
        textColumn: 'text',
        source: { file: 'x', sizeBytes: 1, rows: 1 },
        columns: [
          {
            column: 'score_a',
            head: { name: 'a', file: 'head.safetensors', sha256, inputs: 4, hidden: 2 },
            embedder: { id: 'e', variant: 'fp32', dimensions: 4, sha256: null },
          },
        ],
        output: {
          file: 'scored.parquet',
          sizeBytes: readFileSync(at('scored.parquet')).length,
          rows: head.length,
        },
      }),
    );
    const report = reportOf(at('human.jsonl'), [at('scored.parquet')]);
    expect(report.rows[0]?.head).toEqual({ trainLanguages: ['bg'], trainDocuments: 900, epochs: 7 });
    expect(report.rows[1]?.head).toBeNull();
    expect(report.regimes.map(({ name }) => name)).toContain('one language');
    expect(report.crossLanguage).toHaveLength(1);
  });

  it('prints tables without --json', () => {
    const { stdout, status } = bench(at('human.jsonl'), [at('heads.jsonl')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\| Source \| bg \| de \| sr-cyrl \| avg-13: 2 of 13 \|/);
    expect(stdout).toContain('## Confusion of heads');
  });
});

describe('nesso quality bench refuses or says', () => {
  it('no ids: rows in the same order prove nothing', () => {
    write('no-ids.jsonl', [{ score: 1, language: 'bg' }]);
    expect(refusal(at('human.jsonl'), [at('no-ids.jsonl')])).toMatch(/no column for the document/);
    expect(refusal(at('no-ids.jsonl'), [at('heads.jsonl')])).toMatch(/no column for the document/);
  });
  it('two scores of people for one document', () => {
    write('twice.jsonl', [
      { id: 'doc-0', language: 'bg', score: 1 },
      { id: 'doc-0', language: 'bul_Cyrl', score: 2 },
    ]);
    expect(refusal(at('twice.jsonl'), [at('heads.jsonl')])).toMatch(/two scores for document doc-0 in bg/);
  });
  it('no score column, no common document, a missing file, broken bytes', () => {
    write('no-score.jsonl', [{ id: 'doc-0', language: 'bg', other: 'x' }]);
    write('strangers.jsonl', [{ id: 'nobody', language: 'bg', score: 1 }]);
    writeFileSync(at('broken.parquet'), 'PAR1 this is no footer PAR1');
    expect(refusal(at('human.jsonl'), [at('no-score.jsonl')])).toMatch(/no column for a predicted score/);
    expect(refusal(at('human.jsonl'), [at('strangers.jsonl')])).toMatch(
      /no document that people have scored/,
    );
    expect(refusal(at('human.jsonl'), [at('nothing.jsonl')])).toMatch(/NOT_FOUND/);
    expect(refusal(at('human.jsonl'), [at('broken.parquet')])).toMatch(/broken.parquet/);
  });
  it('languages nobody knows stay as they are; text that is no number is no score; constants and single documents give no number', () => {
    write('odd.jsonl', [
      { id: '1', language: 'tlh', score: '3' },
      { id: '2', language: 'tlh', score: 'three' },
      { id: '3', language: 'tlh', score: 4 },
      { id: '4', language: 'de', score: 2 },
    ]);
    write('constant.jsonl', [
      { id: '1', language: 'tlh', score: 2 },
      { id: '3', language: 'tlh', score: 2 },
      { id: '4', language: 'deu', score: 2 },
    ]);
    const report = reportOf(at('odd.jsonl'), [at('constant.jsonl')]);
    expect(report.languages).toEqual(['de', 'tlh']);
    expect(report.truth.documents).toBe(3);
    expect(report.notes.join()).toMatch(/1 documents? without a score/);
    for (const cell of report.rows[0]?.cells ?? []) expect(cell?.spearman).toBeNull();
    expect(report.rows[0]?.spearman.all).toEqual({ value: null, languages: 0, wanted: 2 });
  });
});
