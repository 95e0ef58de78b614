// `nesso data` as a person runs it: the built command, its JSON and its exit codes.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { datasetHistogram } from '../../core/api/dataset-rows.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const sample = join(repositoryFolder, 'resources', 'sample-workspace', 'data', 'documents.parquet');
const broken = join(repositoryFolder, 'test', 'fixtures', 'datasets', 'documents-broken.jsonl');
let state: TestFolder;

function nesso(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repositoryFolder, 'out/main/nesso.js'), ...words],
    {
      encoding: 'utf8',
      env: { ...process.env, NESSO_STATE_FOLDER: state.path },
    },
  );
  return { status, stdout, stderr, json: (): unknown => JSON.parse(stdout) };
}

describe('nesso data', () => {
  beforeAll(async () => {
    ensureChildBuilt('nesso', 'cli');
    ensureChildBuilt('native-duckdb', 'native/duckdb');
    state = await temporaryFolder();
  });
  afterAll(() => state[Symbol.asyncDispose]());

  it('prints a histogram as JSON that agrees with itself', () => {
    const result = nesso('data', 'histogram', sample, '--column', 'score_gemma', '--bins', '12', '--json');
    expect(result.status).toBe(0);
    const histogram = datasetHistogram.strict().parse(result.json());
    expect(histogram).toMatchObject({ column: 'score_gemma', rows: 448, nulls: 0 });
    expect(histogram.edges).toHaveLength(13);
    expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(448);
  });

  it('opens a folder and a pattern as one dataset', () => {
    const folder = join(repositoryFolder, 'test', 'fixtures', 'sources');
    const pattern = join(folder, '00*');
    const head = z.object({
      rows: z.number(),
      kind: z.string(),
      files: z.array(z.object({ name: z.string() })),
      head: z.array(z.record(z.string(), z.unknown())),
    });
    const found = head.parse(nesso('data', 'head', pattern, '--limit', '1', '--json').json());
    expect(found).toMatchObject({
      rows: 350,
      kind: 'glob',
      head: [{ id: 'id-0', 'metadata.language': 'ita' }],
    });
    expect(found.files).toHaveLength(4);
    const text = nesso('data', 'head', pattern, '--limit', '1').stdout;
    expect(text).toContain('4 files, 350 rows, mixed');
    expect(text).toContain('extra is missing in 2 of 3 files: empty there');
    const view = JSON.stringify({ filters: [{ kind: 'equals', column: 'file', value: '003_00000.jsonl' }] });
    const kept = z.object({ rows: z.number(), head: z.array(z.object({ row: z.number() })) });
    expect(
      kept.parse(nesso('data', 'query', pattern, '--view', view, '--limit', '1', '--json').json()),
    ).toMatchObject({ rows: 50, head: [{ row: 300 }] });
  });

  it('prints the first rows of a file with broken lines, and says how many', () => {
    const result = nesso('data', 'head', broken, '--limit', '2', '--json');
    expect(result.status).toBe(0);
    const head = z.object({
      rows: z.number(),
      brokenLines: z.object({ count: z.number() }),
      head: z.array(z.unknown()),
    });
    expect(head.parse(result.json())).toMatchObject({
      rows: 40,
      brokenLines: { count: 3 },
      head: [
        { id: 'doc-0', score: 0 },
        { id: 'doc-1', score: 0.25 },
      ],
    });
    expect(nesso('data', 'head', broken).stdout).toContain('3 broken lines skipped (line 5: Not valid JSON');
  });

  it('exits with 1 and a typed error for what it cannot read, with 2 for wrong usage', () => {
    const missing = nesso('data', 'head', '/nowhere/x.parquet', '--json');
    expect(missing.status).toBe(1);
    expect(missing.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
    expect(nesso('data', 'histogram', sample, '--column', 'text').status).toBe(1);
    expect(nesso('data', 'histogram', sample).status).toBe(2);
    expect(nesso('data', 'head', sample, '--limit', '0').status).toBe(2);
  });
});
