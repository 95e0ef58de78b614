// A workspace with the sample model at three stages of its training, as models of three checkpoints of one run that has ended.
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WeightType } from '../../core/lib/conversion/gguf-metadata.ts';
import { runRecord } from '../../core/lib/runs/run-files.ts';
import { convertModel } from '../../core/services/conversion/convert-model.ts';
import { writeSampleCheckpoint, writeSampleTokenizer } from './sample-checkpoint.ts';
import { repositoryFolder } from './test-core.ts';

export const TINY = 'models/nesso-tiny/nesso-tiny-f16.gguf';
export const RUN = 'tiny-stages';

/** Steps of the run; 1 is the trained model, 0 would be random weights. */
const stages: readonly (readonly [step: number, trained: number])[] = [
  [1000, 0.5],
  [2000, 0.8],
  [3000, 1],
];

export const modelOfStep = (step: number): string => `checkpoints/${RUN}/${step}/model-f16.gguf`;

/** Into a workspace: the run with its log, and `checkpoints/<run>/<step>/model-f16.gguf` of each stage. */
export async function addStages(workspace: string, type: WeightType = 'f16'): Promise<void> {
  const sample = join(repositoryFolder, 'resources/sample-workspace');
  const run = join(workspace, 'runs', RUN);
  await mkdir(run, { recursive: true });
  await copyFile(join(sample, 'runs-import/nesso-tiny-train.log'), join(run, 'log.txt'));
  const record = runRecord.parse({
    format: 1,
    id: RUN,
    name: 'Tiny, in three stages',
    recipe: 'command',
    target: 'this-computer',
    createdMs: Date.UTC(2026, 10, 22, 5, 55),
    parameters: {},
    command: ['python', 'train.py'],
    workingFolder: workspace,
    environment: {},
    config: null,
    git: { branch: null, commit: null },
    mainMetrics: ['lm_loss'],
    exitCodes: {},
    host: 'somewhere',
    history: [{ state: 'finished', atMs: Date.UTC(2026, 10, 22, 6, 20) }],
    end: null,
  });
  await writeFile(join(run, 'run.json'), JSON.stringify(record));
  await writeFile(
    join(run, 'exit.json'),
    JSON.stringify({ exitCode: 0, signal: null, endedMs: Date.UTC(2026, 10, 22, 6, 20) }),
  );
  const aside = await mkdtemp(join(tmpdir(), 'nesso-stages-'));
  try {
    for (const [step, trained] of stages) {
      const source = join(aside, String(step));
      await writeSampleCheckpoint(source, { trained });
      await writeSampleTokenizer(source);
      const folder = join(workspace, 'checkpoints', RUN, String(step));
      await mkdir(folder, { recursive: true });
      await convertModel(
        {
          source,
          output: join(folder, `model-${type}.gguf`),
          format: 'gguf',
          type,
          tokenizer: null,
          preTokenizer: 'llama-bpe',
          name: `tiny ${step}`,
          replace: true,
        },
        () => {},
      );
    }
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** The sample workspace in a folder of its own, without the stages. */
export async function sampleWorkspace(): Promise<{ path: string; [Symbol.asyncDispose](): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'nesso-suites-'));
  await cp(join(repositoryFolder, 'resources/sample-workspace'), path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}
