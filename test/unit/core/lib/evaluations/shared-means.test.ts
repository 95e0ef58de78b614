// Means over the tasks that every model shown has: which tasks count, what is said of it, and what follows when a model is hidden.
import { describe, expect, it } from 'vitest';
import type { Leaderboard } from '../../../../../core/api/evaluations.ts';
import {
  EVERYTHING,
  type LeaderboardChoice,
  showLeaderboard,
} from '../../../../../core/lib/evaluations/leaderboard.ts';
import { leaderboardText } from '../../../../../core/lib/evaluations/table-texts.ts';

const TASKS = [
  ['arc_it', 'it'],
  ['arc', 'en'],
  ['mmlu_it', 'it'],
] as const;

const board = (rows: Readonly<Record<string, readonly (number | null)[]>>): Leaderboard => ({
  version: 1,
  columns: TASKS.map(([task, language]) => ({
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
  })),
  rows: Object.entries(rows).map(([name, values]) => ({
    model: { key: `model:${name}`, name, run: null, modelPath: null, type: null, reference: null },
    cells: values.map((value) =>
      value === null
        ? null
        : {
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
          },
    ),
  })),
  sources: ['x'],
  leftOut: 0,
});
const shared = (table: Leaderboard, more: Partial<LeaderboardChoice> = {}) =>
  showLeaderboard(table, { ...EVERYTHING, meanOver: 'shared', ...more });

describe('means over shared tasks', () => {
  const table = board({ b2: [0.3, 0.4, 0.5], b10: [0.36, 0.39, null], a: [0.3, 0.2, 0.5] });

  it('leave a task out for all where one model lacks it, and say how many they go over', () => {
    const { means, rows, bestMeans } = shared(table);
    expect(means).toEqual([
      { label: 'it', over: [0], outOf: 2 },
      { label: 'all', over: [0, 1], outOf: 3 },
    ]);
    expect(rows.map((row) => row.means.map((mean) => mean?.value))).toEqual([
      [0.3, expect.closeTo(0.35, 12)],
      [0.36, expect.closeTo(0.375, 12)],
      [0.3, expect.closeTo(0.25, 12)],
    ]);
    expect(rows[1]?.means[1]?.standardError).toBeCloseTo(Math.sqrt(2 * 0.01 ** 2) / 2, 12);
    expect(bestMeans).toEqual([[1], [1]]);
    expect(leaderboardText(shared(table)).notes).toContain(
      'Mean over the 2 of 3 tasks that every model here was asked',
    );
  });

  it('count a task again when the model that lacks it is not shown', () => {
    expect(shared(table, { hiddenModels: ['model:b10'] }).means.at(-1)).toEqual({
      label: 'all',
      over: [0, 1, 2],
    });
  });

  it('are none where no task is shared', () => {
    const { means, rows } = shared(board({ x: [0.3, null, null], y: [null, 0.4, 0.5] }));
    expect(means.at(-1)).toEqual({ label: 'all', over: [], outOf: 3 });
    expect(rows.map((row) => row.means.at(-1))).toEqual([null, null]);
  });
});
