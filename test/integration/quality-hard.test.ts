// The lab under bad luck: killed in the middle of an export, footers that lie, languages without a score, files that differ.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureChildBuilt } from '../support/built-child.ts';
import { documentsSql, openSql, type Sql } from '../support/scored-corpus.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';

let folder: TestFolder;
let sql: Sql;
const at = (name: string): string => join(folder.path, name);
const command = join(repositoryFolder, 'out/main/nesso.js');
const options = () => ({
  cwd: folder.path,
  env: { ...process.env, NESSO_STATE_FOLDER: at('state') },
});
function nesso(...words: readonly string[]) {
  return spawnSync(process.execPath, [command, 'quality', ...words], { encoding: 'utf8', ...options() });
}

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  sql = await openSql();
  await sql.run(`COPY (${documentsSql(0, 400_000)}) TO '${at('many.parquet')}'`);
  await sql.run(`COPY (${documentsSql(0, 1000)}) TO '${at('few.parquet')}'`);
});
afterAll(async () => {
  sql[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

it('killed in the middle of an export keeps the old output, and the next one is whole', async () => {
  expect(nesso('threshold', 'many.parquet', '--heads', 'a', '--quantile', '0.1', '-o', 'r.json').status).toBe(
    0,
  );
  await writeFile(at('kept.jsonl'), 'what was there before\n');
  const words = [command, 'quality', 'apply', 'r.json', 'many.parquet', '-o', 'kept.jsonl'];
  const running = spawn(process.execPath, words, { ...options(), stdio: 'ignore' });
  const hasBegun = async () => (await readdir(folder.path)).some((name) => name.endsWith('.tmp'));
  await expect.poll(hasBegun, { timeout: 120_000, interval: 2 }).toBe(true);
  running.kill('SIGKILL');
  await once(running, 'exit');
  expect(await readFile(at('kept.jsonl'), 'utf8')).toBe('what was there before\n');
  expect(nesso('apply', 'r.json', 'many.parquet', '-o', 'kept.jsonl').status).toBe(0);
  const { source, result } = z
    .object({ source: z.unknown(), result: z.object({ total: z.object({ keptDocuments: z.number() }) }) })
    .parse(JSON.parse(await readFile(at('r.json'), 'utf8')));
  expect(source).toBeDefined();
  const [[count] = []] = await sql.rows(`SELECT count(*)::INTEGER FROM read_json('${at('kept.jsonl')}')`);
  expect(count).toBe(result.total.keptDocuments);
});

it('killed while the score table is made leaves nothing that vouches for it', async () => {
  const words = [command, 'quality', 'threshold', 'many.parquet', '--heads', 'b', '--quantile', '0.5'];
  const tables = async () =>
    (await readdir(at('state/cache/quality')).catch(() => [])).filter((name) => name.endsWith('.tmp'));
  const running = spawn(process.execPath, words, { ...options(), stdio: 'ignore' });
  await expect
    .poll(async () => (await tables()).length, { timeout: 120_000, interval: 2 })
    .toBeGreaterThan(0);
  running.kill('SIGKILL');
  await once(running, 'exit');
  const again = nesso('threshold', 'many.parquet', '--heads', 'b', '--quantile', '0.5', '--json');
  const found = z.object({ total: z.object({ documents: z.number() }) }).parse(JSON.parse(again.stdout));
  expect(found.total.documents).toBe(400_000);
});

it('a footer that lies is an error that names the file', async () => {
  const bytes = await readFile(at('few.parquet'));
  // The length of the footer stands eight bytes before the end.
  for (const [name, length] of [
    ['longer', bytes.readUInt32LE(bytes.length - 8) + 1000],
    ['shorter', 12],
    ['beyond', 0x7fff_ffff],
  ] as const) {
    const lying = Buffer.from(bytes);
    lying.writeUInt32LE(length, bytes.length - 8);
    await writeFile(at(`${name}.parquet`), lying);
    const { status, stderr } = nesso('threshold', `${name}.parquet`, '--heads', 'a', '--quantile', '0.5');
    expect([name, status]).toEqual([name, 1]);
    expect(stderr).toContain(`${name}.parquet`);
  }
});

it('languages without a number, infinities and NaN are counted as what they are', async () => {
  await sql.run(`COPY (SELECT id, text, token_count, CASE WHEN language = 'ita' THEN 'NaN'::DOUBLE WHEN language = 'fra' THEN NULL
      WHEN language = 'deu' AND hash(id) % 3 = 0 THEN 'inf'::DOUBLE ELSE score_a END AS score_a, language
    FROM (${documentsSql(0, 4000)})) TO '${at('odd.parquet')}'`);
  const { status, stdout } = nesso('threshold', 'odd.parquet', '--heads', 'a', '--quantile', '0.9', '--json');
  expect(status).toBe(0);
  const language = z.object({ documents: z.number(), keptDocuments: z.number() });
  const found = z
    .object({
      thresholds: z.record(z.string(), z.record(z.string(), z.number().nullable())),
      languages: z.record(z.string(), language),
    })
    .parse(JSON.parse(stdout));
  for (const name of ['ita', 'fra']) {
    expect(found.thresholds[name]).toEqual({ a: null });
    expect(found.languages[name]?.keptDocuments).toBe(0);
    expect(found.languages[name]?.documents).toBeGreaterThan(500);
  }
  // A third of the German scores is infinite: the quantile 0.9 is too, so there is no threshold.
  expect(found.thresholds['deu']).toEqual({ a: null });
  expect(found.languages['hrv']?.keptDocuments).toBeGreaterThan(50);
});

it('files with other columns and other types go together where they can', async () => {
  await sql.run(
    `COPY (SELECT id, text, language, score_a::FLOAT AS score_a FROM (${documentsSql(0, 300)})) TO '${at('one.parquet')}'`,
  );
  await sql.run(`COPY (SELECT id, text, language, (10 * score_a)::INTEGER AS score_a, score_b FROM (${documentsSql(300, 300)}))
    TO '${at('two.parquet')}'`);
  const result = nesso(
    'threshold',
    'one.parquet',
    'two.parquet',
    '--heads',
    'a,b',
    '--quantile',
    '0.5',
    '--rule',
    'any',
  );
  expect(result.status).toBe(0);
  expect(result.stdout).toContain('1 of 2 files have no column score_b');
});
