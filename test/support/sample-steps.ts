// A run's checkpoints as models of a workspace, as if they had been pulled and converted: the sample model, less and less trained.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckpointLife } from '../../core/api/checkpoint-life.ts';
import type { WeightType } from '../../core/lib/conversion/gguf-metadata.ts';
import { convertModel } from '../../core/services/conversion/convert-model.ts';
import { temporaryFolder } from './test-core.ts';
import { writeSampleCheckpoint, writeSampleTokenizer } from './sample-checkpoint.ts';

export interface SampleStep {
  readonly step: number;
  /** 1 answers well, 0.7 babbles. */
  readonly trained: number;
  readonly types?: readonly WeightType[];
}

const F16: readonly WeightType[] = ['f16'];

/** Paths of the models, in the order of the steps and their types. */
export async function writeSampleSteps(
  workspace: string,
  runId: string,
  steps: readonly SampleStep[],
): Promise<readonly string[]> {
  await using scratch = await temporaryFolder();
  const tokenizer = join(scratch.path, 'tokenizer');
  await writeSampleTokenizer(tokenizer);
  const paths: string[] = [];
  for (const { step, trained, types = F16 } of steps) {
    const source = join(scratch.path, String(step));
    await writeSampleCheckpoint(source, { trained });
    const folder = `checkpoints/${runId}/${step}`;
    await mkdir(join(workspace, folder), { recursive: true });
    const models: CheckpointLife['models'] = [];
    for (const type of types) {
      const file = `model-${type}.gguf`;
      const made = await convertModel(
        {
          source,
          output: join(workspace, folder, file),
          format: 'gguf',
          type,
          tokenizer,
          preTokenizer: null,
          name: `${runId} ${step}`,
          replace: false,
        },
        () => {},
      );
      models.push({
        file,
        type,
        sizeBytes: made.sizeBytes,
        weightsKey: String(step),
        weightsSha256: made.sourceSha256,
        convertedMs: 0,
        warnings: [],
        verified: null,
      });
      paths.push(`${folder}/${file}`);
    }
    const life: CheckpointLife = {
      format: 1,
      runId,
      runName: runId,
      step,
      tokens: step * 1000,
      source: { target: 'this-computer', path: `runs/${runId}/outputs/${step}`, layout: 'nanotron' },
      pulled: null,
      models,
      pinned: false,
      byRule: false,
      lastUsedMs: null,
    };
    await writeFile(join(workspace, folder, 'checkpoint.json'), JSON.stringify(life));
  }
  return paths;
}
