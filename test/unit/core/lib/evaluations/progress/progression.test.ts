// Results over a training: which stand on one line, what sets lines apart, and the published tables as they are printed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type MeasuredResult,
  progression,
} from '../../../../../../core/lib/evaluations/progress/progression.ts';
import { referenceTable } from '../../../../../../core/lib/evaluations/reference.ts';
import type { EvaluationResult } from '../../../../../../core/lib/evaluations/result.ts';

const tables = [1, 6].map((number) =>
  referenceTable.parse(
    JSON.parse(
      readFileSync(
        join(import.meta.dirname, `../../../../../../resources/reference/zagreus/table-${number}.json`),
        'utf8',
      ),
    ),
  ),
);
const plain = { allMetrics: false };

function measured(
  step: number | null,
  change: Partial<EvaluationResult> = {},
  type: string | null = null,
): MeasuredResult {
  const name = step === null ? 'Qwen3-0.6B' : `zagreus/${step}`;
  return {
    model: {
      key: step === null ? `model:${name}` : `run:zagreus/${step}${type === null ? '' : `/${type}`}`,
      name,
      run: step === null ? null : { id: 'zagreus', name: 'zagreus', step, tokens: step * 1000 },
      type,
    },
    hasAnswers: true,
    result: {
      task: 'hellaswag_it',
      isGroup: false,
      version: '1',
      shots: 0,
      filter: 'none',
      metric: 'acc_norm',
      value: 0.3 + (step ?? 0) / 1e6,
      standardError: 0.005,
      samples: 9193,
      available: 9193,
      higherIsBetter: true,
      harness: 'lm-eval',
      harnessVersion: '0.4.13',
      chatTemplate: 'none',
      systemPrompt: 'none',
      limit: 'none',
      taskHash: null,
      model: name,
      measuredMs: 1,
      source: { path: `runs/${step}/results.json`, sha256: null },
      ...change,
    },
  };
}

describe('progression', () => {
  test('a published progression is a line of its printed values, with its flaws', () => {
    const [task] = progression([], tables, plain).filter((one) => one.task === 'hellaswag_it');
    const line = task?.lines.find(({ series }) => series === 'reference:table-1');
    expect(line?.points.slice(0, 2).map(({ step, value }) => [step, value])).toEqual([
      [95000, 0.3366],
      [290000, 0.3492],
    ]);
    expect(line?.points.find(({ step }) => step === 520000)?.flaws).toEqual([
      'All values are those of v2-460k',
    ]);
    // √(p (1 − p) / (n − 1)) of 9,193 questions.
    expect(line?.points[0]?.standardError).toBeCloseTo(Math.sqrt((0.3366 * 0.6634) / 9192), 12);
    expect(task?.chance).toBe(0.25);
    // Rows of a leaderboard stand still.
    expect(task?.levels.map(({ name, value }) => [name, value])).toContainEqual(['Qwen/Qwen3-0.6B', 0.3598]);
  });

  test('checkpoints of a run are one line by step; other models are levels', () => {
    const results = [measured(3000), measured(1000), measured(null), measured(2000)];
    const [task] = progression(results, [], plain);
    expect(task?.lines).toHaveLength(1);
    expect(task?.lines[0]).toMatchObject({ series: 'run:zagreus', kind: 'run', differ: [], unknown: [] });
    expect(task?.lines[0]?.points.map(({ step, tokens }) => [step, tokens])).toEqual([
      [1000, 1e6],
      [2000, 2e6],
      [3000, 3e6],
    ]);
    expect(task?.levels.map(({ model }) => model)).toEqual(['model:Qwen3-0.6B']);
  });

  test('quantizations of a run have lines of their own', () => {
    const [task] = progression([measured(1000), measured(1000, {}, 'q8_0')], [], plain);
    expect(task?.lines.map(({ series, title }) => [series, title])).toEqual([
      ['run:zagreus', 'zagreus'],
      ['run:zagreus/q8_0', 'zagreus, q8_0'],
    ]);
  });

  test('what was asked in another way is another line, and says so', () => {
    const results = [
      measured(1000),
      measured(2000),
      measured(2000, { shots: 5 }),
      measured(3000, { limit: 100 }),
    ];
    const [task] = progression(results, [], plain);
    expect(task?.lines.map(({ differ, points }) => [differ, points.map(({ step }) => step)])).toEqual([
      [[], [1000, 2000]],
      [['5-shot'], [2000]],
      [['limit 100 questions'], [3000]],
    ]);
  });

  test('a published line beside a measured one names what the report does not say', () => {
    const [task] = progression([measured(1000)], tables, plain);
    const line = task?.lines.find(({ kind }) => kind === 'reference');
    expect(line?.differ).toEqual([]);
    expect(line?.unknown).toContain('chat template');
    expect(line?.unknown).toContain('limit');
  });

  test('the same question asked twice counts as it was answered last', () => {
    const results = [
      measured(1000, { value: 0.1, measuredMs: 5 }),
      measured(1000, { value: 0.2, measuredMs: 9 }),
    ];
    expect(progression(results, [], plain)[0]?.lines[0]?.points.map(({ value }) => value)).toEqual([0.2]);
  });

  test('names that end in a step are a training of their own, never a run', () => {
    const one = measured(null);
    const named = ['v2-95k', 'v2-205k'].map((name) => ({
      ...one,
      model: { ...one.model, key: `model:${name}`, name },
    }));
    expect(progression(named, [], plain)[0]?.lines[0]).toMatchObject({
      series: 'named:v2',
      kind: 'named',
      points: [{ step: 95000 }, { step: 205000 }],
    });
  });

  test('the metric that reports quote is shown, the others on request', () => {
    const results = [measured(1000), measured(1000, { metric: 'acc' })];
    expect(progression(results, [], plain).map(({ metric }) => metric)).toEqual(['acc_norm']);
    expect(progression(results, [], { allMetrics: true }).map(({ metric }) => metric)).toEqual([
      'acc_norm',
      'acc',
    ]);
  });
});
