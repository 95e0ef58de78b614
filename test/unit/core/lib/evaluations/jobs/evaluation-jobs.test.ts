// Sets of tasks, what they cost, and which evaluations a rule still asks for.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dueEvaluations } from '../../../../../../core/lib/evaluations/jobs/due.ts';
import {
  ASSUMED_PEAK_FLOPS,
  estimateEvaluation,
  PEAK_SHARE,
  plainSeconds,
  START_SECONDS,
} from '../../../../../../core/lib/evaluations/jobs/estimate.ts';
import {
  evaluationRecipes,
  presetFile,
  readTasks,
} from '../../../../../../core/lib/evaluations/jobs/presets.ts';
import { readRecipe } from '../../../../../../core/lib/recipes/recipe-file.ts';

const recipes = join(import.meta.dirname, '../../../../../../resources/recipes');
const shipped = presetFile.parse(
  JSON.parse(readFileSync(join(recipes, 'evaluate-lm-eval/presets.json'), 'utf8')),
);
const tasksOf = (id: string) =>
  readTasks(shipped.presets.find((one) => one.id === id)?.tasks.join(',') ?? '') ?? [];

describe('the shipped sets of tasks', () => {
  it('can be read, are choices of their recipes, and have sizes', () => {
    for (const { id, recipe, tasks } of shipped.presets) {
      const read = readTasks(tasks.join(','));
      expect(read, id).toHaveLength(tasks.length);
      for (const { name } of read ?? []) expect(Object.keys(shipped.tasks), id).toContain(name);
      expect(evaluationRecipes).toContain(recipe);
    }
    for (const recipe of evaluationRecipes) {
      const reading = readRecipe(readFileSync(join(recipes, recipe, 'recipe.yaml'), 'utf8'));
      if (reading.kind === 'bad') throw new Error(reading.message);
      const choice = reading.recipe.parameters.find(({ name }) => name === 'preset');
      expect(choice?.choices, recipe).toEqual([
        'own',
        ...shipped.presets.filter((one) => one.recipe === recipe).map(({ id }) => id),
      ]);
    }
  });

  it('have the tasks and examples of the report', () => {
    expect(tasksOf('italian')).toEqual([
      { name: 'm_mmlu_it', shots: 5, chat: false },
      { name: 'hellaswag_it', shots: 0, chat: false },
      { name: 'arc_it', shots: 0, chat: false },
    ]);
    expect(tasksOf('instructions')).toEqual([{ name: 'ifeval', shots: 0, chat: true }]);
    expect(tasksOf('portuguese-nine')).toHaveLength(9);
  });
});

describe('names of tasks', () => {
  it('are read with their examples and template', () => {
    expect(readTasks(' arc_it , mmlu@5,ifeval+chat, m|5, lighteval|gsm8k|5|0,')).toEqual([
      { name: 'arc_it', shots: null, chat: false },
      { name: 'mmlu', shots: 5, chat: false },
      { name: 'ifeval', shots: null, chat: true },
      { name: 'm', shots: 5, chat: false },
      { name: 'lighteval|gsm8k', shots: 5, chat: false },
    ]);
    for (const text of ['', ' , ', 'mmlu@', 'mmlu@x', 'a b', '+chat', '@5'])
      expect(readTasks(text)).toBeNull();
  });
});

describe('the estimate', () => {
  const asked = {
    tasks: tasksOf('italian'),
    sizes: shipped.tasks,
    parameters: 4e8,
    batch: 1,
    gpus: 1,
    limit: null,
    peakFlops: null,
    earlier: [],
  };

  it('counts what the report counted: one pass for letters, one a choice otherwise', () => {
    const { tasks, passes, readTokens } = estimateEvaluation(asked);
    const [mmlu, hellaswag, arc] = tasks;
    expect([mmlu?.passes, hellaswag?.passes, arc?.passes]).toEqual([13_237, 36_772, 4676]);
    // The report shows 41,447 requests for hellaswag_it and arc_it: some questions have three or five choices.
    expect((hellaswag?.passes ?? 0) + (arc?.passes ?? 0)).toBeCloseTo(41_447, -1);
    expect(passes).toBe(13_237 + 36_772 + 4676);
    expect(mmlu?.readTokens).toBe(13_237 * (6 * 120 + 1));
    expect(readTokens).toBe((mmlu?.readTokens ?? 0) + (hellaswag?.readTokens ?? 0) + (arc?.readTokens ?? 0));
  });

  it('with a batch of one is what the report measured, but for the start', () => {
    const [mmlu, hellaswag, arc] = estimateEvaluation(asked).tasks.map(
      ({ seconds }) => seconds - START_SECONDS,
    );
    expect((hellaswag ?? 0) + (arc ?? 0)).toBeGreaterThan(0.9 * (18 * 60 + 24));
    expect((hellaswag ?? 0) + (arc ?? 0)).toBeLessThan(1.1 * (18 * 60 + 24));
    expect(mmlu).toBeGreaterThan(0.9 * (6 * 60 + 14));
    expect(mmlu).toBeLessThan(1.1 * (6 * 60 + 43));
  });

  it('of a large model is its operations', () => {
    const { gpuHours, readTokens } = estimateEvaluation({ ...asked, parameters: 7e10, batch: 16 });
    const seconds = (2 * 7e10 * readTokens) / (ASSUMED_PEAK_FLOPS * PEAK_SHARE) + 3 * START_SECONDS;
    expect(gpuHours).toBeCloseTo(seconds / 3600, 6);
  });

  it('shares the work among GPUs, not the starts', () => {
    const one = estimateEvaluation(asked);
    const four = estimateEvaluation({ ...asked, gpus: 4 });
    const starts = 3 * START_SECONDS;
    expect(four.wallSeconds).toBeCloseTo(starts + ((one.wallSeconds ?? 0) - starts) / 4, 6);
    expect(four.gpuHours).toBeGreaterThan(one.gpuHours ?? 0);
  });

  it('is mended by the middle of what earlier ones took, and then says less of a range', () => {
    const plain = estimateEvaluation(asked);
    const mended = estimateEvaluation({ ...asked, earlier: [0.5, 2, 3] });
    expect(mended.gpuHours).toBeCloseTo(2 * (plain.gpuHours ?? 0), 9);
    expect((mended.high ?? 0) / (mended.low ?? 1)).toBeLessThan((plain.high ?? 0) / (plain.low ?? 1));
    expect(mended.calibratedBy).toBe(3);
    expect(mended.assumptions.at(-1)).toContain('Times 2.00');
    expect(estimateEvaluation({ ...asked, earlier: [Number.NaN, 0] }).gpuHours).toBe(plain.gpuHours);
  });

  it('says no hours where nothing is known, and names tasks of an unknown size', () => {
    expect(estimateEvaluation({ ...asked, parameters: null }).gpuHours).toBeNull();
    const own = estimateEvaluation({ ...asked, tasks: [{ name: 'ours', shots: 0, chat: false }] });
    expect([own.unknown, own.gpuHours, own.passes]).toEqual([['ours'], null, 0]);
    expect(plainSeconds({ ...asked, limit: 10 })).toBeLessThan(plainSeconds(asked));
  });
});

describe('a rule asks for', () => {
  const rule = { every: 1000, from: 2000, presets: ['a', 'b', 'a'] };
  const steps = [500, 1000, 2000, 2500, 3000, 4000].map((step) => ({
    step,
    problem: step === 4000 ? 'not whole' : null,
  }));

  it('whole steps at its multiples, oldest first, each set once', () => {
    expect(dueEvaluations(rule, steps, [])).toEqual([
      { step: 2000, preset: 'a' },
      { step: 2000, preset: 'b' },
      { step: 3000, preset: 'a' },
      { step: 3000, preset: 'b' },
    ]);
  });

  it('nothing that is known', () => {
    const known = [
      { step: 2000, preset: 'a' },
      { step: 3000, preset: 'b' },
    ];
    expect(dueEvaluations(rule, steps, known)).toEqual([
      { step: 2000, preset: 'b' },
      { step: 3000, preset: 'a' },
    ]);
    expect(dueEvaluations(rule, [{ step: 0, problem: null }], [])).toEqual([]);
  });
});
