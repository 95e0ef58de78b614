// The weights of one checkpoint, brought here whole or not at all: what is left behind, what is there already, what changed meanwhile.
import { copyFile, constants, mkdir, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkpoint } from '../../api/checkpoints.ts';
import type { CheckpointLife, PulledWeights } from '../../api/checkpoint-life.ts';
import { StudioError } from '../../api/errors.ts';
import { formatDiskSize, formatInteger } from '../../lib/format/numbers.ts';
import { lifeFolder, WEIGHTS_FOLDER } from '../../lib/checkpoints/life-files.ts';
import { moveToTrash } from '../files/trash.ts';
import type { Connection } from '../targets/connection.ts';
import { isThere, weightsFolder } from './life-store.ts';
import { lookAtStepHere, lookThere } from './look-at-step.ts';
import { PartFolder } from './part-folder.ts';
import { keyOf, requireReadable, weightsOf } from './pulled-weights.ts';
import type { RateLimit } from './rate-limit.ts';
import { filesOf, isPlan, isSame, planOf, type PullSource, requireWhole } from './step-plan.ts';
import { transfer } from './transfer.ts';
import { askThroughLosses } from './when-connected.ts';

/** How often a checkpoint may be written again under our hands before it is left alone. */
const MAX_ROUNDS = 4;
/** Left free, whatever is pulled: the studio itself needs to write. */
const SPARE_BYTES = 64 * 1024 * 1024;

export interface PullProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Came over the line just now. */
  readonly movedBytes: number;
  readonly note: string | null;
}

export interface PullOptions {
  readonly root: string;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PullProgress) => void;
  readonly limit: RateLimit;
  /** Files of other steps by `<size> <sha256>`, absolute. */
  readonly sameHere: (sizeBytes: number, sha256: string) => string | null;
  /** Writes down what is here, right before it takes its name. */
  readonly commit: (weights: PulledWeights, checkpoint: Checkpoint) => Promise<unknown>;
}

export interface Pulled {
  readonly weights: PulledWeights;
  readonly checkpoint: Checkpoint;
  /** Bytes of files that came over the line. */
  readonly movedBytes: number;
  /** The same weights as before were here already. */
  readonly wasHere: boolean;
}

/** From a target. Throws what keeps the checkpoint from being whole here; whatever arrived is kept. */
export async function pullThere(
  source: PullSource,
  life: CheckpointLife,
  connection: Connection,
  options: PullOptions,
): Promise<Pulled> {
  const { root, signal, onProgress } = options;
  let movedBytes = 0;
  let note: string | null = null;
  let tell = (): void => undefined;
  const onWaiting = (text: string | null): void => {
    note = text;
    tell();
  };
  const lookAgain = () =>
    askThroughLosses(connection, signal, onWaiting, () => lookThere(connection, { ...source }, signal));
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const look = await lookAgain();
    const checkpoint = requireWhole(source, look);
    const plan = planOf(source, look);
    const here = await weightsFolder(root, life);
    if (here !== null && life.pulled?.mode === 'copy' && isSame(life.pulled, plan))
      return { weights: life.pulled, checkpoint, movedBytes, wasHere: true };
    await using part = await PartFolder.open(join(root, lifeFolder(life.runId, life.step)), plan);
    const totalBytes = plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await requireSpace(part.folder, totalBytes - part.arrivedBytes);
    tell = () => onProgress({ doneBytes: part.arrivedBytes, totalBytes, movedBytes, note });
    tell();
    const changed = await transfer(part, {
      connection,
      limit: options.limit,
      canHash: look.canHash,
      signal,
      sameHere: options.sameHere,
      onMoved: (bytes) => {
        movedBytes += bytes;
        tell();
      },
      onWaiting,
    }).catch((error: unknown) => {
      throw fullDisk(error, part);
    });
    for (const index of changed) await part.drop(index);
    const after = planOf(source, await lookAgain());
    if (changed.size > 0 || !isPlan(after, plan)) continue;
    await requireReadable(part);
    await linkSame(part, options);
    const weights = weightsOf(part, look.canHash ? 'far' : 'here');
    await finish(part, { life, weights, checkpoint }, options);
    return { weights, checkpoint, movedBytes, wasHere: false };
  }
  throw new StudioError('CONFLICT', `Step ${formatInteger(source.step)} is being written again and again`, {
    hint: 'Pull it once its run has gone on; what is the same already is kept',
  });
}

/** On this computer: nothing is copied, its files are only noted. */
export async function referHere(
  source: PullSource,
  life: CheckpointLife,
  options: PullOptions,
): Promise<Pulled> {
  const look = await lookAtStepHere(source.path, options.signal);
  const checkpoint = requireWhole(source, look);
  const files = filesOf(source, look).map(({ path, sizeBytes, stamp }) => ({
    path,
    sizeBytes,
    stamp,
    sha256: null,
  }));
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const weights: PulledWeights = {
    atMs: Date.now(),
    mode: 'reference',
    sizeBytes,
    files,
    checked: 'here',
    key: keyOf(files.map(({ path, stamp }) => [path, stamp])),
  };
  const wasHere = life.pulled?.mode === 'reference' && life.pulled.key === weights.key;
  if (!wasHere) await options.commit(weights, checkpoint);
  return { weights: wasHere && life.pulled ? life.pulled : weights, checkpoint, movedBytes: 0, wasHere };
}

/** A copy of a run's own on this computer, as a person asked: the disk shares the bytes where it can. */
export async function copyHere(
  source: PullSource,
  life: CheckpointLife,
  options: PullOptions,
): Promise<Pulled> {
  const { root, signal, onProgress } = options;
  const look = await lookAtStepHere(source.path, signal);
  const checkpoint = requireWhole(source, look);
  const plan = planOf(source, look);
  const here = await weightsFolder(root, life);
  if (here !== null && life.pulled?.mode === 'copy' && isSame(life.pulled, plan))
    return { weights: life.pulled, checkpoint, movedBytes: 0, wasHere: true };
  await using part = await PartFolder.open(join(root, lifeFolder(life.runId, life.step)), plan);
  const totalBytes = plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  await requireSpace(part.folder, totalBytes - part.arrivedBytes);
  let movedBytes = 0;
  for (const [index, file] of plan.files.entries()) {
    signal.throwIfAborted();
    if (part.arrived[index]?.sha256) continue;
    await mkdir(dirname(part.pathOf(index)), { recursive: true });
    await copyFile(file.remote, part.pathOf(index), constants.COPYFILE_FICLONE).catch((error: unknown) => {
      throw fullDisk(error, part);
    });
    await part.vouch(index, await part.hash(index, signal));
    movedBytes += file.sizeBytes;
    onProgress({ doneBytes: part.arrivedBytes, totalBytes, movedBytes, note: null });
  }
  if (!isPlan(planOf(source, await lookAtStepHere(source.path, signal)), plan))
    throw changedMeanwhile(source);
  await requireReadable(part);
  await linkSame(part, options);
  const weights = weightsOf(part, 'far');
  await finish(part, { life, weights, checkpoint }, options);
  return { weights, checkpoint, movedBytes, wasHere: false };
}

/** An older save of the same step goes to the trash. */
async function finish(
  part: PartFolder,
  what: { readonly life: CheckpointLife; readonly weights: PulledWeights; readonly checkpoint: Checkpoint },
  { root, commit }: PullOptions,
): Promise<void> {
  const old = `${lifeFolder(what.life.runId, what.life.step)}/${WEIGHTS_FOLDER}`;
  if (await isThere(join(root, old))) await moveToTrash(root, old);
  await commit(what.weights, what.checkpoint);
  await part.finish();
}

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= bytes + (bytes > 0 ? Math.min(SPARE_BYTES, bytes) : 0)) return;
  throw new StudioError(
    'DISK_FULL',
    `${formatDiskSize(bytes)} are still to come, ${formatDiskSize(free)} are free here`,
    {
      hint: 'Free some space (nesso checkpoint budget), then pull again: what arrived is kept',
      path: folder,
    },
  );
}

function fullDisk(error: unknown, part: PartFolder): unknown {
  if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) return error;
  const left = part.plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) - part.arrivedBytes;
  return new StudioError('DISK_FULL', `The disk is full; ${formatDiskSize(left)} are still to come`, {
    hint: 'Free some space (nesso checkpoint budget), then pull again: what arrived is kept',
    path: part.folder,
    cause: error,
  });
}

/** The disk keeps one copy of what several steps have in common. */
async function linkSame(part: PartFolder, { sameHere }: PullOptions): Promise<void> {
  for (const [index, file] of part.plan.files.entries()) {
    const sha256 = part.arrived[index]?.sha256 ?? null;
    const path = sha256 === null ? null : sameHere(file.sizeBytes, sha256);
    if (path === null || sha256 === null) continue;
    const [a, b] = await Promise.all([stat(path).catch(() => null), stat(part.pathOf(index))]);
    if (a !== null && (a.ino !== b.ino || a.dev !== b.dev)) await part.takeFrom(index, path, sha256);
  }
}

function changedMeanwhile({ step }: PullSource): StudioError {
  return new StudioError('CONFLICT', `Step ${formatInteger(step)} changed while it was copied`, {
    hint: 'Copy it again once it is written',
  });
}
