// The leaderboard without files: to whom results belong, which columns they stand in, means, the best, against a baseline, as text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { Leaderboard, LeaderboardCell, LeaderboardColumn } from '../../../../../core/api/evaluations.ts';
import { checkpointNamed } from '../../../../../core/lib/evaluations/checkpoint-of.ts';
import { bestRows, meansOf } from '../../../../../core/lib/evaluations/column-means.ts';
import { columnHash, comparabilityKey } from '../../../../../core/lib/evaluations/comparability.ts';
import { evaluatedModel, type Places } from '../../../../../core/lib/evaluations/evaluated-model.ts';
import { EVERYTHING, showLeaderboard } from '../../../../../core/lib/evaluations/leaderboard.ts';
import { readTable } from '../../../../../core/lib/evaluations/reading/read-table.ts';
import { referenceKeys } from '../../../../../core/lib/evaluations/reference-models.ts';
import { referenceRowResults } from '../../../../../core/lib/evaluations/reference-results.ts';
import { referenceTable } from '../../../../../core/lib/evaluations/reference.ts';
import { resultColumns } from '../../../../../core/lib/evaluations/result-columns.ts';
import { resultTable } from '../../../../../core/lib/evaluations/result-table.ts';
import type { EvaluationResult } from '../../../../../core/lib/evaluations/result.ts';
import { leaderboardText, tableText } from '../../../../../core/lib/evaluations/table-texts.ts';

const publishedFolder = join(import.meta.dirname, '../../../../../resources/reference/zagreus');
const published = (id: string) =>
  referenceTable.parse(JSON.parse(readFileSync(join(publishedFolder, `${id}.json`), 'utf8')));

const result = (change: Partial<EvaluationResult>): EvaluationResult => ({
  task: 'arc_it',
  isGroup: false,
  version: '2',
  shots: 0,
  filter: 'none',
  metric: 'acc_norm',
  value: 0.3,
  standardError: 0.01,
  samples: 1000,
  available: 1000,
  higherIsBetter: true,
  harness: 'lm-eval',
  harnessVersion: '0.4.9',
  chatTemplate: 'none',
  systemPrompt: 'none',
  limit: 'none',
  taskHash: null,
  model: 'm',
  measuredMs: 1,
  source: { path: 'a', sha256: null },
  ...change,
});

describe('whose a result is', () => {
  const places: Places = {
    root: '/home/team/workspace',
    runs: new Map([
      [
        'ita',
        {
          id: 'ita',
          name: 'Zagreus ita',
          folders: ['/scratch/ita/checkpoints'],
          checkpoints: [
            {
              step: 12_000,
              tokens: 3e9,
              path: '/other/place/12000',
              models: [{ file: 'model-q8_0.gguf', type: 'q8_0', weightsSha256: 'b'.repeat(64) }],
            },
          ],
        },
      ],
      [
        'job-1',
        {
          id: 'job-1',
          name: 'evaluate',
          folders: [],
          checkpoints: [],
          evaluates: { run: 'ita', step: 12_000 },
        },
      ],
    ]),
  };
  const nothing = { run: null, step: null, modelPath: null, weightsSha256: null, type: null };
  test.each([
    ['a record', { ...nothing, model: 'x', run: 'ita', step: 5 }, 'run:ita/5'],
    ['a record of a run that is gone', { ...nothing, model: 'x', run: 'old', step: 5 }, 'run:old/5'],
    [
      'the folder of checkpoints',
      { ...nothing, model: '/home/team/workspace/checkpoints/ita/12000/model-q8_0.gguf' },
      'run:ita/12000/q8_0',
    ],
    ['the same from the workspace', { ...nothing, model: 'checkpoints/ita/12000/weights' }, 'run:ita/12000'],
    ['where the run saved it', { ...nothing, model: '/other/place/12000/hf' }, 'run:ita/12000'],
    ['the folder of the run there', { ...nothing, model: '/scratch/ita/checkpoints/500/' }, 'run:ita/500'],
    ['a step in the run’s own folder', { ...nothing, model: 'runs/ita/out/checkpoint-700' }, 'run:ita/700'],
    [
      'the path of the file that was measured',
      { ...nothing, model: 'model-q8_0', modelPath: 'checkpoints/ita/12000/model-q8_0.gguf' },
      'run:ita/12000/q8_0',
    ],
    [
      'the hash of the weights',
      { ...nothing, model: 'x', weightsSha256: 'b'.repeat(64), type: 'Q8_0' },
      'run:ita/12000/q8_0',
    ],
    [
      'the job that measured it',
      { ...nothing, model: '/tmp/12000-hf', source: 'runs/job-1/results/arc_it/x/results_1.json' },
      'run:ita/12000',
    ],
    ['a name like a step: nobody', { ...nothing, model: 'v2-95k' }, 'model:v2-95k'],
    ['a step without a run: nobody', { ...nothing, model: 'x', step: 95_000 }, 'model:x'],
    ['a folder of no run', { ...nothing, model: 'checkpoints/spa/12000' }, 'model:checkpoints/spa/12000'],
    [
      'a folder that only begins alike',
      { ...nothing, model: '/other/place/120001' },
      'model:/other/place/120001',
    ],
    ['half a hash', { ...nothing, model: 'x', weightsSha256: 'b'.repeat(63) }, 'model:x'],
  ])('is told by %s', (_, facts, key) => {
    expect(evaluatedModel(facts, places).key).toBe(key);
  });

  it('shows tokens, files and short names', () => {
    expect(evaluatedModel({ ...nothing, model: 'checkpoints/ita/12000' }, places)).toMatchObject({
      name: 'Zagreus ita · step 12,000',
      run: { id: 'ita', step: 12_000, tokens: 3e9 },
      type: null,
    });
    expect(
      evaluatedModel({ ...nothing, model: 'tiny', modelPath: 'models/tiny/tiny-q4.gguf' }, places),
    ).toMatchObject({ key: 'model:tiny', modelPath: 'models/tiny/tiny-q4.gguf' });
    expect(evaluatedModel({ ...nothing, model: '/a/long/path/to/model' }, places).name).toBe('to/model');
    expect(evaluatedModel({ ...nothing, model: 'Qwen/Qwen3-0.6B' }, places).name).toBe('Qwen/Qwen3-0.6B');
  });

  it('believes a name only of a known run, or a path', () => {
    const isRun = (id: string) => id === 'v2';
    expect(checkpointNamed('v2-95k', () => false)).toEqual({ run: null, step: 95_000, isKnown: false });
    expect(checkpointNamed('v2-95k', isRun)).toEqual({ run: 'v2', step: 95_000, isKnown: true });
    expect(checkpointNamed('runs/zagreus/12000', isRun)).toEqual({
      run: 'zagreus',
      step: 12_000,
      isKnown: false,
    });
    expect(checkpointNamed('Qwen/Qwen3-0.6B', isRun)).toBeNull();
  });
});

describe('columns', () => {
  const differs = (results: readonly EvaluationResult[], join: 'strict' | 'alike' = 'strict') =>
    resultColumns(results, { join }).map(({ column, results: own }) => [column.differs, own.length]);

  it('part by every setting that changes a number', () => {
    const one = result({});
    const changes: readonly Partial<EvaluationResult>[] = [
      { shots: 5 },
      { version: '3' },
      { filter: 'strict-match' },
      { chatTemplate: 'abc' },
      { systemPrompt: 'abc' },
      { limit: 100 },
      { harness: 'lighteval', harnessVersion: null },
      { harnessVersion: '0.4.2' },
    ];
    for (const change of changes) {
      expect(resultColumns([one, one, result(change)])).toHaveLength(2);
      expect(columnHash(comparabilityKey(result(change)))).not.toBe(columnHash(comparabilityKey(one)));
    }
    expect(differs([one, one, result({ shots: 5 }), result({ limit: 0.1 })])).toEqual([
      [[], 2],
      [['5-shot'], 1],
      [['limit 10 %'], 1],
    ]);
    expect(columnHash('a')).toHaveLength(11);
  });

  it('are joined where nothing that is known differs, and never where it does', () => {
    const unknown = {
      version: null,
      shots: null,
      harness: 'unknown' as const,
      harnessVersion: null,
      chatTemplate: 'unknown',
      systemPrompt: 'unknown',
      limit: 'unknown' as const,
    };
    const typed = result({ ...unknown, model: 'typed' });
    const fiveShot = result({ shots: 5, model: 'five' });
    expect(differs([result({}), typed, fiveShot])).toHaveLength(3);
    expect(differs([result({}), typed, fiveShot], 'alike')).toEqual([
      [[], 2],
      [['5-shot'], 1],
    ]);
    // Two that differ never meet through a third of which nothing is known.
    const between = resultColumns([typed, result({}), fiveShot], { join: 'alike' });
    expect(between).toHaveLength(2);
    // The metric that a table does not name.
    const unnamed = result({ ...unknown, metric: 'score', model: 'wide' });
    expect(differs([result({}), unnamed], 'alike')).toEqual([[[], 2]]);
    expect(differs([result({}), unnamed])[1]?.[0]).toContain('metric unknown');
  });

  it('know parts of groups, which have no say in a mean beside their group', () => {
    const of = (task: string, isGroup: boolean) => result({ task, isGroup, metric: 'acc' });
    const columns = resultColumns([
      of('mmlu', true),
      of('mmlu_stem', true),
      of('mmlu_anatomy', false),
      of('m_mmlu_it', false),
      of('all', true),
    ]).map(({ column }) => column);
    expect(columns.map(({ task, partOf }) => [task, partOf])).toEqual([
      ['mmlu', null],
      ['mmlu_stem', 'mmlu'],
      ['mmlu_anatomy', 'mmlu'],
      ['m_mmlu_it', null],
      ['all', null],
    ]);
    expect(meansOf(columns)).toEqual([{ label: 'all', over: [0, 3] }]);
    // A part that the file says to be one, whatever its name; of several groups the widest that was formed.
    const said = resultColumns([
      of('mmlu', true),
      of('mmlu_stem', true),
      result({ task: 'anatomy', metric: 'acc', groups: ['mmlu_stem', 'mmlu'] }),
      of('mmlu_pro', false),
      of('m_mmlu_it', false),
    ]).map(({ column }) => column);
    expect(said.map(({ task, partOf }) => [task, partOf])).toEqual([
      ['mmlu', null],
      ['mmlu_stem', 'mmlu'],
      ['anatomy', 'mmlu'],
      ['mmlu_pro', null],
      ['m_mmlu_it', null],
    ]);
    expect(meansOf(said)).toEqual([{ label: 'all', over: [0, 3, 4] }]);
    // Without the group its parts count.
    expect(meansOf(columns.slice(2)).at(-1)).toEqual({ label: 'all', over: [0, 1] });
  });
});

describe('what is shown', () => {
  const cell = (value: number, more: Partial<LeaderboardCell> = {}): LeaderboardCell => ({
    value,
    standardError: 0.01,
    samples: 1000,
    available: 1000,
    measuredMs: 1,
    hasAnswers: false,
    harness: 'lm-eval',
    differs: [],
    column: 'c',
    source: 0,
    older: [],
    ...more,
  });
  const column = (task: string, language: string | null, more: Partial<LeaderboardColumn> = {}) => ({
    key: task,
    task,
    metric: 'acc',
    filter: 'none',
    shots: 0,
    differs: [],
    settings: [],
    language,
    chance: 0.25,
    higherIsBetter: true,
    isGroup: false,
    partOf: null,
    ...more,
  });
  const model = (name: string) => ({
    key: `model:${name}`,
    name,
    run: null,
    modelPath: null,
    type: null,
    reference: null,
  });
  const table: Leaderboard = {
    version: 1,
    columns: [
      column('arc_it', 'it'),
      column('arc', 'en'),
      column('mmlu_it', 'it'),
      column('loss', null, { higherIsBetter: false, metric: 'ppl' }),
    ],
    rows: [
      { model: model('b2'), cells: [cell(0.3), cell(0.4), cell(0.5), cell(9)] },
      { model: model('b10'), cells: [cell(0.36), cell(0.39), null, cell(7)] },
      { model: model('a'), cells: [cell(0.3), cell(0.2), cell(0.5), cell(8)] },
    ],
    sources: ['x'],
    leftOut: 0,
  };
  const names = (choice: Partial<typeof EVERYTHING>) =>
    showLeaderboard(table, { ...EVERYTHING, ...choice }).rows.map((row) => row.model.name);

  it('means are per language and over all, and missing where a task is', () => {
    const { means, rows, best, bestMeans } = showLeaderboard(table, EVERYTHING);
    expect(means.map(({ label }) => label)).toEqual(['it', 'all']);
    expect(rows[0]?.means.map((mean) => mean?.value)).toEqual([0.4, expect.closeTo(0.4, 12)]);
    expect(rows[0]?.means[1]?.standardError).toBeCloseTo(Math.sqrt(3 * 0.01 ** 2) / 3, 12);
    expect(rows[1]?.means).toEqual([null, null]);
    expect(best).toEqual([[1], [0], [0, 2], [1]]);
    expect(bestMeans).toEqual([[0, 2], [0]]);
  });

  it('means go over the tasks of this workspace, whatever a published row brings', () => {
    const reference = { ...model('r'), reference: { table: 'table-6', title: 'x' } };
    const beside: Leaderboard = {
      ...table,
      columns: [...table.columns, column('ifeval-ita', 'it')],
      rows: [
        ...table.rows.map((row) => ({ ...row, cells: [...row.cells, null] })),
        { model: reference, cells: [cell(0.3), null, cell(0.4), null, cell(0.5)] },
      ],
    };
    const { means, rows } = showLeaderboard(beside, EVERYTHING);
    expect(means).toEqual(showLeaderboard(table, EVERYTHING).means);
    expect(rows.at(-1)?.means.map((mean) => mean?.value)).toEqual([expect.closeTo(0.35, 12), undefined]);
    const alone = { ...beside, rows: beside.rows.slice(-1) };
    expect(showLeaderboard(alone, EVERYTHING).means.at(-1)?.over).toHaveLength(4);
  });

  it('sorts by any column with missing values last, pins first, hides and finds', () => {
    expect(names({ sort: { by: 'name', descending: false } })).toEqual(['a', 'b2', 'b10']);
    expect(names({ sort: { by: 'mmlu_it', descending: true } }).at(-1)).toBe('b10');
    expect(names({ sort: { by: 'mmlu_it', descending: false } }).at(-1)).toBe('b10');
    expect(names({ sort: { by: 'mean:all', descending: true } })).toEqual(['b2', 'a', 'b10']);
    expect(names({ sort: { by: 'gone', descending: true } })).toEqual(['b2', 'b10', 'a']);
    expect(names({ pinnedModels: ['model:a'], sort: { by: 'name', descending: true } })[0]).toBe('a');
    expect(names({ hiddenModels: ['model:a'] })).toEqual(['b2', 'b10']);
    expect(names({ models: ['model:a', 'model:gone'] })).toEqual(['a']);
    expect(names({ search: 'B1' })).toEqual(['b10']);
    expect(names({ language: 'en', tasks: ['arc'] })).toEqual(['b2', 'b10', 'a']);
    expect(names({ tasks: ['mmlu_it'] })).toEqual(['b2', 'a']);
  });

  it('groups columns by language and keeps pinned ones first', () => {
    const tasks = (choice: Partial<typeof EVERYTHING>) =>
      showLeaderboard(table, { ...EVERYTHING, ...choice }).columns.map(({ task }) => task);
    expect(tasks({ byLanguage: true })).toEqual(['arc_it', 'mmlu_it', 'arc', 'loss']);
    expect(tasks({ pinnedColumns: ['loss'] })).toEqual(['loss', 'arc_it', 'arc', 'mmlu_it']);
    expect(tasks({ hiddenColumns: ['arc'] })).toEqual(['arc_it', 'mmlu_it', 'loss']);
    expect(showLeaderboard(table, { ...EVERYTHING, pinnedColumns: ['loss', 'gone'] }).pinnedColumns).toBe(1);
  });

  it('marks against a baseline in the direction of the metric', () => {
    const { rows } = showLeaderboard(table, { ...EVERYTHING, baseline: 'model:b2' });
    expect(rows[0]).toMatchObject({ isBaseline: true, against: [null, null, null, null] });
    expect(rows[1]?.against.map((one) => one?.verdict)).toEqual(['better', 'same', undefined, 'better']);
    expect(rows[2]?.against.map((one) => one?.verdict)).toEqual(['same', 'worse', 'same', 'better']);
    const unsure = {
      ...table,
      rows: table.rows.map((row) => ({
        ...row,
        cells: row.cells.map((one) => one && { ...one, standardError: null }),
      })),
    };
    const again = showLeaderboard(unsure, { ...EVERYTHING, baseline: 'model:b2' });
    expect(again.rows[1]?.against[0]).toMatchObject({ verdict: 'untested', p: null, adjustedP: null });
  });

  it('goes by the paired test where there is one, and says so in its marks', () => {
    const choice = { ...EVERYTHING, baseline: 'model:b2' };
    const test = 'McNemar, mid-p';
    const paired = showLeaderboard(table, choice).rows[1]?.model.key;
    const shown = showLeaderboard(table, choice, (model, key) =>
      model !== paired ? null : { questions: 411, test, p: key === table.columns[0]?.key ? 1e-6 : 0.9 },
    );
    const place = shown.rows.findIndex(({ against }) => against.some((one) => one?.paired != null));
    const row = shown.rows[place];
    const [marked, other] = (row?.against ?? []).filter((one) => one !== null);
    expect(marked).toMatchObject({ p: 1e-6, paired: { questions: 411, test } });
    expect(['better', 'worse']).toContain(marked?.verdict);
    expect(marked?.adjustedP).toBeLessThan(0.05);
    expect(other).toMatchObject({ p: 0.9, verdict: 'same' });
    // The other row has standard errors alone.
    const plain = shown.rows.filter(({ isBaseline }, at) => !isBaseline && at !== place);
    expect(plain.flatMap(({ against }) => against.filter((one) => one?.paired != null))).toEqual([]);
    const text = leaderboardText(shown);
    expect(tableText(text, 'markdown')).toMatch(/± 0\.0100 [+−]†/);
    expect(tableText(text, 'latex')).toMatch(/\$\^\{[+-]\\dagger\}\$/);
    expect(text.notes?.at(-1)).toContain('with † by a paired test');
  });

  it('shows parts of groups: none, groups within groups, or all', () => {
    const base = table.columns[0];
    if (base === undefined) throw new Error('The table has no columns');
    const more = (task: string, isGroup: boolean, partOf: string | null) => ({
      ...base,
      key: task,
      task,
      isGroup,
      partOf,
    });
    const columns = [
      more('mmlu', true, null),
      more('mmlu_stem', true, 'mmlu'),
      more('mmlu_anatomy', false, 'mmlu'),
    ];
    const rows = table.rows.map(({ model: own }) => ({ model: own, cells: columns.map(() => cell(0.3)) }));
    const names = (parts: 'none' | 'groups' | 'all') =>
      showLeaderboard({ ...table, columns, rows }, { ...EVERYTHING, parts }).columns.map(({ task }) => task);
    expect(names('none')).toEqual(['mmlu']);
    expect(names('groups')).toEqual(['mmlu', 'mmlu_stem']);
    expect(names('all')).toEqual(['mmlu', 'mmlu_stem', 'mmlu_anatomy']);
  });

  it('leaves as text with its marks, its notes and nothing that breaks a format', () => {
    const odd = {
      ...table,
      rows: [
        {
          model: model('100 % |_&\n% \\input{x}'),
          cells: [cell(0.3, { differs: ['shots unknown'] }), null, null, null],
        },
        ...table.rows,
      ],
    };
    const text = leaderboardText(showLeaderboard(odd, { ...EVERYTHING, baseline: 'model:b2' }));
    const markdown = tableText(text, 'markdown');
    expect(markdown.split('\n')[2]).toContain('\\|_&');
    expect(markdown).toContain('**0.3600** ± 0.0100 +');
    expect(markdown).toContain('0.3000 ± 0.0100 [1]');
    expect(markdown).toContain('1. Asked otherwise: shots unknown');
    const latex = tableText(text, 'latex');
    expect(latex).toContain('100 \\% |\\_\\& \\% \\textbackslash{}input\\{x\\} &');
    expect(latex).toContain('\\textbf{0.3600}$^{+}$ $\\pm$ 0.0100');
    expect(latex.split('\n').filter((line) => line.trim().endsWith('\\\\'))).toHaveLength(5);
    const csv = tableText(text, 'csv').split('\n');
    expect(csv[0]).toContain('arc_it (acc) standard error');
    expect(csv[3]).toContain('b10,0.36,0.01');
  });
});

describe('published tables', () => {
  it('have a key a row, and form their printed means again', () => {
    for (const id of [
      'table-1',
      'table-2',
      'table-3',
      'table-4',
      'table-5',
      'table-6',
      'table-7',
      'evalita',
    ]) {
      const table = published(id);
      expect(new Set(referenceKeys(table)).size).toBe(table.rows.length);
    }
    const table = published('table-6');
    const { rows, means } = resultTable(table.rows.flatMap((_, place) => referenceRowResults(table, place)));
    expect(means.map(({ label }) => label)).toEqual(['en', 'it', 'all']);
    for (const [place, row] of rows.entries()) {
      const printed = table.rows[place]?.means ?? [];
      for (const [mean, value] of row.means.entries())
        expect(Math.abs((value ?? Number.NaN) - (printed[mean] ?? Number.NaN))).toBeLessThanOrEqual(1e-4);
    }
  });

  it('stand in the column they may be compared with, whatever is not known of them', () => {
    const own = result({ task: 'm_mmlu_it', metric: 'acc', shots: 5 });
    const [row] = referenceRowResults(published('table-1'), 0);
    const joined = resultColumns([own, ...(row ? [row] : [])], {
      joins: ({ source }) => source.path.startsWith('reference/'),
    });
    expect(joined).toHaveLength(1);
    const zeroShot = resultColumns([{ ...own, shots: 0 }, ...(row ? [row] : [])], { joins: () => true });
    expect(zeroShot).toHaveLength(2);
  });

  it('read from a pasted table without metrics as such', () => {
    const { results } = readTable(
      '| Model | arc_it |\n|---|---|\n| x | 0.3 |',
      { path: 't', sha256: null },
      null,
    );
    expect(results[0]).toMatchObject({ metric: 'score', task: 'arc_it' });
  });
});

test('the best of a column is none where there is nothing to choose from', () => {
  expect(bestRows([null, 0.3], true)).toEqual([]);
  expect(bestRows([0.3, 0.3, 0.2], true)).toEqual([0, 1]);
  expect(bestRows([0.3, 0.2, null], false)).toEqual([1]);
});
