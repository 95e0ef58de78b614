// Tasks in lm-eval's YAML format with the sample model, against what lm-eval 0.4.13 itself measured with the same files and the same
// weights in float32: test/fixtures/evaluations/tasks/make_tasks.py.
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createChatEngine } from '../../core/services/model-runtime/engine.ts';
import { askWeights } from '../../core/services/conversion/weights-child.ts';
import { EVALUATION_SEQUENCES } from '../../core/services/evaluations/local/evaluate-cell.ts';
import { findTask, prepareQuestions } from '../../core/services/evaluations/tasks/task-catalog.ts';
import { runTask } from '../../core/services/evaluations/local/run-task.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import { ensureChildBuilt } from '../support/built-child.ts';
import { repositoryFolder, temporaryFolder } from '../support/test-core.ts';

const FIXTURES = join(repositoryFolder, 'test/fixtures/evaluations/tasks');
const MODEL = join(repositoryFolder, 'resources/sample-workspace/models/nesso-tiny/nesso-tiny-f16.gguf');

const sample = z.object({
  id: z.number(),
  filter: z.string(),
  prompt_hash: z.string(),
  resps: z.array(z.union([z.string(), z.tuple([z.number(), z.string()])])),
  filtered: z.string().nullable(),
  scores: z.record(z.string(), z.number()),
});
const expectation = z.record(
  z.string(),
  z.object({ results: z.record(z.string(), z.number()), samples: z.array(sample) }),
);
const written = z.object({
  doc_id: z.number(),
  filter: z.string(),
  prompt_hash: z.string(),
  resps: z.array(z.array(z.union([z.string(), z.tuple([z.string(), z.string()])]))),
  filtered_resps: z.array(z.unknown()),
  acc: z.number().optional(),
  acc_norm: z.number().optional(),
  exact_match: z.number().optional(),
});

beforeAll(() => {
  ensureChildBuilt('native-llama', 'native/llama');
  ensureChildBuilt('native-weights', 'core/services/conversion');
});

/** With attention in 16 bits, choices that are as likely as others may change places; the harness has 32. */
const kinds = [
  { type: 'f16', likelihood: 0.005, flips: 2 },
  { type: 'f32', likelihood: 0.001, flips: 0 },
] as const;

/** Relative; of choices that are all but certain, the difference itself, in tenths of a nat. */
function errorOf(value: number, wanted: number): number {
  return Math.abs(value - wanted) / Math.max(Math.abs(wanted), 0.1);
}

test.each(kinds)(
  'likelihoods, answers, what filters cut out, and verdicts are lm-eval’s: $type',
  async (bounds) => {
    await using folder = await temporaryFolder();
    await cp(FIXTURES, join(folder.path, 'evals/tasks'), { recursive: true });
    const expected = expectation.parse(JSON.parse(await readFile(join(FIXTURES, 'expected.json'), 'utf8')));
    const model = bounds.type === 'f16' ? MODEL : join(folder.path, 'f32.gguf');
    if (bounds.type === 'f32') {
      await askWeights(
        { kind: 'requantize', request: { input: MODEL, output: model, type: 'f32' } },
        { spawn: () => spawnChild(repositoryFolder, 'native-weights') },
      );
    }
    const engine = createChatEngine({
      appFolder: repositoryFolder,
      settings: () => Promise.resolve({ llamaDevice: 'cpu' as const, llamaThreads: 1 }),
      sequences: EVALUATION_SEQUENCES,
      exact: bounds.type === 'f32',
    });
    try {
      for (const [name, { results, samples }] of Object.entries(expected)) {
        const [, task = '', shots = '0'] = /^(\w+) (\d+)-shot$/.exec(name) ?? [];
        const found = await findTask({ appFolder: repositoryFolder, root: folder.path }, task);
        const noEngine = () => {
          throw new Error('Rows of JSON need no engine');
        };
        const asked = await prepareQuestions(found, { shots: Number(shots), limit: null }, noEngine);
        const part = await runTask({
          ...asked,
          task: found.task,
          model: { path: model, name: 'nesso-tiny', key: 'tiny' },
          contextTokens: null,
          maxTokens: null,
          asChat: false,
          folder: join(folder.path, 'out', shots),
          engine,
        });
        const own = (await readFile(part.path, 'utf8'))
          .trim()
          .split('\n')
          .map((line) => written.parse(JSON.parse(line)));
        expect(own).toHaveLength(samples.length);
        let largest = 0;
        let flipped = 0;
        for (const wanted of samples) {
          const mine = own.find(({ doc_id: id, filter }) => id === wanted.id && filter === wanted.filter);
          expect(mine?.prompt_hash).toBe(wanted.prompt_hash);
          if (wanted.filtered !== null) {
            expect([mine?.resps[0]?.[0], mine?.filtered_resps[0], mine?.exact_match]).toEqual([
              wanted.resps[0],
              wanted.filtered,
              wanted.scores['exact_match'],
            ]);
            continue;
          }
          for (const [place, reply] of wanted.resps.entries()) {
            const [value = '0', isGreedy] = mine?.resps[place]?.[0] ?? [];
            largest = Math.max(largest, errorOf(Number(value), Number(reply[0])));
            expect(isGreedy).toBe(reply[1]);
          }
          if (mine?.acc !== wanted.scores['acc'] || mine?.acc_norm !== wanted.scores['acc_norm'])
            flipped += 1;
        }
        expect(largest).toBeLessThan(bounds.likelihood);
        expect(flipped).toBeLessThanOrEqual(bounds.flips);
        for (const [key, value] of Object.entries(results)) {
          if (key.includes('_stderr')) continue;
          const mean = part.scores.means[key as keyof typeof part.scores.means];
          expect(Math.abs((mean?.value ?? Number.NaN) - value)).toBeLessThanOrEqual(
            bounds.flips / samples.length + 1e-9,
          );
        }
      }
    } finally {
      await engine.dispose();
    }
  },
  120_000,
);
