// Scoring with heads: the built command, a head that the trainer made and one that PyTorch wrote, and what is left when it fails.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readHeadCheckpoint } from '../../core/lib/jql/head-checkpoint/read-head-checkpoint.ts';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { type Head, randomHead, scoreDocuments } from '../../core/lib/jql/head.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { recipe } from '../../core/lib/quality/recipe.ts';
import { scoreCard, scoreOrigin } from '../../core/lib/quality/score-card.ts';
import { spearman } from '../../core/lib/statistics/spearman.ts';
import { createQualityLab } from '../../core/services/quality/lab.ts';
import { scoreFile, type ScoreRequest } from '../../core/services/scoring/score-file.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { openSql, type Sql } from '../support/scored-corpus.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { childPids } from '../support/processes.ts';
import { repositoryFolder, type TestFolder, temporaryFolder, waitFor } from '../support/test-core.ts';
import { decodeHead, ngramFeatures } from '../support/plain-head.ts';

const sample = join(repositoryFolder, 'resources/sample-workspace/data/documents.parquet');
const checkpoint = join(repositoryFolder, 'test/fixtures/head-checkpoint/views.ckpt');
let folder: TestFolder;
let sql: Sql;
let lab: ReturnType<typeof createQualityLab>;

const at = (name: string): string => join(folder.path, name);
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
const command = join(repositoryFolder, 'out/main/nesso.js');
const environment = () => ({ ...process.env, NESSO_STATE_FOLDER: at('state') });

function nesso(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, 'quality', ...words], {
    encoding: 'utf8',
    cwd: folder.path,
    env: environment(),
  });
  return { status, stdout, stderr, json: (): unknown => JSON.parse(stdout) };
}

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  ensureChildBuilt('native-train-head', 'native/trainer');
  folder = await temporaryFolder();
  sql = await openSql();
  await sql.run(`COPY (SELECT range AS id, 'text ' || hash(range) AS text FROM range(9000)) TO '${at('many.parquet')}'
      (ROW_GROUP_SIZE 2048)`);
  await sql.run(`COPY (SELECT repeat('many different words ' || range || ' ', 60) AS text FROM range(20000))
      TO '${at('long.parquet')}'`);
  lab = createQualityLab({
    appFolder: repositoryFolder,
    stateFolder: at('state'),
    workspace: () => folder.path,
  });
  const trainer = join(repositoryFolder, 'out/main/native-train-head.js');
  const options = [`--data=${sample}`, `--out=${at('run')}`, '--epochs=6', '--hidden=64'];
  execFileSync(process.execPath, [trainer, ...options], { stdio: 'ignore' });
  writeFileSync(at('wide.safetensors'), encodeHead(randomHead(512, 48, seededRandom(3))));
});

afterAll(async () => {
  await lab.engine.dispose();
  sql[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

const readHead = (name: string): Head => decodeHead(new Uint8Array(readFileSync(at(name))));

const request = (change: Partial<ScoreRequest> = {}): ScoreRequest => ({
  path: sample,
  heads: [{ name: 'x', path: at('wide.safetensors') }],
  textColumn: null,
  output: at('out.parquet'),
  openEmbedder: null,
  appFolder: repositoryFolder,
  engine: lab.engine,
  library: lab.library,
  nameOf: (path) => path,
  ...change,
});

describe('nesso quality score', () => {
  it('gives each document what the heads give it alone, beside every column of the source', async () => {
    const heads = ['learned=run/head.safetensors', 'wide.safetensors'].join(',');
    const result = nesso(
      'score',
      sample,
      '--embedder',
      'builtin',
      '--heads',
      heads,
      '-o',
      'out.parquet',
      '--json',
    );
    expect(result.stderr).toBe('');
    expect(result.status).toBe(0);
    expect(result.json()).toMatchObject({
      output: 'out.parquet',
      cardPath: 'out.scores.json',
      documents: 448,
      scoredDocuments: 448,
      columns: [
        { column: 'score_learned', sha256: hashOf(at('run/head.safetensors')) },
        { column: 'score_wide', sha256: hashOf(at('wide.safetensors')) },
      ],
      embedder: { id: 'hashed-ngrams', variant: 'v1-512' },
    });
    const rows = await sql.rows(
      `SELECT text, rating::DOUBLE, score_learned, score_wide FROM '${at('out.parquet')}'`,
    );
    for (const [place, name] of [
      [2, 'run/head.safetensors'],
      [3, 'wide.safetensors'],
    ] as const) {
      const head = readHead(name);
      const wanted = rows.map(([text]) => scoreDocuments(head, ngramFeatures(String(text)))[0]);
      expect(rows.map((row) => row[place])).toEqual(wanted);
    }
    const numbers = (place: number) => rows.map((row) => Number(row[place]));
    expect(spearman(numbers(2), numbers(1)).coefficient).toBeGreaterThan(0.6);

    const types = `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '${at('out.parquet')}')`;
    const before = await sql.rows(types.replace(at('out.parquet'), sample));
    expect(await sql.rows(types)).toEqual([...before, ['score_learned', 'FLOAT'], ['score_wide', 'FLOAT']]);
    const [left] = await sql.rows(`SELECT count(*)::INTEGER FROM (SELECT * FROM '${sample}' EXCEPT ALL
      SELECT * EXCLUDE (score_learned, score_wide) FROM '${at('out.parquet')}')`);
    expect(left).toEqual([0]);
    const [order] = await sql.rows(
      `SELECT (SELECT list(id) FROM '${sample}') = (SELECT list(id) FROM '${at('out.parquet')}')`,
    );
    expect(order).toEqual([true]);
    const packed = `SELECT DISTINCT compression FROM parquet_metadata('${at('out.parquet')}')`;
    expect(await sql.rows(packed)).toEqual([['ZSTD']]);
  });

  it('says where scores come from: in the file, beside it, and in a recipe made of them', async () => {
    expect(nesso('score', sample, '--heads', 'a=wide.safetensors', '-o', 'a.parquet', '--json').status).toBe(
      0,
    );
    expect(nesso('score', 'a.parquet', '--heads', 'b=run/head.safetensors', '-o', 'b.parquet').status).toBe(
      0,
    );
    const card = scoreCard.parse(JSON.parse(readFileSync(at('b.scores.json'), 'utf8')));
    expect(card.columns).toMatchObject([
      { column: 'score_a', head: { sha256: hashOf(at('wide.safetensors')), hidden: 48 } },
      { column: 'score_b', head: { sha256: hashOf(at('run/head.safetensors')), inputs: 512 } },
    ]);
    const [[inside] = []] = await sql.rows(
      `SELECT decode(value) FROM parquet_kv_metadata('${at('b.parquet')}') WHERE decode(key) = 'nesso_scores'`,
    );
    const { output: _, ...origin } = card;
    expect(scoreOrigin.parse(JSON.parse(String(inside)))).toEqual(origin);

    const threshold = (...words: readonly string[]) => {
      expect(nesso('threshold', ...words, '--quantile', '0.7', '-o', 'r.json', '--json').status).toBe(0);
      return recipe.parse(JSON.parse(readFileSync(at('r.json'), 'utf8')));
    };
    const made = threshold('b.parquet', '--heads', 'score_a,score_b');
    expect(made.heads.map(({ sha256 }) => sha256)).toEqual(card.columns.map(({ head }) => head.sha256));
    expect(made.embedder).toEqual({ name: 'hashed-ngrams v1-512', sha256: null });
    // A column of the source that no head of ours made; then a card that belongs to another file,
    // which says itself what made it; then one that says nothing.
    const mixed = threshold('b.parquet', '--heads', 'score_a,score_gemma');
    expect([mixed.heads.map(({ sha256 }) => sha256 === null), mixed.embedder]).toEqual([[false, true], null]);
    writeFileSync(at('b.parquet'), readFileSync(at('a.parquet')));
    expect(threshold('b.parquet', '--heads', 'score_a').heads[0]?.sha256).toBe(
      hashOf(at('wide.safetensors')),
    );
    await sql.run(`COPY (FROM '${at('a.parquet')}') TO '${at('b.parquet')}'`);
    expect(threshold('b.parquet', '--heads', 'score_a').heads[0]?.sha256).toBeNull();

    // The same column by another head: their scores do not share a quantile.
    expect(nesso('score', sample, '--heads', 'a=run/head.safetensors', '-o', 'c.parquet').status).toBe(0);
    const two = nesso(
      'threshold',
      'a.parquet',
      'c.parquet',
      '--heads',
      'score_a',
      '--quantile',
      '0.5',
      '--json',
    );
    expect(two.json()).toMatchObject({
      error: { code: 'INVALID_INPUT', message: expect.stringContaining('different heads') as string },
    });
  });

  it('reads JSON lines and a checkpoint of PyTorch; no text, no score', async () => {
    const texts = [null, '', '  \n', 'Wasser kocht bei hundert Grad', 'short', null];
    const lines = texts.map((body, id) => `${JSON.stringify({ id, body, nested: { a: [id] } })}\n`);
    writeFileSync(at('few.jsonl'), lines.join(''));
    const result = nesso('score', 'few.jsonl', '--heads', checkpoint, '-o', 'few.parquet', '--json');
    expect(result.json()).toMatchObject({
      documents: 6,
      scoredDocuments: 2,
      textColumn: 'body',
      warnings: [
        expect.stringContaining('views.ckpt does not say'),
        expect.stringContaining('4 documents without'),
      ],
    });
    const head = readHeadCheckpoint(new Uint8Array(readFileSync(checkpoint)));
    const wanted = texts.map((text) =>
      text === null || text.trim() === '' ? null : (scoreDocuments(head, ngramFeatures(text, 12))[0] ?? null),
    );
    const rows = await sql.rows(`SELECT score_views FROM '${at('few.parquet')}' ORDER BY id`);
    expect(rows.flat()).toEqual(wanted);
    const text = nesso('score', 'few.jsonl', '--heads', checkpoint, '-o', 'few.parquet').stdout;
    expect(text).toContain('2 of 6 documents scored');
    const empty = at('empty.parquet');
    await sql.run(`COPY (SELECT ''::VARCHAR AS text WHERE false) TO '${empty}'`);
    expect(nesso('score', empty, '--heads', checkpoint, '-o', 'none.parquet', '--json').json()).toMatchObject(
      {
        documents: 0,
        columns: [{ mean: null }],
      },
    );
    expect(await sql.rows(`SELECT count(*)::INTEGER FROM '${at('none.parquet')}'`)).toEqual([[0]]);
  });

  it('keeps its rows together over many row groups', async () => {
    expect(
      nesso('score', 'many.parquet', '--heads', 'x=wide.safetensors', '-o', 'many-scored.parquet').status,
    ).toBe(0);
    const rows = await sql.rows(`SELECT id::INTEGER, text, score_x FROM '${at('many-scored.parquet')}'`);
    const head = readHead('wide.safetensors');
    expect(rows.map(([id]) => id)).toEqual(Array.from({ length: 9000 }, (_, id) => id));
    expect(rows.map(([, , score]) => score)).toEqual(
      rows.map(([, text]) => scoreDocuments(head, ngramFeatures(String(text)))[0]),
    );
  });

  it('exits with 2 for wrong usage and 1 with a reason for files that do not fit', () => {
    const score = (heads: string, ...words: readonly string[]) =>
      nesso('score', sample, '--heads', heads, '-o', 'no.parquet', '--json', ...words);
    expect(score('wide.safetensors', '--embedder', 'some/folder').json()).toMatchObject({
      error: { code: 'NOT_FOUND', message: 'There is no folder folder' },
    });
    expect(nesso('score', sample, '-o', 'no.parquet').status).toBe(2);
    expect(nesso('score', '--help').stdout).toContain('a folder with an ONNX embedding model, or builtin');

    writeFileSync(at('cut.safetensors'), readFileSync(at('wide.safetensors')).subarray(0, 5000));
    writeFileSync(at('cut.ckpt'), readFileSync(checkpoint).subarray(0, 5000));
    const foreign = encodeHead(randomHead(512, 4, seededRandom(1)), {
      features: 'arctic-embed',
      features_version: '2',
    });
    writeFileSync(at('foreign.safetensors'), foreign);
    const cases: readonly (readonly [string, string, RegExp])[] = [
      ['cut.safetensors', 'CORRUPT_FILE', /cut.safetensors cannot be read as a head/],
      ['cut.ckpt', 'CORRUPT_FILE', /cut.ckpt is damaged or cut off/],
      [sample, 'INVALID_INPUT', /not a zip archive/],
      ['foreign.safetensors', 'INVALID_INPUT', /trained over arctic-embed 2/],
      ['missing.ckpt', 'NOT_FOUND', /missing.ckpt does not exist/],
      [`wide.safetensors,${checkpoint}`, 'INVALID_INPUT', /512 values a document and views.ckpt 12/],
      ['wide.safetensors,WIDE=run/head.safetensors', 'INVALID_INPUT', /Two heads are called WIDE/],
      ['gemma=wide.safetensors', 'INVALID_INPUT', /has a column score_gemma already/],
    ];
    for (const [heads, code, message] of cases) {
      const result = score(heads);
      expect(result.status, heads).toBe(1);
      expect(result.json(), heads).toMatchObject({
        error: { code, message: expect.stringMatching(message) as string },
      });
    }
    const onto = nesso('score', 'a.parquet', '--heads', 'n=wide.safetensors', '-o', './a.parquet', '--json');
    expect(onto.json()).toMatchObject({ error: { code: 'INVALID_INPUT' } });
    expect(score('wide.safetensors', '--text-column', 'rating').json()).toMatchObject({
      error: { code: 'INVALID_INPUT' },
    });
    expect(existsSync(at('no.parquet'))).toBe(false);
    expect(existsSync(at('no.scores.json'))).toBe(false);
  });
});

describe('scoring that does not come to its end', () => {
  it('is cancelled within a moment and leaves the old output and nothing else', async () => {
    mkdirSync(at('cancelled'));
    writeFileSync(at('cancelled/out.parquet'), 'old');
    const controller = new AbortController();
    let abortedMs = 0;
    const scoring = scoreFile(
      request({
        path: at('long.parquet'),
        output: at('cancelled/out.parquet'),
        signal: controller.signal,
        onProgress: ({ doneRows, totalRows, documentsPerMinute }) => {
          expect(totalRows).toBe(20_000);
          expect(doneRows).toBeLessThan(20_000);
          expect(documentsPerMinute).toBeGreaterThan(0);
          abortedMs = performance.now();
          controller.abort();
        },
      }),
    );
    await expect(scoring).rejects.toThrow(/cancelled|aborted/i);
    expect(performance.now() - abortedMs).toBeLessThan(15_000);
    expect(readdirSync(at('cancelled'))).toEqual(['out.parquet']);
    expect(readFileSync(at('cancelled/out.parquet'), 'utf8')).toBe('old');
    const tables = await lab.engine.query({
      path: '',
      statements: ['SELECT count(*)::INTEGER FROM duckdb_tables()'],
    });
    expect(tables[0]?.columns).toEqual([[0]]);
  });

  it('ends on Ctrl-C with exit code 1', async () => {
    const words = [
      'score',
      'long.parquet',
      '--heads',
      'x=wide.safetensors',
      '-o',
      'cancelled/new.parquet',
      '--json',
    ];
    const child = spawn(process.execPath, [command, 'quality', ...words], {
      cwd: folder.path,
      env: environment(),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    // Its data process is there: it has begun to work, on a slow computer too.
    await waitFor(async () => (await childPids('native-duckdb', child.pid)).length > 0, 150_000);
    child.kill('SIGINT');
    const code = await closed;
    expect(code).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(readdirSync(at('cancelled'))).toEqual(['out.parquet']);
  });

  it('leaves nothing when the source is cut, nor when the data process dies', async () => {
    mkdirSync(at('failed'));
    // Cut while it is known: its end is gone by the time it is read.
    writeFileSync(at('cut.parquet'), readFileSync(at('long.parquet')));
    await lab.library.open(at('cut.parquet'));
    truncateSync(at('cut.parquet'), 20_000);
    const output = at('failed/out.parquet');
    await expect(scoreFile(request({ path: at('cut.parquet'), output }))).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
    });
    const dying = scoreFile(
      request({
        path: at('long.parquet'),
        output,
        onProgress: () => {
          if (lab.engine.pid !== null) process.kill(lab.engine.pid, 'SIGKILL');
        },
      }),
    );
    await expect(dying).rejects.toMatchObject({ code: 'RUNTIME_DIED' });
    expect(readdirSync(at('failed'))).toEqual([]);
    expect((await scoreFile(request())).scoredDocuments).toBe(448);
  });

  it('leaves nothing on a full disk, and says so', async (test) => {
    using disk = mountSmallDisk(at('small'), 32 * 1024);
    if (!disk) return test.skip('no permission to mount');
    writeFileSync(at('small/out.parquet'), 'old');
    await expect(scoreFile(request({ output: at('small/out.parquet') }))).rejects.toMatchObject({
      code: 'DISK_FULL',
    });
    expect(readdirSync(at('small'))).toEqual(['out.parquet']);
    expect(readFileSync(at('small/out.parquet'), 'utf8')).toBe('old');
  });

  it('refuses a source that changes meanwhile', async () => {
    writeFileSync(at('changing.parquet'), readFileSync(at('many.parquet')));
    writeFileSync(at('newer.parquet'), readFileSync(sample));
    let changed = false;
    const scoring = scoreFile(
      request({
        path: at('changing.parquet'),
        output: at('changed/out.parquet'),
        onProgress: () => {
          if (!changed) renameSync(at('newer.parquet'), at('changing.parquet'));
          changed = true;
        },
      }),
    );
    await expect(scoring).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(existsSync(at('changed'))).toBe(false);
  });
});
