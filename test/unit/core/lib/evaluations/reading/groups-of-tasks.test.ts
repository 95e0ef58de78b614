// Groups within groups: a results file and a printed table of lm-eval 0.4.13 (test/fixtures/evaluations/make_groups.py), and bad input.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { meansOf } from '../../../../../../core/lib/evaluations/column-means.ts';
import {
  commonShots,
  groupsAbove,
  isPartOf,
  partsOfGroups,
} from '../../../../../../core/lib/evaluations/reading/groups-of-tasks.ts';
import { readResults } from '../../../../../../core/lib/evaluations/reading/read-results.ts';
import { readTable } from '../../../../../../core/lib/evaluations/reading/read-table.ts';
import { resultColumns } from '../../../../../../core/lib/evaluations/result-columns.ts';

const folder = join(import.meta.dirname, '../../../../../fixtures/evaluations/lm-eval-groups');
const source = { path: 'results_1.json', sha256: null };
const text = readFileSync(join(folder, 'results_2026-11-22T12-00-00.json'), 'utf8');

test('a results file says who is a part of what; a group has the examples of its parts', () => {
  const { results, problems } = readResults(text, source);
  expect(problems).toEqual([]);
  expect(
    Object.fromEntries(results.map(({ task, isGroup, groups, shots }) => [task, [isGroup, groups, shots]])),
  ).toEqual({
    exam: [true, undefined, 0],
    exam_stem: [true, ['exam'], 0],
    exam_humanities: [true, ['exam'], 0],
    exam_physics: [false, ['exam_stem', 'exam'], 0],
    exam_biology: [false, ['exam_stem', 'exam'], 0],
    exam_history: [false, ['exam_humanities', 'exam'], 0],
    exam_law: [false, ['exam_humanities', 'exam'], 0],
  });
});

test('a printed table says it by how far its names are moved in', () => {
  const printed = readFileSync(join(folder, 'printed.txt'), 'utf8');
  const { results, problems } = readTable(printed, source, null);
  expect(problems).toEqual([]);
  expect(Object.fromEntries(results.map(({ task, isGroup, groups }) => [task, [isGroup, groups]]))).toEqual({
    exam: [true, undefined],
    humanities: [true, ['exam']],
    exam_history: [false, ['humanities', 'exam']],
    exam_law: [false, ['humanities', 'exam']],
    stem: [true, ['exam']],
    exam_biology: [false, ['stem', 'exam']],
    exam_physics: [false, ['stem', 'exam']],
  });
});

const printedText = readFileSync(join(folder, 'printed.txt'), 'utf8');
test.each([
  // A printed table does not say that its stem is that of mmlu: its tasks stand for themselves.
  ['a file', readResults(text.replaceAll('exam', 'mmlu'), source), ['arc_challenge', 'mmlu_stem']],
  [
    'a printed table',
    readTable(printedText.replaceAll('exam', 'mmlu'), source, null),
    ['arc_challenge', 'mmlu_biology', 'mmlu_physics'],
  ],
])('of %s, a benchmark counts once in a mean, also beside another one', (_, { results }, ofStem) => {
  const [first] = results;
  if (first === undefined) throw new Error('There are no results');
  const { groups: _none, ...other } = { ...first, task: 'arc_challenge', metric: 'acc_norm', isGroup: false };
  const inMean = (of: typeof results) => {
    const columns = resultColumns(of).map(({ column }) => column);
    const over = meansOf(columns).find(({ label }) => label === 'all')?.over ?? [];
    return over.map((place) => columns[place]?.task ?? '').toSorted((a, b) => (a < b ? -1 : 1));
  };
  expect(inMean([...results, other])).toEqual(['arc_challenge', 'mmlu']);
  // Asked for one of its groups alone.
  const stem = results.filter(({ task, groups = [] }) =>
    [task, ...groups].some((one) => one.endsWith('stem')),
  );
  expect(stem).toHaveLength(3);
  expect(inMean([...stem, other])).toEqual(ofStem);
});

test('groups in a circle, of nothing, twice the same part, and of another shape', () => {
  const parts = partsOfGroups({
    group_subtasks: { a: ['b', 'b'], b: ['a', 'x'], empty: [], odd: 'x', mixed: [3, 'x'], self: ['self'] },
  });
  expect([...parts.keys()]).toEqual(['a', 'b', 'mixed', 'self']);
  expect(groupsAbove('x', parts)).toEqual(['b', 'mixed', 'a']);
  expect(groupsAbove('self', parts)).toEqual([]);
  expect(groupsAbove('unknown', parts)).toEqual([]);
  const file = { 'n-shot': { x: 5, y: 0 }, configs: { z: { num_fewshot: 5 } } };
  expect(commonShots(file, 'a', parts)).toBe(5);
  expect(commonShots(file, 'x', parts)).toBeNull();
  expect(commonShots(file, 'g', new Map([['g', ['x', 'y']]]))).toBeNull();
  expect(commonShots(file, 'g', new Map([['g', ['x', 'z']]]))).toBe(5);
  expect(commonShots(file, 'g', new Map([['g', ['g']]]))).toBeNull();
  for (const none of [{}, { group_subtasks: null }, { group_subtasks: ['a'] }])
    expect(partsOfGroups(none).size).toBe(0);
  expect(isPartOf({ task: 'mmlu_law' }, 'mmlu')).toBe(true);
  expect(isPartOf({ task: 'mmlu_law', groups: ['exam'] }, 'mmlu')).toBe(false);
});
