// The filter step for cluster jobs: Python keeps the very documents that `nesso quality apply` keeps, by its own reading of the recipe.
// Skipped where there is no python3; the datatrove part where datatrove is not installed (NESSO_PYTHON names another Python).
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { randomHead } from '../../core/lib/jql/head.ts';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { seededRandom } from '../../core/lib/jql/random.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { documentsSql, openSql } from '../support/scored-corpus.ts';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const step = join(repositoryFolder, 'resources', 'filter-step');
const python = process.env['NESSO_PYTHON'] ?? 'python3';
const runs = (...words: readonly string[]): boolean => spawnSync(python, [...words]).status === 0;
const hasPython = runs('-c', 'import sys; sys.exit(sys.version_info < (3, 9))');
const hasDatatrove = hasPython && runs('-c', 'import datatrove, orjson');

let folder: TestFolder;
const at = (name: string): string => join(folder.path, name);

function nesso(...words: readonly string[]): void {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(repositoryFolder, 'out/main/nesso.js'), 'quality', ...words],
    { encoding: 'utf8', cwd: folder.path, env: { ...process.env, NESSO_STATE_FOLDER: at('state') } },
  );
  if (status !== 0) throw new Error(stderr);
}

function runPython(...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, [...words], {
    encoding: 'utf8',
    cwd: folder.path,
    maxBuffer: 2 ** 26,
    env: { ...process.env, LC_ALL: 'C.UTF-8', PYTHONPATH: step, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const withId = z.object({ id: z.string() });
const idsOf = (lines: string): readonly string[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => withId.parse(JSON.parse(line)).id);

/** Ids that the studio keeps and those that Python keeps. */
async function bothKeep(recipe: string, file: string, ...more: readonly string[]) {
  nesso('apply', recipe, file, '-o', 'kept.jsonl');
  return {
    studio: idsOf(await readFile(at('kept.jsonl'), 'utf8')),
    step: runPython(join(step, 'nesso_recipe.py'), recipe, file, '--ids', ...more)
      .split('\n')
      .filter((line) => line !== ''),
  };
}

beforeAll(async () => {
  ensureChildBuilt('nesso', 'cli');
  ensureChildBuilt('native-duckdb', 'native/duckdb');
  folder = await temporaryFolder();
  await mkdir(at('ita_Latn'));
  using sql = await openSql();
  // Every eleventh document lacks a score, every thirteenth a language, and one language has another spelling.
  const documents = `SELECT * REPLACE (CASE WHEN hash(id, 1) % 11 = 0 THEN NULL ELSE score_b END AS score_b,
    CASE WHEN hash(id, 2) % 13 = 0 THEN NULL WHEN language = 'hrv' THEN 'hrv_Latn' ELSE language END AS language)
    FROM (${documentsSql(0, 5000)})`;
  await sql.run(`COPY (${documents}) TO '${at('flat.jsonl')}' (FORMAT json)`);
  await sql.run(`COPY (SELECT id, text, {language: language, language_script: language_script,
      scores: {score_a: score_a, score_b: score_b, score_c: score_c}} AS metadata FROM (${documents}))
    TO '${at('nested.jsonl')}' (FORMAT json)`);
  await sql.run(`COPY (SELECT * EXCLUDE (language, language_script) FROM (${documents}))
    TO '${at('ita_Latn/part.jsonl')}' (FORMAT json)`);
});
afterAll(() => folder[Symbol.asyncDispose]());

it('is put where a job needs it', async () => {
  nesso('filter-step', '-o', 'job/step');
  for (const name of ['nesso_recipe.py', 'nesso_origin.py', 'nesso_filter.py']) {
    expect(await readFile(at(`job/step/${name}`), 'utf8')).toBe(await readFile(join(step, name), 'utf8'));
  }
});

describe.skipIf(!hasPython)('the filter step', () => {
  it.each([
    ['flat.jsonl', 'a,b,c', '0.7', 'all', 'gte'],
    ['flat.jsonl', 'a,b,c', '0.6', '2', 'gt'],
    ['flat.jsonl', 'a,c', '0.9', 'any', 'gte'],
    ['nested.jsonl', 'score_a,score_b,score_c', '0.7', 'all', 'gte'],
  ])('keeps what apply keeps: %s, heads %s at %s, %s, %s', async (file, ...options) => {
    const [heads, quantile, rule, operator] = options;
    nesso(
      'threshold',
      file,
      ...`--heads ${heads} --quantile ${quantile} --rule ${rule} --operator ${operator}`.split(' '),
      '-o',
      'recipe.json',
    );
    const { studio, step: kept } = await bothKeep('recipe.json', file);
    expect(studio.length).toBeGreaterThan(100);
    expect(kept).toEqual(studio);
  });

  it('takes the language of the folder, and a recipe to documents it was not made from', async () => {
    nesso('threshold', 'ita_Latn', '--heads', 'a,b', '--quantile', '0.5', '-o', 'folder.json');
    const own = await bothKeep('folder.json', 'ita_Latn/part.jsonl', '--language', 'ita_Latn');
    expect(own.studio.length).toBeGreaterThan(1000);
    expect(own.step).toEqual(own.studio);
    // Only Italian has thresholds: documents of other languages are not kept.
    const others = await bothKeep('folder.json', 'flat.jsonl');
    expect(others.studio.length).toBeGreaterThan(100);
    expect(others.step).toEqual(others.studio);
  });

  it('says what is wrong with a recipe, and with a line', async () => {
    await writeFile(at('other.json'), '{"format":"something-else"}');
    await writeFile(at('torn.jsonl'), '{"id":"a"}\n{"id":');
    nesso('threshold', 'flat.jsonl', '--heads', 'a', '--quantile', '0.5', '-o', 'one.json');
    const ask = (...words: readonly string[]) =>
      spawnSync(python, [join(step, 'nesso_recipe.py'), ...words], { encoding: 'utf8', cwd: folder.path });
    expect(ask('other.json', 'flat.jsonl')).toMatchObject({ status: 1, stdout: '' });
    expect(ask('other.json', 'flat.jsonl').stderr).toContain(
      'other.json cannot be used: not a filter recipe',
    );
    expect(ask('one.json', 'torn.jsonl').stderr).toBe('torn.jsonl: document 2 is not valid JSON\n');
  });

  it('agrees with doubles on numbers at the threshold, NaN, infinities and booleans', () => {
    const found = runPython(
      '-c',
      `import json; from nesso_recipe import Recipe
def recipe(operator): return Recipe.parse({"format": "nesso-filter", "version": 1, "operator": operator, "rule": {"kind": "all"},
  "heads": [{"name": "a", "column": "score_a"}], "thresholds": {"und": {"a": 0.1}}, "source": {"language": "none"}})
scores = [0.1, 0.1 + 2**-56, 0.10000000149011612, float("nan"), float("inf"), -float("inf"), True, None, "5", 7]
print(json.dumps([[recipe(o).keeps({"score_a": s}) for s in scores] for o in ("gte", "gt")]))`,
    );
    const [T, F] = [true, false];
    expect(JSON.parse(found)).toEqual([
      [T, T, T, F, T, F, F, F, F, T],
      [F, T, T, F, T, F, F, F, F, T],
    ]);
  });

  it('refuses documents that another head scored, as apply does, and names those of which nothing is known', async () => {
    const sample = join(repositoryFolder, 'resources/sample-workspace/data/documents.parquet');
    for (const [name, seed] of [
      ['one', 3],
      ['two', 4],
    ] as const) {
      await mkdir(at(name));
      await writeFile(at(`${name}.safetensors`), encodeHead(randomHead(512, 8, seededRandom(seed))));
      nesso('score', sample, '--heads', `a=${name}.safetensors`, '-o', `${name}/scored.parquet`);
    }
    nesso(
      'threshold',
      'one/scored.parquet',
      '--heads',
      'score_a',
      '--quantile',
      '0.7',
      '-o',
      'one/recipe.json',
    );
    const check = (path: string): unknown =>
      JSON.parse(
        runPython(
          '-c',
          `import json, sys; from nesso_origin import ScoredOtherwise, check
try: print(json.dumps(check("one/recipe.json", sys.argv[1])))
except ScoredOtherwise as error: print(json.dumps(str(error)))`,
          path,
        ),
      );
    expect(check('one')).toEqual([]);
    const refused =
      /^the thresholds are for another head: score_a of two\/scored\.parquet was made by two\.safetensors \([0-9a-f]{8}\), not [0-9a-f]{8}$/;
    expect(check('two')).toMatch(refused);
    expect(() => nesso('apply', 'one/recipe.json', 'two/scored.parquet', '-o', 'refused.parquet')).toThrow(
      /thresholds are for another head: score_a of scored\.parquet was made by two\.safetensors/,
    );
    // The file itself says it too, where its card was left behind or is of another file.
    await writeFile(at('two/scored.scores.json'), await readFile(at('one/scored.scores.json')));
    expect(check('two')).toMatch(refused);
    await rm(at('two/scored.scores.json'));
    expect(check('two')).toMatch(refused);
    await mkdir(at('unsaid'));
    await writeFile(at('unsaid/torn.parquet'), (await readFile(at('two/scored.parquet'))).subarray(0, 900));
    await writeFile(at('unsaid/odd.scores.json'), '[{"format":');
    await writeFile(at('unsaid/documents.parquet'), await readFile(sample));
    expect(check('unsaid')).toEqual(['unsaid/documents.parquet', 'unsaid/torn.parquet']);
    // Beside lines of JSON there is only a card.
    await writeFile(at('two/lines.jsonl'), '{"id":"a","score_a":5}\n');
    const card: unknown = JSON.parse(await readFile(at('one/scored.scores.json'), 'utf8'));
    const other = JSON.stringify({
      ...Object(card),
      output: { file: '', sizeBytes: 23, rows: 1 },
    }).replaceAll('v1-512', 'v2-512');
    await writeFile(at('two/lines.jsonl.scores.json'), other);
    const asked = spawnSync(python, [join(step, 'nesso_recipe.py'), 'one/recipe.json', 'two/lines.jsonl'], {
      encoding: 'utf8',
      cwd: folder.path,
    });
    expect(asked).toMatchObject({ status: 1, stdout: '' });
    expect(asked.stderr).toContain(
      'the thresholds are for scores over hashed-ngrams v1-512: score_a of two/lines.jsonl was made over hashed-ngrams v2-512',
    );
  });

  it('knows how a job on a cluster scored: its cards go into recipes, other scores are refused', async () => {
    const recipe = join(repositoryFolder, 'resources/recipes/score');
    // The part of the score recipe that needs no GPU, over documents as datatrove writes them; says what is refused.
    await writeFile(
      at('cards.py'),
      `import gzip, json, os, sys
sys.path.insert(0, ${JSON.stringify(recipe)})
import score_origin as o
out, head, weights, tasks = sys.argv[1:]
os.makedirs(f"{out}/documents", exist_ok=True)
embedder = {"id": "owner/encoder", "variant": "bf16 cls-l2 max8192 torch-2.6.0 tokenizer-01234567", "sha256": weights * 64, "revision": "5" * 40}
columns = o.columns_of([{"name": "a", "path": head, "inputs": 48, "hidden": 32}], embedder)
try: record = o.begin(f"{out}/logs", columns, {"input": "corpus", "tasks": int(tasks)})
except o.OtherOrigin as error: sys.exit(print(f"refused: {error}"))
for task in range(2):
    with gzip.open(f"{out}/documents/{task:05d}.jsonl.gz", "wt") as file:
        for row in range(50):
            metadata = {"language": "ita_Latn", "score_a": row / 10 + task}
            file.write(json.dumps({"text": "a text", "id": f"d{task}-{row}", "metadata": metadata}) + "\\n")
    o.write_cards(f"{out}/documents", task, record, "text", {"file": "2 files", "sizeBytes": 1, "rows": None})
`,
    );
    await writeFile(at('first.ckpt'), 'one head');
    await writeFile(at('second.ckpt'), 'another head');
    const score = (...words: readonly string[]): string => runPython('cards.py', ...words);
    expect(score('job', 'first.ckpt', 'a', '2')).toBe('');
    const threshold = (...files: readonly string[]): void =>
      nesso('threshold', ...files, '--heads', 'metadata.score_a', '--quantile', '0.7', '-o', 'job.json');
    threshold('job/documents');
    expect(JSON.parse(await readFile(at('job.json'), 'utf8'))).toMatchObject({
      heads: [{ column: 'metadata.score_a', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }],
      embedder: {
        name: 'owner/encoder bf16 cls-l2 max8192 torch-2.6.0 tokenizer-01234567',
        sha256: 'a'.repeat(64),
      },
      source: { files: [{ rows: 50 }, { rows: 50 }] },
    });
    const check = (folderName: string): string =>
      runPython(
        '-c',
        `import sys; from nesso_origin import ScoredOtherwise, check
try: print(check("job.json", sys.argv[1]))
except ScoredOtherwise as error: print(error)`,
        folderName,
      );
    expect(check('job/documents')).toBe('[]\n');
    // Going on over the same output with something else is refused, with the same it is not.
    expect(score('job', 'second.ckpt', 'a', '2')).toContain('was begun with first.ckpt');
    expect(score('job', 'first.ckpt', 'b', '2')).toContain('refused: it was begun over owner/encoder');
    expect(score('job', 'first.ckpt', 'a', '3')).toContain('refused: it was begun with tasks 2, this is 3');
    expect(score('job', 'first.ckpt', 'a', '2')).toBe('');
    // Scores over other weights are never mixed with these: not in thresholds, not by the step.
    expect(score('other', 'first.ckpt', 'b', '2')).toBe('');
    expect(() => threshold('job/documents', 'other/documents')).toThrow(/different embedders or variants/);
    expect(check('other/documents')).toContain('the thresholds are for scores over owner/encoder');
    // What was done before anybody noted how has no card.
    await mkdir(at('old/logs/completions'), { recursive: true });
    await writeFile(at('old/logs/completions/00001'), '');
    expect(score('old', 'first.ckpt', 'a', '2')).toContain('nothing says how 1 parts were scored');
    expect(check('old/documents')).toBe("['old/documents/00001.jsonl.gz']\n");
  });

  it.skipIf(!hasDatatrove)('runs inside a datatrove pipeline', async () => {
    nesso('threshold', 'flat.jsonl', '--heads', 'a,b,c', '--quantile', '0.6', '-o', 'recipe.json');
    nesso('apply', 'recipe.json', 'flat.jsonl', '-o', 'kept.jsonl');
    await mkdir(at('source'));
    await writeFile(at('source/0.jsonl'), await readFile(at('flat.jsonl')));
    await writeFile(
      at('job.py'),
      `from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from nesso_filter import NessoFilter
if __name__ == "__main__":
    LocalPipelineExecutor([JsonlReader("source"), NessoFilter("recipe.json", exclusion_writer=JsonlWriter("gone")),
        JsonlWriter("out")], tasks=1, logging_dir="logs").run()
`,
    );
    runPython('job.py');
    const read = async (name: string) => gunzipSync(await readFile(at(`${name}/00000.jsonl.gz`))).toString();
    const kept = idsOf(await read('out'));
    expect(kept).toEqual(idsOf(await readFile(at('kept.jsonl'), 'utf8')));
    const gone = (await read('gone')).split('\n').filter((line) => line !== '');
    expect(kept.length + gone.length).toBe(5000);
    expect(gone[0]).toMatch(/"filter_reason":"nesso_(below_threshold_|missing_score|unknown_language)/);
  });
});
