// The life of a checkpoint, stage by stage: weights here, a model made of them, the model verified. Each is skipped when it is done.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckpointLife, CheckpointModel } from '../../api/checkpoint-life.ts';
import { StudioError } from '../../api/errors.ts';
import { lifeFolder } from '../../lib/checkpoints/life-files.ts';
import type { CoreContext } from '../context.ts';
import { askWeights } from '../conversion/weights-child.ts';
import { isInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { spawnChild } from '../native/spawn-child.ts';
import { changeLife, findLife, weightsFolder } from './life-store.ts';
import type { OpeningStatus } from './opening-status.ts';
import { copyHere, type Pulled, type PullOptions, pullThere, referHere } from './pull.ts';
import { choicesFor, writeRunChoices } from './run-choices.ts';
import { requireWeights, tokenizerOf } from './stage-weights.ts';
import type { Changing, StageOptions, StageRequest, StagesDone, StageSource } from './stage-types.ts';
import { verifyStage } from './verify-stage.ts';

/** A checkpoint that is still written is looked at again this often. */
const WAIT_MS = 3_000;

/** Throws what a stage throws; the stages before stay done. */
export async function runStages(
  context: CoreContext,
  source: StageSource,
  request: StageRequest,
  options: StageOptions,
): Promise<StagesDone> {
  const { root, status, onLife } = options;
  const lies = {
    target: source.target,
    path:
      source.connection === null && isInside(root, source.path)
        ? toWorkspacePath(root, source.path)
        : source.path,
    layout: source.layout,
  };
  const fresh: CheckpointLife = (await findLife(root, request.runId, request.step)) ?? {
    format: 1,
    runId: request.runId,
    runName: source.runName,
    step: request.step,
    tokens: source.listed?.tokens ?? null,
    source: lies,
    pulled: null,
    models: [],
    pinned: false,
    byRule: request.byRule,
    lastUsedMs: null,
  };
  const change = async (how: (before: CheckpointLife) => CheckpointLife): Promise<CheckpointLife> => {
    const life = await changeLife(root, fresh, how);
    onLife(life);
    return life;
  };
  let life = fresh;
  let movedBytes = 0;
  const made = await usableModel(root, life, request.type);
  const isVerified = !request.asked.includes('verify') || made?.verified != null;
  status.begin('pull');
  if (request.asked.includes('convert') && made !== null && isVerified) status.end('skipped');
  else {
    const pulled = await pullStage(source, life, request, {
      ...options,
      onProgress: (progress) => status.bytes(progress),
      commit: (weights, checkpoint) =>
        change((before) => ({
          ...before,
          tokens: checkpoint.tokens ?? before.tokens,
          source: lies,
          pulled: weights,
        })),
    });
    movedBytes = pulled?.movedBytes ?? 0;
    status.end(pulled === null || pulled.wasHere ? 'skipped' : 'done');
    life = (await findLife(root, request.runId, request.step)) ?? life;
  }
  if (!request.asked.includes('convert')) return { life, modelPath: null, movedBytes };
  const model = await convertStage(context, source, request, { ...options, life, change });
  life = await verifyStage(context, model, request, { ...options, source, change });
  life = await change((before) => ({
    ...before,
    lastUsedMs: request.byRule ? before.lastUsedMs : Date.now(),
    byRule: before.byRule && request.byRule,
  }));
  return { life, modelPath: `${lifeFolder(life.runId, life.step)}/${model.file}`, movedBytes };
}

/** Null where the weights are here and their source cannot be asked. */
async function pullStage(
  source: StageSource,
  life: CheckpointLife,
  request: StageRequest,
  options: PullOptions & { readonly status: OpeningStatus },
): Promise<Pulled | null> {
  const { connection, target } = source;
  const isConnected = connection === null || connection.state.kind !== 'disconnected';
  const isHere = (await weightsFolder(options.root, life)) !== null;
  if (!isConnected && isHere) return null;
  if (connection !== null && !isConnected) {
    throw new StudioError('UNAVAILABLE', `${target} is not connected`, {
      hint: 'Connect to it, then pull again; what arrived before is kept',
    });
  }
  for (;;) {
    try {
      if (connection !== null) return await pullThere(source, life, connection, options);
      if (request.how === 'copy') return await copyHere(source, life, options);
      return await referHere(source, life, options);
    } catch (error) {
      const isUnfinished =
        error instanceof StudioError && error.code === 'UNAVAILABLE' && error.data.path === source.path;
      // What was removed there and is here is all the more worth keeping.
      if (error instanceof StudioError && error.code === 'NOT_FOUND' && isHere) return null;
      if (!isUnfinished || !request.wait) throw error;
      options.status.note(`${error.message}; it is looked at again`);
      await sleep(WAIT_MS, undefined, { signal: options.signal });
    }
  }
}

/** The one of this type, made of the weights that are here now. */
async function usableModel(
  root: string,
  life: CheckpointLife,
  type: string,
): Promise<CheckpointModel | null> {
  const model = life.models.find((one) => one.type === type);
  if (!model || (life.pulled !== null && life.pulled.key !== model.weightsKey)) return null;
  const info = await stat(join(root, lifeFolder(life.runId, life.step), model.file)).catch(() => null);
  return info?.size === model.sizeBytes ? model : null;
}

async function convertStage(
  context: CoreContext,
  source: StageSource,
  request: StageRequest,
  { root, status, signal, life, change }: StageOptions & Changing & { readonly life: CheckpointLife },
): Promise<CheckpointModel> {
  status.begin('convert');
  const made = await usableModel(root, life, request.type);
  if (made !== null) {
    status.end('skipped');
    return made;
  }
  const folder = await requireWeights(root, life);
  const file = `model-${request.type}.gguf`;
  const chosen = await choicesFor(root, request);
  const { result } = await askWeights(
    {
      kind: 'convert',
      request: {
        source: folder,
        output: join(root, lifeFolder(life.runId, life.step), file),
        format: 'gguf',
        type: request.type,
        tokenizer: await tokenizerOf(root, folder, chosen.tokenizer, source),
        preTokenizer: chosen.preTokenizer,
        name: `${life.runName} ${life.step}`,
        replace: true,
      },
    },
    {
      spawn: () => spawnChild(context.options.appFolder, 'native-weights'),
      signal,
      onProgress: (share) => status.share(share),
    },
  );
  // Remembered once it has worked.
  if (request.tokenizer !== null || request.preTokenizer !== null)
    await writeRunChoices(root, request.runId, chosen);
  const model: CheckpointModel = {
    file,
    type: request.type,
    sizeBytes: result.sizeBytes,
    weightsKey: life.pulled?.key ?? '',
    weightsSha256: result.sourceSha256,
    convertedMs: Date.now(),
    warnings: [...result.warnings],
    verified: null,
  };
  await change((before) => ({
    ...before,
    models: [...before.models.filter(({ type }) => type !== request.type), model],
  }));
  status.end('done');
  return model;
}
