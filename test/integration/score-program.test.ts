// The program of the recipe score, as a job on a cluster starts it: tasks of several processes, cards, what is done again and what is
// refused. Its packages are small stand-ins (test/fixtures/score-program), so that it runs wherever there is a python3; with the true ones
// where NESSO_SCORE_PYTHON names a Python that has them and NESSO_JQL_CHECKOUT a checkout of JQL-Annotation-Pipeline.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryFolder, type TestFolder, temporaryFolder } from '../support/test-core.ts';

const program = join(repositoryFolder, 'resources', 'recipes', 'score', 'main.py');
const fixture = join(repositoryFolder, 'test', 'fixtures', 'score-program');
const python = process.env['NESSO_PYTHON'] ?? 'python3';
const hasPython = spawnSync(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

const GTE = 'Alibaba-NLP/gte-multilingual-base';
const SNOWFLAKE = 'Snowflake/snowflake-arctic-embed-m-v2.0';
const REVISION = '5'.repeat(40);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const head = (number: number): string => JSON.stringify({ inputs: 768, hidden: 1000, number });

let folder: TestFolder;
const at = (...names: readonly string[]): string => join(folder.path, ...names);

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(at('in'));
  await mkdir(at('heads'));
  for (const part of [0, 1, 2, 3]) {
    const rows = [0, 1, 2].map((row) => ({
      id: `d${part}-${row}`,
      text: 'x'.repeat(part * 3 + row),
      lang: 'ita',
    }));
    await writeFile(at('in', `${part}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
  for (const [name, number] of [
    ['a', 100],
    ['b', 200],
  ] as const)
    await writeFile(at('heads', `${name}.ckpt`), head(number));
  await writeFile(at('heads', 'other.ckpt'), 'a recipe for bread');
  for (const model of [GTE, SNOWFLAKE]) {
    const snapshot = at('hub', `models--${model.replace('/', '--')}`, 'snapshots', REVISION);
    await mkdir(snapshot, { recursive: true });
    await writeFile(join(snapshot, 'model.safetensors'), `weights of ${model}`);
    await writeFile(join(snapshot, 'tokenizer.json'), 'tokenizer');
  }
  const heads = at('hub', 'models--Jackal-AI--JQL-Edu-Heads', 'snapshots', REVISION);
  await mkdir(heads, { recursive: true });
  await writeFile(join(heads, 'published.ckpt'), head(0));
});
afterAll(() => folder[Symbol.asyncDispose]());

interface Job {
  readonly output: string;
  readonly heads?: string;
  readonly embedder?: string;
  readonly tasks?: number;
  readonly code?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** As the recipe's command has it. */
function score(job: Job): { status: number | null; said: string } {
  const {
    output,
    heads = `a=${at('heads/a.ckpt')},b=${at('heads/b.ckpt')}`,
    embedder = GTE,
    tasks = 3,
  } = job;
  const words = [
    `--code=${job.code ?? join(fixture, 'checkout')}`,
    `--input=${at('in')}`,
    `--output=${at(output)}`,
    `--logs=${at(output, 'logs')}`,
    `--heads=${heads}`,
    `--embedder=${embedder}`,
    '--batch-size=7',
    `--tasks=${tasks}`,
    '--format=jsonl',
  ];
  const { status, stdout, stderr } = spawnSync(python, [program, ...words], {
    encoding: 'utf8',
    cwd: folder.path,
    env: {
      PATH: process.env['PATH'] ?? '',
      PYTHONPATH: join(fixture, 'packages'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONIOENCODING: 'utf-8',
      STAND_IN_HUB: at('hub'),
      STAND_IN_LOG: at(`${output}.log`),
      NESSO_METRICS: at(`${output}.metrics.jsonl`),
      ...job.environment,
    },
  });
  return { status, said: stdout + stderr };
}

async function lines(name: string): Promise<readonly string[]> {
  const text = await readFile(at(name), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

async function documents(output: string, task: number): Promise<readonly unknown[]> {
  const packed = await readFile(at(output, 'documents', `0000${task}.jsonl.gz`));
  return gunzipSync(packed)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

async function card(output: string, task: number): Promise<unknown> {
  return JSON.parse(await readFile(at(output, 'documents', `0000${task}.jsonl.gz.scores.json`), 'utf8'));
}

describe.skipIf(!hasPython)('the program that scores on a cluster', () => {
  it('shares the tasks among the processes of a job, each with a GPU of its own, and says how every file was scored', async () => {
    const process = (id: number) =>
      score({
        output: 'job',
        environment: {
          SLURM_PROCID: String(id),
          SLURM_LOCALID: String(id),
          SLURM_NTASKS: '2',
          CUDA_VISIBLE_DEVICES: '4,5,6,7',
        },
      });
    expect(process(1)).toEqual({ status: 0, said: '' });
    // Tasks 0 and 2 belong to the other process.
    expect(await readdir(at('job/documents'))).toEqual(['00001.jsonl.gz', '00001.jsonl.gz.scores.json']);
    expect(process(0)).toEqual({ status: 0, said: '' });
    expect((await readdir(at('job/documents'))).filter((name) => !name.endsWith('.json'))).toEqual([
      '00000.jsonl.gz',
      '00001.jsonl.gz',
      '00002.jsonl.gz',
    ]);
    // Four files over three tasks: the first has two of them.
    expect(await documents('job', 0)).toHaveLength(6);
    expect(await documents('job', 1)).toEqual(
      [3, 4, 5].map((length, row) => ({
        text: 'x'.repeat(length),
        id: `d1-${row}`,
        metadata: { lang: 'ita', score_a: 100 + length, score_b: 200 + length },
      })),
    );
    expect(await lines('job.log')).toEqual([
      ...['d1-0', 'd1-1', 'd1-2'].map((id) => `1 ${id} 5 7`),
      ...['d0-0', 'd0-1', 'd0-2', 'd3-0', 'd3-1', 'd3-2'].map((id) => `0 ${id} 4 7`),
      ...['d2-0', 'd2-1', 'd2-2'].map((id) => `2 ${id} 4 7`),
    ]);
    const metrics = (await lines('job.metrics.jsonl')).map((line) => JSON.parse(line) as unknown);
    expect(metrics).toEqual(
      [1, 2, 3].map(
        (done) => expect.objectContaining({ step: done, tasks_done: done, total_steps: 3 }) as unknown,
      ),
    );
    expect(await card('job', 0)).toMatchObject({
      format: 'nesso-scores',
      textColumn: 'text',
      source: { file: '2 files', rows: 6 },
      output: { file: '00000.jsonl.gz', rows: 6 },
      columns: ['a', 'b'].map((name, index) => ({
        column: `metadata.score_${name}`,
        head: {
          name,
          file: `${name}.ckpt`,
          sha256: sha256(head((index + 1) * 100)),
          inputs: 768,
          hidden: 1000,
        },
        embedder: {
          id: GTE,
          variant: `bf16 cls-l2 max8192 torch-2.6.0 tokenizer-${sha256('tokenizer').slice(0, 8)}`,
          sha256: sha256(`weights of ${GTE}`),
          revision: REVISION,
          dimensions: 768,
        },
      })),
    });
    expect(await card('job', 1)).toMatchObject({ source: { file: '1.jsonl', rows: 3 } });
  });

  it('goes on after a task that failed, and does nothing twice', async () => {
    // The only text of seven characters: in the third file, which is task 2's.
    const failed = score({ output: 'again', environment: { STAND_IN_FAILS_AT: 'x'.repeat(7) } });
    expect(failed.status).toBe(1);
    expect(failed.said).toContain('out of memory, as a GPU is');
    expect(await readdir(at('again/logs/completions'))).toEqual(['00000', '00001']);
    const finished = await readFile(at('again/documents/00000.jsonl.gz'));
    const { mtimeMs } = await stat(at('again/documents/00000.jsonl.gz'));
    // What a task had written when it failed bears no card: nobody takes it for whole.
    await expect(card('again', 2)).rejects.toThrow();
    await expect(card('again', 1)).resolves.toMatchObject({ output: { rows: 3 } });

    expect(score({ output: 'again' })).toEqual({ status: 0, said: '' });
    expect(await documents('again', 2)).toHaveLength(3);
    await expect(card('again', 2)).resolves.toMatchObject({ output: { rows: 3 } });
    expect(await readFile(at('again/documents/00000.jsonl.gz'))).toEqual(finished);
    expect((await stat(at('again/documents/00000.jsonl.gz'))).mtimeMs).toBe(mtimeMs);
    const scored = await lines('again.log');
    expect(scored.filter((line) => line.startsWith('0 '))).toHaveLength(6);
    expect(score({ output: 'again' })).toEqual({ status: 0, said: '' });
    expect(await lines('again.log')).toEqual(scored);
  });

  it('keeps scores of one origin in one folder', async () => {
    expect(score({ output: 'one' })).toEqual({ status: 0, said: '' });
    const before = await readFile(at('one/logs/nesso_origin.json'), 'utf8');
    const refused = (job: Omit<Job, 'output'>): string => {
      const { status, said } = score({ output: 'one', ...job });
      expect(status).toBe(2);
      expect(said).toContain('choose another output folder');
      return said;
    };
    expect(refused({ heads: `a=${at('heads/b.ckpt')},b=${at('heads/b.ckpt')}` })).toContain(
      'was begun with a.ckpt',
    );
    expect(refused({ heads: `a=${at('heads/a.ckpt')}` })).toContain('was begun with 2 heads, these are 1');
    expect(refused({ embedder: SNOWFLAKE })).toContain(`was begun over ${GTE}`);
    expect(refused({ tasks: 4 })).toContain('was begun with tasks 3, this is 4');
    expect(await readFile(at('one/logs/nesso_origin.json'), 'utf8')).toBe(before);
    expect(await lines('one.log')).toHaveLength(12);
  });

  it('takes the published heads over the embedder they are for, and over no other', async () => {
    expect(score({ output: 'published', heads: '', embedder: SNOWFLAKE })).toEqual({ status: 0, said: '' });
    expect((await documents('published', 1))[0]).toMatchObject({ metadata: { score_published: 3 } });
    const other = score({ output: 'not', heads: '', embedder: GTE });
    expect(other).toMatchObject({ status: 2 });
    expect(other.said).toContain(`name heads that were trained over ${GTE}`);
  });

  it('says what is wrong before it scores', async () => {
    const refused = (job: Omit<Job, 'output'>, words: string): void => {
      const { status, said } = score({ output: 'refused', ...job });
      expect(said).toContain(words);
      expect(said).not.toContain('Traceback');
      expect(status).toBe(2);
    };
    refused({ code: at('heads') }, 'is no checkout of JQL-Annotation-Pipeline');
    refused({ heads: 'a.ckpt' }, '“a.ckpt” is not name=path');
    refused({ heads: `a=${at('heads/other.ckpt')}` }, 'other.ckpt is no checkpoint of a regression head');
    refused({ heads: `a=${at('heads/nowhere.ckpt')}` }, 'nowhere.ckpt is no checkpoint of a regression head');
    await mkdir(at('without'));
    await writeFile(at('without/datatrove.py'), 'raise ImportError("No module named datatrove")\n');
    refused(
      { environment: { PYTHONPATH: at('without') } },
      'No module named datatrove; install the requirements of JQL-Annotation-Pipeline',
    );
    refused({ embedder: 'somebody/model' }, 'invalid choice');
    expect(await lines('refused.log')).toEqual([]);
    // A checkout that is half there.
    await cp(join(fixture, 'checkout'), at('half'), { recursive: true });
    await writeFile(
      at('half/src/datatrove_jql_annotator.py'),
      'from datatrove.pipeline.nothing import Step\n',
    );
    refused({ code: at('half') }, 'install the requirements');
  });
});

const truePython = process.env['NESSO_SCORE_PYTHON'] ?? '';
const checkout = process.env['NESSO_JQL_CHECKOUT'] ?? '';

/** Needs datatrove, torch, transformers 4.44, lightning and pyarrow, and takes a minute. */
describe.skipIf(truePython === '' || checkout === '')('the same with the true packages', () => {
  const run = (words: readonly string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync(truePython, [...words], {
      encoding: 'utf8',
      cwd: folder.path,
      maxBuffer: 2 ** 26,
      env: {
        ...process.env,
        HF_HOME: at('world/hf'),
        HF_HUB_OFFLINE: '1',
        OMP_NUM_THREADS: '1',
        CUDA_VISIBLE_DEVICES: '',
        PYTHONDONTWRITEBYTECODE: '1',
      },
    });
    return { status, said: stdout + stderr };
  };
  const scoreWorld = (heads: string): { status: number | null; said: string } =>
    run([
      program,
      `--code=${checkout}`,
      `--input=${at('world/in')}`,
      `--output=${at('world/out')}`,
      `--logs=${at('world/out/logs')}`,
      `--heads=${heads}`,
      `--embedder=${GTE}`,
      '--tasks=2',
    ]);
  /** What pyarrow finds in the output: rows, numbers that are finite, how many differ, what the file says of its heads. */
  const facts = `
import glob, json, math, sys
import pyarrow.parquet as pq
for path in sorted(glob.glob(sys.argv[1] + "/documents/*.parquet")):
    table = pq.read_table(path)
    rows = table.to_pylist()
    scores = [(row.get("metadata") or row)["score_a"] for row in rows]
    origin = json.loads(pq.read_metadata(path).metadata[b"nesso_scores"])
    print(json.dumps([len(rows), all(map(math.isfinite, scores)), len(set(scores)) > 10, [column["head"]["name"] for column in origin["columns"]]]))
`;

  it('scores, goes on where it was, and refuses other heads', { timeout: 600_000 }, async () => {
    const made = run([
      join(fixture, 'make_world.py'),
      at('world'),
      join(repositoryFolder, 'test/fixtures/embedder'),
    ]);
    expect(made).toMatchObject({ status: 0 });
    const all = ['a', 'b', 'c'].map((name) => `${name}=${at('world/heads', `${name}.ckpt`)}`);
    const first = scoreWorld(all.join(','));
    expect(first.said).not.toContain('Traceback');
    expect(first.status).toBe(0);
    const found = run(['-c', facts, at('world/out')]);
    const expected = [30, true, true, ['a', 'b', 'c']];
    expect(
      found.said
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([expected, expected]);
    const files = await readdir(at('world/out/documents'));
    expect(files.filter((name) => name.endsWith('.scores.json'))).toHaveLength(2);
    expect(scoreWorld(all.join(','))).toMatchObject({ status: 0 });
    expect(await readdir(at('world/out/documents'))).toEqual(files);
    const other = scoreWorld(all.slice(0, 2).join(','));
    expect(other).toMatchObject({ status: 2 });
    expect(other.said).toContain('these are 2; choose another output folder');
  });
});
