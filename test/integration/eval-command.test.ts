// `nesso eval` as a person uses it, on what lm-eval and lighteval wrote: import, table, compare, and what goes wrong.
import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkIfeval } from '../../core/services/evaluations/ifeval/check-ifeval.ts';
import { readScores } from '../../core/services/evaluations/results/read-scores.ts';
import { readEvaluations } from '../../core/services/evaluations/results/read-files.ts';
import { importResults } from '../../core/services/evaluations/results/import-results.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';
import { expectRefusal, runNesso } from './cli-process.ts';

beforeAll(() => {
  ensureChildBuilt('nesso', 'cli');
});

const fixtures = join(repositoryFolder, 'test/fixtures/evaluations');
const later = join(fixtures, 'lm-eval/nesso-tiny/zero-shot');
const earlier = join(fixtures, 'lm-eval/nesso-tiny-12000/zero-shot');
const RESULTS = 'results_2026-11-22T12-00-00.json';

async function workspace() {
  const folder = await temporaryFolder();
  await writeFiles(folder.path, { 'ws/studio.yaml': 'name: test\n' });
  const root = join(folder.path, 'ws');
  return {
    root,
    folder: folder.path,
    nesso: (...words: readonly string[]) => runNesso(join(folder.path, 'state'), 'eval', ...words),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Rows, their names and every number of the command are those of the window, with published tables beside them. */
async function expectRowsOfWindow(
  { root, nesso }: Awaited<ReturnType<typeof workspace>>,
  ...tables: readonly string[]
): Promise<void> {
  const shown = await nesso('table', '-w', root, '--json', ...tables.flatMap((id) => ['--reference', id]));
  const { rows, columns } = shown.json() as {
    rows: { key: string; model: string; cells: ({ value: number; task: string } | null)[] }[];
    columns: { task: string; metric: string; differs: string[]; partOf: string | null }[];
  };
  await using core = await startTestCore();
  await core.client.workspace.open({ path: root });
  const { tables: published } = await core.client.evaluations.references({});
  const references = published.flatMap(({ table, keys }) => (tables.includes(table.id) ? keys : []));
  const window = await core.client.evaluations.table({ references });
  expect(references.length).toBeGreaterThan(10);
  expect(columns.map(({ task, metric, differs, partOf }) => ({ task, metric, differs, partOf }))).toEqual(
    window.columns.map(({ task, metric, differs, partOf }) => ({ task, metric, differs, partOf })),
  );
  const plain = (of: readonly { name: string; key: string; values: readonly (number | null)[] }[]) =>
    of.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  expect(
    plain(
      rows.map(({ key, model, cells }) => ({
        key,
        name: model,
        values: cells.map((one) => one?.value ?? null),
      })),
    ),
  ).toEqual(
    plain(
      window.rows.map(({ model, cells }) => ({
        key: model.key,
        name: model.name,
        values: cells.map((one) => one?.value ?? null),
      })),
    ),
  );
}

describe('nesso eval', () => {
  it('imports runs of harnesses and a printed table, shows one table, compares question by question', async () => {
    await using test = await workspace();
    const { root, nesso } = test;
    const first = await nesso(
      'import',
      join(earlier, RESULTS),
      '--model',
      'runs/zagreus/12000',
      '-w',
      root,
      '--json',
    );
    expect(first.json()).toMatchObject({
      imported: [{ folder: 'evals/results/runs-zagreus-12000', results: 12, alreadyThere: false }],
      problems: [],
    });
    const copy = join(root, 'evals/results/runs-zagreus-12000');
    const record = JSON.parse(await readFile(join(copy, 'import.json'), 'utf8')) as {
      files: { name: string; sha256: string }[];
    };
    expect(record).toMatchObject({ format: 1, run: 'zagreus', step: 12_000 });
    expect(record.files).toHaveLength(6);
    for (const { name, sha256 } of record.files) {
      const bytes = await readFile(join(copy, name));
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
    await nesso('import', later, '--name', 'tiny', '-w', root);
    const again = await nesso('import', later, '--name', 'tiny', '-w', root);
    expect(again.stdout).toContain('holds these 12 results already');

    const shown = await nesso('table', '-w', root, '--no-groups');
    expect([shown.code, shown.stderr]).toEqual([0, '']);
    expect(shown.stdout).toMatch(/zagreus · step 12,000 +0\.\d{4} ± 0\.\d{4}/);
    expect(shown.stdout).toMatch(/guessing +0\.2500/);
    const latex = await nesso('table', '-w', root, '--reference', 'table-1', '--format', 'latex');
    expect(latex.stdout).toContain('v2-95k (Table 1) &');

    await expectRowsOfWindow(test, 'table-1', 'table-6');

    const compared = await nesso('compare', earlier, later, '--json');
    const { comparisons } = compared.json() as {
      comparisons: { task: string; test: { kind: string; questions?: number } }[];
    };
    expect(comparisons.map((one) => [one.task, one.test.kind, one.test.questions])).toContainEqual([
      'local_arc_challenge',
      'paired',
      17,
    ]);
    const words = await nesso('compare', earlier, join(fixtures, 'lm-eval/nesso-tiny/chat'));
    expect(words.stdout).toContain('not comparable');
    expect(words.stdout).toContain('local_arc_it: The number of examples differs: 0-shot, 1-shot');
  });

  it('lists the published tables with their flaws', async () => {
    await using test = await workspace();
    const listed = await test.nesso('table', '--references');
    expect(listed.stdout).toContain('603k: All values are those of 365k');
    expect(listed.stdout).toContain(
      '345k: Media is printed as 0.3009, the printed values give 0.300967, within rounding',
    );
    const one = await test.nesso('table', '--reference', 'table-6', '--json');
    const { rows, means } = one.json() as {
      rows: { model: string; means: number[] }[];
      means: { label: string }[];
    };
    expect(means.map(({ label }) => label)).toEqual(['en', 'it', 'all']);
    expect(rows[0]?.model).toBe('Qwen/Qwen3-0.6B (Table 6)');
    expect(rows[0]?.means).toEqual([
      expect.closeTo(0.373575),
      expect.closeTo(0.33525),
      expect.closeTo(0.3544125),
    ]);
  });

  it('refuses what is no result, and names what cannot be read beside what can', async () => {
    await using test = await workspace();
    const { root, nesso, folder } = test;
    const bring = (path: string, name: string | null = null) =>
      importResults(root, {
        paths: [join(folder, path)],
        table: null,
        model: null,
        run: null,
        step: null,
        name,
        withAnswers: true,
      });
    await expect(bring('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writeFile(join(folder, 'results_x.json'), 'half');
    const refused = await nesso('import', join(folder, 'results_x.json'), '-w', root, '--json');
    expect(expectRefusal(refused).message).toContain('not JSON');
    expect(expectRefusal(await nesso('compare', folder, later, '--json')).code).toBe('INVALID_INPUT');
    const whole = await readFile(join(later, RESULTS), 'utf8');
    await writeFile(join(folder, 'results_x.json'), whole.slice(0, 1200));
    const half = await bring('results_x.json', 'half');
    expect(half.problems.map(({ text }) => text)).toContain('The file ends in the middle');
    // Other results under a name that is taken.
    await writeFile(join(folder, 'results_x.json'), whole);
    await expect(bring('results_x.json', 'half')).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await writeFile(join(root, 'evals/results/half/results_x.json'), whole);
    const changed = await nesso('table', '-w', root);
    expect(changed.stdout).toContain('It was changed since it was imported');
  });
});

describe('details of lighteval', () => {
  it('pair the questions of two models', async () => {
    await using test = await workspace();
    for (const model of ['a', 'b']) {
      const results = join(test.folder, 'out/results', model);
      const details = join(test.folder, 'out/details', model, '2026-11-22T12-00-00');
      await mkdir(results, { recursive: true });
      await mkdir(details, { recursive: true });
      await cp(join(fixtures, 'lighteval', RESULTS), join(results, RESULTS));
      const name = 'details_capitals_lt|0_2026-11-22T12-00-00.parquet';
      await cp(join(fixtures, 'lighteval/details_capitals_lt_0.parquet'), join(details, name));
    }
    const out = join(test.folder, 'out/results');
    const compared = await test.nesso('compare', join(out, 'a'), join(out, 'b'), '--json');
    expect(compared.json()).toMatchObject({
      comparisons: [
        {
          task: 'capitals_lt',
          test: { kind: 'paired', questions: 17, leftOut: 0, mcNemar: { bothRight: 7, bothWrong: 10 } },
          verdict: 'no difference seen',
        },
      ],
    });
  });
});

describe('answers under IFEval', () => {
  const row = {
    key: 1,
    prompt: 'Parla del fiume senza virgole.',
    instruction_id_list: ['punctuation:no_comma', 'language:response_language'],
    kwargs: [{ keywords: null }, { language: 'it' }],
  };
  const follows = 'Il fiume scorre lento verso il mare e le barche aspettano nel porto.';

  it('are checked as lm-eval kept them, and by prompts from another file', async () => {
    await using test = await workspace();
    const samples = join(test.folder, 'samples_ifeval_1.jsonl');
    const lines = [
      { doc_id: 0, doc: row, resps: [[follows]], filtered_resps: [follows] },
      {
        doc_id: 1,
        doc: row,
        resps: [['Fiume, mare']],
        filtered_resps: ['Sì, il fiume scorre lento, verso il mare'],
      },
    ];
    await writeFile(samples, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{"half": `);
    const told = await test.nesso('ifeval', samples, '--language', 'it', '--json');
    expect(told.json()).toMatchObject({
      scores: { prompts: 2, prompt_level_strict_acc: 0.5, inst_level_strict_acc: 0.75 },
      problems: [{ where: 'line 3', text: 'It holds no answer' }],
    });
    const prompts = join(test.folder, 'prompts.jsonl');
    const answers = join(test.folder, 'answers.jsonl');
    await writeFile(prompts, JSON.stringify(row));
    await writeFile(
      answers,
      `{"prompt": ${JSON.stringify(row.prompt)}, "response": "${follows}"}\n{"key": 2, "response": "x"}\n`,
    );
    const { scores, problems } = await checkIfeval({ answers, prompts, language: 'it' });
    expect(scores).toMatchObject({ prompts: 1, prompt_level_strict_acc: 1 });
    expect(problems.map(({ text }) => text)).toEqual(['Its prompt with instructions is not known']);
    await expect(checkIfeval({ answers, prompts: null, language: 'it' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(checkIfeval({ answers, prompts: answers, language: 'it' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('answers of questions', () => {
  const wanted = { metric: 'acc', filter: 'none' };

  it('reads a file with broken, repeated and foreign lines, and one that was cut off', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'samples_a_1.jsonl');
    const line = (id: number, more = '') =>
      `{"doc_id": ${id}, "filter": "none", "doc_hash": "h${id}", "acc": 1.0${more}}\n`;
    await writeFile(
      path,
      `${line(0)}not json\n\n${line(0)}${line(1, ', "x": NaN')}{"doc_id": 2, "filter": "other", "acc": 0}\n[]\n${line(3).slice(0, 20)}`,
    );
    const { questions, problems } = await readScores(path, wanted);
    expect(questions.map(({ id }) => id)).toEqual([0, 1]);
    expect(problems.map(({ where, text }) => `${where} ${text}`)).toEqual([
      'line 2 3 lines are no sample',
      ' 1 questions stand in it twice; the first counts',
    ]);
    await writeFile(path, '');
    expect((await readScores(path, wanted)).questions).toEqual([]);
    await expect(readScores(path, wanted, { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it('reads a large file line by line without holding it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'samples_a_1.jsonl');
    const filler = 'x'.repeat(4000);
    for (let part = 0; part < 25; part += 1) {
      const lines = Array.from(
        { length: 1000 },
        (_, index) =>
          `{"doc_id": ${part * 1000 + index}, "doc": "${filler}", "filter": "none", "acc": ${index % 2}}`,
      );
      await appendFile(path, `${lines.join('\n')}\n`);
    }
    const before = process.memoryUsage().rss;
    const { questions } = await readScores(path, wanted);
    expect(questions).toHaveLength(25_000);
    // The file has 100 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });

  it('reads a folder of many result files and opens none of their answers', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'evals'));
    for (let index = 0; index < 40; index += 1) {
      const own = join(folder.path, 'evals', `model-${index}`);
      await cp(later, own, { recursive: true });
      // A file that cannot be opened would be named.
      await rm(join(own, 'samples_local_arc_it_2026-11-22T12-00-00.jsonl'));
      await mkdir(join(own, 'samples_local_arc_it_2026-11-22T12-00-00.jsonl'));
    }
    const { results, problems, files } = await readEvaluations([folder.path]);
    expect([results.length, problems, files]).toEqual([480, [], 40]);
    await expect(readEvaluations([folder.path], { signal: AbortSignal.abort() })).rejects.toThrow();
  });

  it('keeps a pasted table as it was', async () => {
    await using test = await workspace();
    const table = await readFile(join(later, 'printed.txt'), 'utf8');
    const request = {
      paths: [],
      table,
      model: 'screenshot 95k',
      run: null,
      step: 95_000,
      name: null,
      withAnswers: true,
    };
    const { imported } = await importResults(test.root, request);
    expect(imported).toMatchObject([{ folder: 'evals/results/screenshot-95k', model: 'screenshot 95k' }]);
    const [name = ''] = imported[0]?.files ?? [];
    expect(await readFile(join(test.root, 'evals/results/screenshot-95k', name), 'utf8')).toBe(table);
    const { results } = await readEvaluations([join(test.root, 'evals')]);
    expect(
      results.every(
        ({ model, step, chatTemplate }) =>
          model === 'screenshot 95k' && step === 95_000 && chatTemplate === 'unknown',
      ),
    ).toBe(true);
    await expect(importResults(test.root, { ...request, table: 'nothing here' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
