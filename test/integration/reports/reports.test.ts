// Reports of runs: every number is the one of its file, hostile names stay texts, and what changed since is named.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunId } from '../../../core/api/runs.ts';
import { nanotronSteps } from '../../support/nanotron-log.ts';
import { BARE, FULL, HOSTILE, STEPS, writeReportedRuns } from '../../support/reported-run.ts';
import { ensureChildBuilt } from '../../support/built-child.ts';
import { readConversionExpectations, writeHuggingFaceModel } from '../../support/random-model.ts';
import {
  repositoryFolder,
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
} from '../../support/test-core.ts';
import { expectRefusal, runNesso } from '../cli-process.ts';

/** All that a page may be made of. */
const TAGS = new Set(
  `!doctype html head meta title body header h1 p nav a main section h2 dl div dt dd table caption thead tr th tbody td figure h3 svg
   line text path figcaption details summary pre code article blockquote`.split(/\s+/),
);

let workspace: TestFolder;
let core: TestCore;

beforeAll(async () => {
  workspace = await temporaryFolder();
  await writeReportedRuns(workspace.path, HOSTILE);
  core = await startTestCore();
  await core.client.workspace.open({ path: workspace.path });
});
afterAll(async () => {
  await core[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
});

const at = (...parts: string[]) => join(workspace.path, ...parts);
const text = (name: string, run = FULL) => readFileSync(at('reports', run, name), 'utf8');

describe('the report of a run with everything', () => {
  beforeAll(async () => {
    const written = await core.client.reports.write({ run: FULL });
    expect(written).toMatchObject({ folder: `reports/${FULL}`, evaluations: 10 });
    expect(written.curves).toBeGreaterThanOrEqual(3);
  });

  it('has its sections in both forms', () => {
    for (const heading of ['Run', 'Data', 'Curves', 'Checkpoints', 'Evaluations', 'Samples', 'Config']) {
      expect(text('report.html')).toContain(`<h2>${heading}</h2>`);
      expect(text('report.md')).toContain(`\n## ${heading}\n`);
    }
    const html = text('report.html');
    const tags = html.replace(/<style>.*?<\/style>/s, '').match(/<[a-z!][^>]*>/gi) ?? [];
    expect(new Set(tags.map((tag) => /^<([a-z!0-9]+)/i.exec(tag)?.[1]))).toEqual(TAGS);
    for (const tag of tags) expect(tag).not.toMatch(/\son\w+=|src=|style=|url\(|href="(?!#)/i);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('shows hostile names and answers as texts', () => {
    const html = text('report.html');
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&lt;/script&gt;&lt;script&gt;alert(2)');
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('\u202e');
    const markdown = text('report.md');
    expect(markdown.split('\n')[0]).toContain(String.raw`&lt;img src=x onerror=alert\(1\)`);
    expect(markdown.split('\n')[0]).toContain(String.raw`\[x\]\(javascript:alert\(3\)\)`);
    // An answer with a fence of its own stays inside its block.
    expect(markdown).toContain('````\n<img src=x');
  });

  it('draws each curve from its least to its greatest value, and tabulates values of the log', async () => {
    const { document } = await core.client.reports.read({ run: FULL });
    const charts = document.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'chart' ? [block] : []));
    expect(charts.map(({ tag }) => tag)).toEqual(expect.arrayContaining(['lm_loss', 'lr', 'grad_norm']));
    const steps = nanotronSteps(STEPS);
    const norm = charts.find(({ tag }) => tag === 'grad_norm');
    // The one spike of 4,000 points is not lost among 300 columns.
    expect(Math.max(...(norm?.columns ?? []).map((column) => column[2]))).toBeCloseTo(
      Math.max(...steps.map(({ gradNorm }) => gradNorm)),
      -1,
    );
    const loss = charts.find(({ tag }) => tag === 'lm_loss');
    expect([loss?.points, loss?.notFinite]).toEqual([STEPS, 1]);
    for (const [step, value] of loss?.rows ?? [])
      expect(value).toBeCloseTo(steps[step - 1]?.loss ?? Number.NaN, 1);
    expect(loss?.rows.at(-1)?.[0]).toBe(STEPS);
    expect(loss?.summary).toContain('3,999 points drawn as');
    expect(loss?.summary).toContain('1 more are no numbers');
  });

  it('gives each value with its error, questions and file, beside what was published', async () => {
    const { document } = await core.client.reports.read({ run: FULL });
    const tables = document.sections
      .find(({ id }) => id === 'evaluations')
      ?.blocks.flatMap((block) => (block.kind === 'table' ? [block] : []));
    const file = JSON.parse(
      readFileSync(at('evals/results/step-4000/results_2026-11-20T12-00-00.000000.json'), 'utf8'),
    ) as { results: Record<string, Record<string, number>> };
    const row = tables?.[0]?.rows.find((one) => one[0] === '4,000' && one[1] === 'hellaswag_it');
    expect(row?.[4]).toBe(
      `${file.results['hellaswag_it']?.['acc_norm,none']?.toFixed(4)} ± ${file.results['hellaswag_it']?.['acc_norm_stderr,none']?.toFixed(4)}`,
    );
    expect(row?.slice(5)).toEqual([
      '9,193',
      'lm-eval 0.4.9',
      'evals/results/step-4000/results_2026-11-20T12-00-00.000000.json',
    ]);
    expect(tables?.[1]?.rows.some((one) => one[0] === 'm_mmlu_it' && one[4]?.includes('Table 1'))).toBe(true);
  });

  it('gives its newest evaluations and its data to a model card', async () => {
    const card = await core.client.reports.card({ run: FULL });
    expect(card).toMatchObject({ step: 4000, datasets: ['/scratch/tokens/merged', '/scratch/other'] });
    expect(card.results.map(({ task, metric, questions }) => [task, metric, questions])).toEqual([
      ['arc_it', 'acc_norm', 1169],
      ['hellaswag_it', 'acc_norm', 9193],
      ['m_mmlu_it', 'acc', 13_237],
    ]);
    expect((await core.client.reports.card({ run: FULL, step: 2000 })).results).toHaveLength(3);
    expect((await core.client.reports.card({ run: BARE })).results).toEqual([]);
  });

  it('follows the data back to its filter recipe, and samples the newest answers', () => {
    const markdown = text('report.md');
    expect(markdown).toContain(String.raw`filter\-2026\-11\-09`);
    expect(markdown).toContain('"name": "jql 0.7"');
    expect(markdown).toContain('Sample of 12 of 20 answers of its newest model');
    expect(markdown).toContain('del passo 4000');
    expect(markdown).not.toContain('del passo 2000');
  });

  it('names commands that a shell reads as one word each', async () => {
    const { document } = await core.client.reports.read({ run: FULL });
    const rows = document.sections
      .find(({ id }) => id === 'reproduce')
      ?.blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
    const commands = (rows ?? []).map(([, command]) => command);
    expect(commands).toContain(`nesso report verify ${FULL}`);
    expect(commands).toContain(`nesso checkpoint list ${FULL}`);
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${commands[0] ?? ''}`], { encoding: 'utf8' });
    const launch = ['nesso', 'run', 'launch', 'pretrain-nanotron', '-n', HOSTILE, '-t', 'leonardo'];
    const parameters = ['code=~/nanotron', 'config=configs/zagreus.yaml', "more=it's"];
    expect(words.trim().split('\n')).toEqual([...launch, ...parameters.flatMap((one) => ['-p', one])]);
  });
});

describe('verifying', () => {
  const changed = async (run: RunId = FULL) => {
    const { isSame, sources, outputs } = await core.client.reports.verify({ run });
    const states = [
      ...sources.map(({ path, state }) => `${path}: ${state}`),
      ...outputs.map(({ name, state }) => `${name}: ${state}`),
    ].filter((line) => !line.endsWith(': same'));
    return { isSame, states };
  };

  it('finds all the same, then names what grew, changed and went', async () => {
    await core.client.reports.write({ run: FULL });
    expect(await changed()).toEqual({ isSame: true, states: [] });
    appendFileSync(at('runs', FULL, 'log.txt'), 'one more line\n');
    expect(await changed()).toEqual({ isSame: true, states: [`runs/${FULL}/log.txt: grown`] });
    const results = 'evals/results/step-2000/results_2026-11-20T12-00-00.000000.json';
    writeFileSync(at(results), readFileSync(at(results), 'utf8').replace('0.2561', '0.9561'));
    rmSync(at('filters/jql.json'));
    appendFileSync(at('reports', FULL, 'report.html'), '<!-- edited -->');
    expect(await changed()).toEqual({
      isSame: false,
      states: [
        `${results}: changed`,
        'filters/jql.json: missing',
        `runs/${FULL}/log.txt: grown`,
        'report.html: changed',
      ],
    });
  });

  it('does not follow a record out of the workspace, and says what cannot be read', async () => {
    const path = at('reports', FULL, 'report.json');
    const before = readFileSync(path, 'utf8');
    const record = JSON.parse(before) as { sources: unknown[]; outputs: unknown[] };
    record.sources = [{ path: '../../../etc/passwd', what: 'x', bytes: 3, sha256: 'x' }];
    record.outputs = [{ name: '../report.json', bytes: 3, sha256: 'x' }];
    writeFileSync(path, JSON.stringify(record));
    expect((await changed()).states).toEqual(['../../../etc/passwd: missing', '../report.json: missing']);
    for (const bad of ['', '{', '[]', '{"format": 2}', before.slice(0, 1000)]) {
      writeFileSync(path, bad);
      await expect(core.client.reports.verify({ run: FULL })).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    }
    const [entry] = (await core.client.reports.list()).filter(({ run }) => run === FULL);
    expect(entry?.problem).toContain('cannot be read');
    writeFileSync(path, before);
    expect((await core.client.reports.list())[0]).toMatchObject({ run: FULL, problem: null });
  });
});

describe('a run whose curves lie in files of other programs', () => {
  const id = 'elsewhere-2026-11-22' as RunId;
  const name = 'events.out.tfevents.1700000000.host.1.0';

  beforeAll(async () => {
    const record = JSON.parse(readFileSync(at('runs', FULL, 'run.json'), 'utf8')) as Record<string, object>;
    const attached = { owner: 'somebody', jobName: null, log: null };
    mkdirSync(at('runs', id, 'tb'), { recursive: true });
    writeFileSync(
      at('runs', id, 'run.json'),
      JSON.stringify({ ...record, id, name: id, config: null, remote: { ...record['remote'], attached } }),
    );
    cpSync(join(repositoryFolder, 'test/fixtures/event-files', name), at('runs', id, 'tb', name));
    const history = [1, 2, 3].map((step) => ({ step, learning_rate: 0.1 / step, grad_norm: step }));
    writeFileSync(at('runs', id, 'trainer_state.json'), JSON.stringify({ log_history: history }));
    await core.client.reports.write({ run: id });
  });

  it('draws them all, and names the files with their hashes', async () => {
    const { document } = await core.client.reports.read({ run: id });
    const charts = document.sections
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (block.kind === 'chart' ? [block] : []));
    const drawn = new Map(charts.map(({ tag, points, notFinite }) => [tag, points - notFinite]));
    const expected = JSON.parse(
      readFileSync(join(repositoryFolder, 'test/fixtures/event-files/expected.json'), 'utf8'),
    ) as Record<string, Record<string, unknown[]>>;
    expect(drawn.get('train/loss')).toBe(expected[name]?.['train/loss']?.length);
    expect(drawn.get('train/grad_norm') ?? drawn.get('grad_norm')).toBeGreaterThanOrEqual(3);
    const { sources } = JSON.parse(text('report.json', id)) as { sources: { path: string }[] };
    expect(sources.map(({ path }) => path)).toEqual(
      expect.arrayContaining([`runs/${id}/tb/${name}`, `runs/${id}/trainer_state.json`]),
    );
    expect((await core.client.reports.verify({ run: id })).isSame).toBe(true);
    writeFileSync(at('runs', id, 'trainer_state.json'), '{"log_history": [');
    // Half a file costs its own curves.
    await core.client.reports.write({ run: id });
    expect(text('report.md', id)).toContain('train/loss');
  });
});

describe('a run with nothing but a log', () => {
  it('has a report that says so', async () => {
    const written = await core.client.reports.write({ run: BARE });
    expect(written).toMatchObject({ evaluations: 0, curves: 0 });
    expect(text('report.md', BARE)).toContain('The log holds no values that can be drawn.');
    expect(text('report.html', BARE)).toContain('No checkpoint of this run was evaluated.');
    expect((await core.client.reports.verify({ run: BARE })).isSame).toBe(true);
  });

  it('is told from one that is not there', async () => {
    const nobody = 'nobody-2026-11-22' as RunId;
    await expect(core.client.reports.write({ run: nobody })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(core.client.reports.verify({ run: nobody })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('on the command line', () => {
  it('a report is written and verified, and a card says what its run measured', async () => {
    ensureChildBuilt('nesso', 'cli');
    ensureChildBuilt('native-weights', 'core/services/conversion');
    await using own = await temporaryFolder();
    await writeReportedRuns(own.path);
    const inside = (...parts: string[]) => join(own.path, ...parts);
    const nesso = (...words: readonly string[]) => runNesso(inside('state'), ...words);
    const there = ['-w', own.path] as const;

    const written = await nesso('report', 'write', FULL, ...there);
    expect([written.code, written.stderr]).toEqual([0, '']);
    expect(written.stdout).toMatch(/report\.html: \d+ curves, 10 values of evaluations, \d+ files read/);
    const verified = await nesso('report', 'verify', FULL, ...there);
    expect([verified.code, verified.stdout]).toEqual([
      0,
      expect.stringContaining('Everything is as it was when the report was written'),
    ]);
    const results = 'evals/results/step-2000/results_2026-11-20T12-00-00.000000.json';
    appendFileSync(inside(results), ' ');
    const changed = await nesso('report', 'verify', FULL, ...there);
    expect([changed.code, changed.stdout]).toEqual([1, expect.stringContaining('1 of')]);
    expect(changed.stdout).toMatch(new RegExp(`${results} +changed`));

    const model = (await readConversionExpectations()).cases['llama-tied'];
    if (model === undefined) throw new Error('no such model');
    await writeHuggingFaceModel(inside('weights'), model);
    const cardOf = (...words: readonly string[]) =>
      nesso('model', 'card', inside('weights'), ...there, ...words);
    const card = await cardOf('--run', FULL, '--license', 'apache-2.0');
    expect([card.code, card.stderr]).toEqual([0, '']);
    const path = inside('evals/results/step-4000/results_2026-11-20T12-00-00.000000.json');
    const file = JSON.parse(readFileSync(path, 'utf8')) as {
      results: Record<string, Record<string, number>>;
    };
    for (const [task, metric] of [
      ['arc_it', 'acc_norm'],
      ['hellaswag_it', 'acc_norm'],
      ['m_mmlu_it', 'acc'],
    ] as const) {
      const value = file.results[task]?.[`${metric},none`]?.toFixed(4);
      expect(card.stdout).toMatch(
        new RegExp(`name: ${task}\\n[^-]*- type: ${metric}\\n +value: ${value}\\n`),
      );
    }
    expect(card.stdout).toContain('/scratch/tokens/merged');
    expect(card.stdout).toContain('license: apache-2.0');
    // Of a run that nobody measured it is said, and the card is still written, but not over another.
    const output = inside('README.md');
    const bare = await cardOf('--run', BARE, '--output', output);
    expect([bare.code, bare.stderr]).toEqual([0, expect.stringContaining(`No whole evaluation of ${BARE}`)]);
    expect(readFileSync(output, 'utf8')).toContain('# weights');
    expect(expectRefusal(await cardOf('--output', output, '--json')).code).toBe('ALREADY_EXISTS');
    const none = await cardOf('--run', 'none-2026-11-20', '--json');
    expect(expectRefusal(none).code).toBe('NOT_FOUND');
  });
});
