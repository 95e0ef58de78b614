// The quality lab through core and the real DuckDB child, against the same questions asked in plain SQL in this process.
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../core/api/errors.ts';
import type { FilterChoice, QualityDescription, ThresholdResult } from '../../core/api/quality.ts';
import { recipe as recipeSchema } from '../../core/lib/quality/recipe.ts';
import { createQualityLab } from '../../core/services/quality/lab.ts';
import { computeThresholds } from '../../core/services/quality/thresholds.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { eventOf } from '../support/event-of.ts';
import { documentsSql, openSql, type Sql } from '../support/scored-corpus.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import {
  repositoryFolder,
  startTestCore,
  type TestCore,
  type TestFolder,
  temporaryFolder,
} from '../support/test-core.ts';

const HEADS = ['score_a', 'score_b', 'score_c'];
const PATHS = ['data/one.parquet', 'data/two.parquet', 'data/three.jsonl'];

let studio: TestCore;
let folder: TestFolder;
let sql: Sql;

beforeAll(async () => {
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  studio = await startTestCore();
  folder = await temporaryFolder();
  sql = await openSql();
  await writeFile(join(folder.path, 'studio.yaml'), 'name: test\n');
  await mkdir(join(folder.path, 'data'));
  // Small row groups and several threads: rows must keep their order all the same.
  await sql.run(`COPY (${documentsSql(0, 9000)}) TO '${at('data/one.parquet')}' (ROW_GROUP_SIZE 2048)`);
  await sql.run(`COPY (${documentsSql(9000, 4000)}) TO '${at('data/two.parquet')}'`);
  await sql.run(`COPY (${documentsSql(13_000, 2000)}) TO '${at('data/three.jsonl')}' (FORMAT json)`);
  await sql.run(`CREATE VIEW documents AS SELECT *, language || '_' || language_script AS l FROM (
    SELECT * FROM '${at('data/one.parquet')}' UNION ALL BY NAME SELECT * FROM '${at('data/two.parquet')}'
    UNION ALL BY NAME SELECT * FROM (${documentsSql(13_000, 2000)}))`);
  await studio.client.workspace.open({ path: folder.path });
});

afterAll(async () => {
  sql[Symbol.dispose]();
  await studio[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function at(path: string): string {
  return join(folder.path, path);
}

const code = (wanted: ErrorCode) => expect.objectContaining({ code: wanted }) as Error;

function choose(overall: number, change: Partial<FilterChoice> = {}): FilterChoice {
  return {
    heads: HEADS,
    quantiles: { overall, perLanguage: {}, perHead: {}, perLanguageAndHead: {} },
    operator: 'gte',
    rule: { kind: 'all' },
    ...change,
  };
}

async function describeCorpus(paths: readonly string[]): Promise<QualityDescription> {
  return (await eventOf(studio.client.quality.describe({ paths: [...paths] }), 'ready')).description;
}

const thresholds = (choice: FilterChoice, paths: readonly string[] = PATHS): Promise<ThresholdResult> =>
  studio.client.quality.thresholds({ paths: [...paths], choice });

async function apply(recipe: Parameters<typeof studio.client.quality.apply>[0]['recipe'], output: string) {
  const events = await studio.client.quality.apply({ recipe, paths: PATHS, output, overwrite: true });
  for await (const event of events) if (event.kind === 'done') return event;
  throw new Error('Applying did not end');
}

const makeRecipe = (overall: number) =>
  studio.client.quality.makeRecipe({ paths: PATHS, choice: choose(overall), name: 'test' });

/** The whole computation by DuckDB alone: quantile_cont per language and head, then counts. */
async function expectedCounts(share: number, comparison: '>=' | '>', needed: number) {
  const passes = HEADS.map((head) => `(${head} ${comparison} t_${head})::INTEGER`).join(' + ');
  const taken = HEADS.map((head) => `quantile_cont(${head}::DOUBLE, ${share}) AS t_${head}`).join(', ');
  return sql.rows(`SELECT l, any_value(t_score_a), any_value(t_score_b), any_value(t_score_c), count(*)::INTEGER,
      count(*) FILTER (keep)::INTEGER, sum(token_count)::DOUBLE, sum(token_count) FILTER (keep)::DOUBLE,
      count(*) FILTER (fw2_kept)::INTEGER, sum(token_count) FILTER (fw2_kept)::DOUBLE
    FROM (SELECT *, ${passes} >= ${needed} AS keep FROM documents JOIN (SELECT l, ${taken} FROM documents GROUP BY l) USING (l))
    GROUP BY l ORDER BY l`);
}

describe('a scored corpus', () => {
  it('is recognised', async () => {
    const found = await describeCorpus(PATHS);
    expect(found).toMatchObject({
      documents: 15_000,
      textColumn: 'text',
      idColumn: 'id',
      languageSource: 'language + language_script',
      keptSource: 'column fw2_kept',
      filterReasonColumn: 'filter_reason',
      tokens: { kind: 'column' },
      warnings: [],
    });
    // The detector's confidence is not a quality.
    expect(found.heads.map(({ name }) => name)).toEqual(HEADS);
    expect(found.languages.map(({ language }) => language)).toEqual([
      'deu_Latn',
      'fra_Latn',
      'hrv_Latn',
      'ita_Latn',
    ]);
  });

  it.each([
    [0.7, 'gte', { kind: 'all' }, 3],
    [0.7, 'gt', { kind: 'all' }, 3],
    [0.6, 'gte', { kind: 'any' }, 1],
    [0.33, 'gt', { kind: 'at-least', heads: 2 }, 2],
    [0, 'gte', { kind: 'all' }, 3],
    [1, 'gte', { kind: 'any' }, 1],
  ] as const)('thresholds at %d, %s, %o are those of SQL', async (share, operator, rule, needed) => {
    const result = await thresholds(choose(share, { operator, rule }));
    const expected = await expectedCounts(share, operator === 'gte' ? '>=' : '>', needed);
    expect(expected).toHaveLength(4);
    for (const [language, a, b, c, ...counts] of expected) {
      const name = String(language);
      expect(result.thresholds[name]).toEqual({ score_a: a, score_b: b, score_c: c });
      const own = result.languages[name];
      expect([
        own?.documents,
        own?.keptDocuments,
        own?.tokens,
        own?.keptTokens ?? null,
        own?.fw2Documents,
        own?.fw2Tokens,
      ]).toEqual(counts.map((value, index) => (index === 3 ? (value ?? 0) : value)));
      expect(own?.tokenChangePercent).toBeCloseTo(100 * (Number(counts[3]) / Number(counts[5]) - 1), 9);
    }
    const changes = Object.values(result.languages).map((own) => own.tokenChangePercent ?? Number.NaN);
    expect(result.meanTokenChangePercent).toBeCloseTo(changes.reduce((a, b) => a + b, 0) / 4, 9);
    expect(result.total.documents).toBe(15_000);
  });

  it('has ties at its thresholds, so that ≥ and > differ', async () => {
    const kept = await Promise.all(
      (['gte', 'gt'] as const).map(
        async (operator) => (await thresholds(choose(0.7, { operator }))).total.keptDocuments,
      ),
    );
    expect(kept[0]).toBeGreaterThan(kept[1] ?? 0);
  });

  it('takes the most particular quantile', async () => {
    const quantiles = {
      overall: 0.7,
      perLanguage: { ita_Latn: 0.5 },
      perHead: { score_b: 0.9 },
      perLanguageAndHead: { ita_Latn: { score_c: 0.1 } },
    };
    const mixed = (await thresholds(choose(0, { quantiles }))).thresholds;
    const only = async (share: number) => (await thresholds(choose(share))).thresholds;
    expect(mixed['deu_Latn']?.['score_a']).toBe((await only(0.7))['deu_Latn']?.['score_a']);
    expect(mixed['deu_Latn']?.['score_b']).toBe((await only(0.9))['deu_Latn']?.['score_b']);
    expect(mixed['ita_Latn']?.['score_b']).toBe((await only(0.5))['ita_Latn']?.['score_b']);
    expect(mixed['ita_Latn']?.['score_c']).toBe((await only(0.1))['ita_Latn']?.['score_c']);
  });

  it('counts what each head alone would keep', async () => {
    const { cuts } = await thresholds(choose(0.7));
    for (const { head, keptDocuments } of cuts) {
      const [[wanted] = []] = await sql.rows(`SELECT count(*)::INTEGER FROM documents JOIN (SELECT l,
        quantile_cont(${head}::DOUBLE, 0.7) AS t FROM documents GROUP BY l) USING (l) WHERE ${head} >= t`);
      expect(keptDocuments).toBe(wanted);
    }
  });

  it('refuses heads and rules that are not there', async () => {
    await expect(thresholds(choose(0.5, { heads: ['nothing'] }))).rejects.toThrow(code('INVALID_INPUT'));
    const rule = { kind: 'at-least', heads: 4 } as const;
    await expect(thresholds(choose(0.5, { rule }))).rejects.toThrow(code('INVALID_INPUT'));
  });

  it('counts histograms exactly', async () => {
    const found = await studio.client.quality.distributions({
      paths: PATHS,
      head: 'score_b',
      language: 'fra_Latn',
      bins: 24,
    });
    const bins = await sql.rows(`SELECT floor((score_b + 0.5) / 0.25)::INTEGER AS bin, count(*)::INTEGER,
      count(*) FILTER (fw2_kept)::INTEGER FROM documents WHERE l = 'fra_Latn' GROUP BY bin`);
    const wanted = new Map(bins.map(([bin, all, kept]) => [Number(bin), [all, kept]]));
    for (const [bin, count] of found.all.counts.entries()) {
      if (bin === 23) continue;
      expect([count, found.kept?.counts[bin]]).toEqual(wanted.get(bin) ?? [0, 0]);
    }
    expect(found.edges[0]).toBe(-0.5);
    expect(found.rightCdf.documents[0]).toBeCloseTo(1 - found.all.below / found.all.documents, 12);
    const lengths = await studio.client.quality.tokenLengths({
      paths: PATHS,
      language: null,
      bins: 16,
      scale: 'linear',
    });
    const [[beyond] = []] = await sql.rows('SELECT count(*)::INTEGER FROM documents WHERE token_count > 512');
    expect(lengths.beyond[0]).toMatchObject({ mark: 512, documents: beyond });
    expect(lengths.counts.reduce((a, b) => a + b, 0)).toBe(15_000);
  });

  it('correlates heads per language and averages, never pooled', async () => {
    const found = await studio.client.quality.agreement({
      paths: PATHS,
      heads: ['score_a', 'score_c'],
      language: null,
      bins: 10,
    });
    const expected = await sql.rows(`SELECT l, corr(x, y) FROM (SELECT l,
      rank() OVER (PARTITION BY l ORDER BY score_a) + (count(*) OVER (PARTITION BY l, score_a) - 1) / 2 AS x,
      rank() OVER (PARTITION BY l ORDER BY score_c) + (count(*) OVER (PARTITION BY l, score_c) - 1) / 2 AS y
      FROM documents) GROUP BY l ORDER BY l`);
    const values = expected.map(([, value]) => Number(value));
    expect(found.perLanguage.map(({ correlations }) => correlations[0]?.coefficient)).toEqual(
      values.map((value) => expect.closeTo(value, 10) as number),
    );
    expect(found.spearman[0]?.[1]).toBeCloseTo(values.reduce((a, b) => a + b, 0) / 4, 10);
    expect(found.joint[0]?.counts.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(15_000);
  });

  it('answers again after its process died', async () => {
    const lab = createQualityLab({
      appFolder: repositoryFolder,
      stateFolder: folder.path,
      workspace: () => null,
    });
    try {
      const corpus = await lab.corpora.open({ paths: PATHS.map(at), heads: HEADS });
      const before = await computeThresholds(corpus, choose(0.7), { engine: lab.engine });
      process.kill(lab.engine.pid ?? Number.NaN, 'SIGKILL');
      await expect(computeThresholds(corpus, choose(0.7), { engine: lab.engine })).rejects.toThrow();
      expect(await computeThresholds(corpus, choose(0.7), { engine: lab.engine })).toEqual(before);
    } finally {
      await lab.engine.dispose();
    }
  });
});

describe('the board', () => {
  it('counts the four cells with their reasons', async () => {
    const { filter } = await thresholds(choose(0.7));
    const { cells } = await studio.client.quality.board({ paths: PATHS, filter, language: null });
    const taken = HEADS.map((head) => `quantile_cont(${head}::DOUBLE, 0.7) AS t_${head}`).join(', ');
    const expected =
      await sql.rows(`SELECT fw2_kept, score_a >= t_score_a AND score_b >= t_score_b AND score_c >= t_score_c AS keep,
        count(*)::INTEGER, sum(token_count)::DOUBLE FROM documents JOIN (SELECT l, ${taken} FROM documents GROUP BY l) USING (l)
        GROUP BY ALL`);
    expect(expected).toHaveLength(4);
    for (const [fw2, keep, documents, tokens] of expected) {
      const cell = cells.find(
        (own) => own.fw2 === (fw2 ? 'kept' : 'removed') && own.jql === (keep ? 'kept' : 'removed'),
      );
      expect(cell).toMatchObject({ documents, tokens });
      const reasons = cell?.reasons.map(({ reason }) => reason).sort();
      expect(reasons).toEqual(fw2 ? [null] : ['dup', 'list', 'short']);
      expect(cell?.reasons.reduce((sum, own) => sum + own.documents, 0)).toBe(documents);
    }
  });

  it('gives samples of a cell to read', async () => {
    const { filter } = await thresholds(choose(0.7));
    const cell = { fw2: 'removed', jql: 'kept' } as const;
    const read = async (order: Parameters<typeof studio.client.quality.samples>[0]['order']) =>
      (await studio.client.quality.samples({ paths: PATHS, filter, language: null, cell, order, limit: 20 }))
        .rows;
    const random = await read({ kind: 'random', seed: 1 });
    expect(random).toHaveLength(20);
    expect(await read({ kind: 'random', seed: 1 })).toEqual(random);
    expect(await read({ kind: 'random', seed: 2 })).not.toEqual(random);
    for (const row of random) {
      expect(row.fw2).toBe('removed');
      expect(row.filterReason).not.toBeNull();
      expect(row.preview).toContain(`Text number ${row.id?.slice('doc-'.length)}`);
      for (const head of HEADS) {
        expect(row.scores[head]).toBeGreaterThanOrEqual(filter.thresholds[row.language]?.[head] ?? 9);
      }
      const document = await studio.client.datasets.document({ path: row.path, row: row.row });
      expect(document.fields.find(({ name }) => name === 'id')?.value).toBe(row.id);
    }
    const margins = (await read({ kind: 'nearest-to-threshold' })).map(({ margin }) => margin ?? Number.NaN);
    expect(margins).toEqual([...margins].sort((a, b) => a - b));
    expect(await read({ kind: 'heads-disagree' })).toHaveLength(20);
  });
});

describe('recipes', () => {
  it('are saved under filters/, listed, and refused elsewhere', async () => {
    const recipe = await makeRecipe(0.7);
    expect(recipeSchema.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    const saved = await studio.client.quality.saveRecipe({ recipe, path: 'filters/first.json' });
    expect(saved.path).toBe('filters/first.json');
    await expect(studio.client.quality.saveRecipe({ recipe, path: 'filters/first.json' })).rejects.toThrow(
      code('ALREADY_EXISTS'),
    );
    await expect(studio.client.quality.saveRecipe({ recipe, path: 'data/first.json' })).rejects.toThrow(
      code('INVALID_INPUT'),
    );
    await writeFile(at('filters/broken.json'), '{"format": "nesso-filter"');
    await writeFile(at('filters/other.json'), '{"format": "something"}');
    const listed = new Map(
      (await studio.client.quality.listRecipes()).map((entry) => [entry.path, entry] as const),
    );
    expect(listed.get('filters/first.json')?.recipe).toEqual(recipe);
    expect(listed.get('filters/broken.json')?.problem).toContain('not valid JSON');
    expect(listed.get('filters/other.json')?.problem).toContain('not a filter recipe');
  });

  it.each(['kept.parquet', 'kept.jsonl', 'kept.jsonl.gz', 'kept.jsonl.zst'])(
    'write %s, which opens again with the same counts and order',
    async (name) => {
      const recipe = await makeRecipe(0.7);
      const done = await apply(recipe, `data/out/${name}`);
      expect(done).toMatchObject({
        keptDocuments: recipe.result.total.keptDocuments,
        keptTokens: recipe.result.total.keptTokens,
        documents: 15_000,
        warnings: [],
      });
      const again = await describeCorpus([`data/out/${name}`]);
      expect(again.documents).toBe(recipe.result.total.keptDocuments);
      expect(again.languages.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0)).toBe(
        recipe.result.total.keptTokens,
      );
      expect(JSON.parse(await readFile(at(`data/out/${name}.recipe.json`), 'utf8'))).toEqual(recipe);
      const page = await studio.client.datasets.page({
        path: `data/out/${name}`,
        firstRow: 0,
        limit: 1000,
        columns: ['id'],
      });
      const numbers = page.rows.map(([id]) => Number(String(id).slice('doc-'.length)));
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
      expect((await readdir(at('data/out'))).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    },
  );

  it('are not applied onto their own source, nor to documents without the scores', async () => {
    const recipe = await makeRecipe(0.7);
    await expect(apply(recipe, 'data/one.parquet')).rejects.toThrow(code('INVALID_INPUT'));
    await expect(apply(recipe, 'data/kept.txt')).rejects.toThrow(code('INVALID_INPUT'));
    await sql.run(`COPY (SELECT 'x' AS id, 'y' AS text) TO '${at('data/plain.parquet')}'`);
    const events = studio.client.quality.apply({
      recipe,
      paths: ['data/plain.parquet'],
      output: 'data/z.parquet',
    });
    await expect(events.then((stream) => stream.next())).rejects.toThrow(code('INVALID_INPUT'));
  });

  it('leave the old output and nothing else on a full disk', async (test) => {
    using disk = mountSmallDisk(at('small'), 128 * 1024);
    if (!disk) return test.skip('no permission to mount');
    const recipe = await makeRecipe(0);
    await writeFile(at('small/kept.jsonl'), 'old\n');
    await expect(apply(recipe, 'small/kept.jsonl')).rejects.toThrow(code('DISK_FULL'));
    expect(await readdir(at('small'))).toEqual(['kept.jsonl']);
    expect(await readFile(at('small/kept.jsonl'), 'utf8')).toBe('old\n');
    await expect(apply(recipe, 'small/kept.parquet')).rejects.toThrow(code('DISK_FULL'));
    expect(await readdir(at('small'))).toEqual(['kept.jsonl']);
  });
});

describe('odd corpora', () => {
  it('NaN and missing scores never pass, infinite ones keep their place, and both are said', async () => {
    await sql.run(`COPY (SELECT 'deu' AS language, x AS score_x, 10 AS token_count FROM (VALUES (1::DOUBLE), (2), (3), (4), (5),
      ('nan'::DOUBLE), (NULL), ('inf'::DOUBLE)) v(x)) TO '${at('data/odd.parquet')}'`);
    const choice = choose(0.5, { heads: ['score_x'] });
    const result = await thresholds(choice, ['data/odd.parquet']);
    // The median of 1, 2, 3, 4, 5, ∞.
    expect(result.thresholds).toEqual({ deu: { score_x: 3.5 } });
    expect(result.languages['deu']).toEqual({
      documents: 8,
      keptDocuments: 3,
      tokens: 80,
      keptTokens: 30,
      fw2Documents: null,
      fw2Tokens: null,
      tokenChangePercent: null,
    });
    expect(result.meanTokenChangePercent).toBeNull();
    const found = await describeCorpus(['data/odd.parquet']);
    expect(found.keptSource).toBeNull();
    expect(found.heads[0]).toMatchObject({ scored: 6, missing: 2, infinite: 1, low: 1, high: 5 });
    expect(found.warnings).toHaveLength(2);
    const { cells } = await studio.client.quality.board({
      paths: ['data/odd.parquet'],
      filter: result.filter,
      language: null,
    });
    expect(cells.map(({ fw2, jql, documents }) => [fw2, jql, documents])).toEqual([
      [null, 'kept', 3],
      [null, 'removed', 5],
    ]);
    const recipe = await studio.client.quality.makeRecipe({
      paths: ['data/odd.parquet'],
      choice,
      name: 'odd',
    });
    const done = await studio.client.quality.apply({
      recipe,
      paths: ['data/odd.parquet'],
      output: 'data/odd.jsonl',
    });
    for await (const event of done) if (event.kind === 'done') expect(event.keptDocuments).toBe(3);
    const lines = (await readFile(at('data/odd.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { score_x: unknown }).score_x)).toEqual([4, 5, null]);
  });

  it('reads doubles that no float holds exactly, and keeps the document at its own threshold', async () => {
    await sql.run(`COPY (SELECT 'deu' AS language, 0.1::DOUBLE + range / 7.0::DOUBLE AS score_x, 1 AS token_count
      FROM range(11)) TO '${at('data/wide.parquet')}'`);
    const result = await thresholds(choose(0.7, { heads: ['score_x'] }), ['data/wide.parquet']);
    expect(result.thresholds).toEqual({ deu: { score_x: 0.1 + 7 / 7 } });
    expect(result.total.keptDocuments).toBe(4);
  });

  it('takes language and kept flag from the folders of FineWeb-2, scores from nested metadata, and estimates tokens', async () => {
    await mkdir(at('data/fw2/deu_Latn/train'), { recursive: true });
    await mkdir(at('data/fw2/deu_Latn_removed/train'), { recursive: true });
    const rows = (reason: string, from: number) =>
      `SELECT 'id-' || range AS id, repeat('abcd', 10) AS text, {'score_Edu-JQL-Gemma-SF': range::DOUBLE, 'url': 'x'${reason}} AS metadata
       FROM range(${from}, ${from + 10})`;
    await sql.run(`COPY (${rows('', 0)}) TO '${at('data/fw2/deu_Latn/train/000_00000.parquet')}'`);
    await sql.run(
      `COPY (${rows(", 'filter_reason': 'list_ratio'", 10)}) TO '${at('data/fw2/deu_Latn_removed/train/000_00000.parquet')}'`,
    );
    const found = await describeCorpus(['data/fw2']);
    expect(found).toMatchObject({
      documents: 20,
      languageSource: 'folder name',
      keptSource: 'folder name (_removed)',
      tokens: { kind: 'estimated' },
      languages: [{ language: 'deu_Latn', documents: 20, keptDocuments: 10, tokens: 200 }],
    });
    const head = 'metadata.score_Edu-JQL-Gemma-SF';
    expect(found.heads.map(({ name }) => name)).toEqual([head]);
    const result = await thresholds(choose(0.5, { heads: [head] }), ['data/fw2']);
    expect(result.languages['deu_Latn']).toMatchObject({
      keptDocuments: 10,
      fw2Documents: 10,
      fw2Tokens: 100,
    });
    expect(result.total.tokenChangePercent).toBe(0);
  });

  it('works on a file without rows, and says when a file lacks a head', async () => {
    await sql.run(`COPY (${documentsSql(0, 0)}) TO '${at('data/none.parquet')}'`);
    const empty = await thresholds(choose(0.7), ['data/none.parquet']);
    expect(empty).toMatchObject({ thresholds: {}, languages: {}, meanTokenChangePercent: null });
    expect(empty.total.documents).toBe(0);
    await sql.run(
      `COPY (SELECT * EXCLUDE (score_c) FROM (${documentsSql(20_000, 100)})) TO '${at('data/lacks.parquet')}'`,
    );
    const found = await describeCorpus(['data/two.parquet', 'data/lacks.parquet']);
    expect(found.warnings.join('\n')).toContain('1 of 2 files have no column score_c');
    const result = await thresholds(choose(0), ['data/two.parquet', 'data/lacks.parquet']);
    expect(result.total).toMatchObject({ documents: 4100, keptDocuments: 4000 });
  });

  it('names a damaged file', async () => {
    await sql.run(`COPY (${documentsSql(0, 500)}) TO '${at('data/cut.parquet')}'`);
    await truncate(at('data/cut.parquet'), 4000);
    await expect(thresholds(choose(0.7), ['data/cut.parquet'])).rejects.toThrow(code('CORRUPT_FILE'));
    await expect(thresholds(choose(0.7), ['data/missing.parquet'])).rejects.toThrow(code('NOT_FOUND'));
  });

  it('stops when it is cancelled, and works afterwards', async () => {
    await sql.run(`COPY (${documentsSql(0, 300_000)}) TO '${at('data/large.parquet')}'`);
    const abort = new AbortController();
    const described = studio.client.quality.describe(
      { paths: ['data/large.parquet'] },
      { signal: abort.signal },
    );
    await expect(
      described.then(async (events) => {
        for await (const event of events) {
          // It says at once that it has begun.
          if (event.kind === 'progress') abort.abort();
          if (event.kind === 'ready') return 'ready';
        }
        return 'ended';
      }),
    ).rejects.toThrow();
    expect((await describeCorpus(['data/large.parquet'])).documents).toBe(300_000);
  });
});
