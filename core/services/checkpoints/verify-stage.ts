// The last stage: is the model that was made here the same as the weights it was made of.
import { join } from 'node:path';
import type { CheckpointLife, CheckpointModel } from '../../api/checkpoint-life.ts';
import { lifeFolder } from '../../lib/checkpoints/life-files.ts';
import { createChatEngine } from '../model-runtime/engine.ts';
import type { CoreContext } from '../context.ts';
import { keepReport } from '../models/parity-file.ts';
import { verifyModel } from '../conversion/verification/verify-model.ts';
import { isInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { choicesFor } from './run-choices.ts';
import { requireWeights, tokenizerOf } from './stage-weights.ts';
import type { Changing, StageOptions, StageRequest, StageSource } from './stage-types.ts';

/** Skipped where it was not asked for, or was done. */
export async function verifyStage(
  context: CoreContext,
  model: CheckpointModel,
  request: StageRequest,
  { root, status, signal, source, change }: StageOptions & Changing & { readonly source: StageSource },
): Promise<CheckpointLife> {
  if (!request.asked.includes('verify')) return change((before) => before);
  status.begin('verify');
  if (model.verified !== null) {
    status.end('skipped');
    return change((before) => before);
  }
  const life = await change((before) => before);
  const folder = await requireWeights(root, life);
  const { appFolder } = context.options;
  const chosen = await choicesFor(root, request);
  // A process of its own: a chat with another model goes on meanwhile.
  const engine = createChatEngine({ appFolder, settings: () => context.settings.read() });
  try {
    const report = await verifyModel(
      {
        source: folder,
        model: join(root, lifeFolder(life.runId, life.step), model.file),
        tokenizer: await tokenizerOf(root, folder, chosen.tokenizer, source),
      },
      {
        engine,
        spawn: () => spawnChild(appFolder, 'native-weights'),
        signal,
        onProgress: (share) => status.share(share),
      },
    );
    // Where the model itself is looked at, the whole report is there too.
    const path = join(root, lifeFolder(life.runId, life.step), model.file);
    const shown = isInside(root, folder) ? toWorkspacePath(root, folder) : folder;
    await keepReport(path, { report, source: shown }).catch(() => undefined);
    const finite = (value: number) => (Number.isFinite(value) ? value : null);
    const verified = {
      atMs: Date.now(),
      verdict: report.verdict,
      reasons: [...report.reasons],
      top1: finite(report.logits.top1),
      largestGap: finite(report.logits.largestGap),
      meanDivergence: finite(report.logits.meanDivergence),
    };
    const after = await change((before) => ({
      ...before,
      models: before.models.map((one) => (one.type === model.type ? { ...one, verified } : one)),
    }));
    status.end('done');
    return after;
  } finally {
    await engine.dispose();
  }
}
