// Brings every byte of a plan here: several sessions at once, each part noted as it is written, hashes of both sides compared. A lost
// connection is waited for; what is wrong with the disk or the files is thrown.
import { StudioError } from '../../api/errors.ts';
import { type ByteRange, CHUNK_BYTES, missingRanges } from '../../lib/checkpoints/pull-plan.ts';
import type { Connection } from '../targets/connection.ts';
import type { PartFolder } from './part-folder.ts';
import type { RangeChannel } from './range-channel.ts';
import type { RateLimit } from './rate-limit.ts';
import { type Buffers, createBuffers, createHold, openSessions, sessionsFor } from './transfer-sessions.ts';
import { askThroughLosses, isLost, whenConnected } from './when-connected.ts';

/** Chunks of a session that may be on their way to the disk while more bytes come. */
const WRITES_AHEAD = 3;
/** Asked for before the one before has come. */
const AHEAD = 2;
/** Of a session in one answer. */
const MAX_RANGE_BYTES = 4 * CHUNK_BYTES;
/** Less than this is here before more sessions are open. */
const FEW_BYTES = 32 * 1024 * 1024;
/** Sessions that bring nothing, one after another, before it is given up. */
const MAX_EMPTY_TURNS = 5;

export interface TransferOptions {
  readonly connection: Connection;
  readonly limit: RateLimit;
  /** The far side has a program for hashes. */
  readonly canHash: boolean;
  readonly signal: AbortSignal;
  /** Bytes that came just now. */
  readonly onMoved: (bytes: number) => void;
  /** Why nothing moves; null once it does. */
  readonly onWaiting: (note: string | null) => void;
  /** A file here with these bytes. */
  readonly sameHere: (sizeBytes: number, sha256: string) => string | null;
}

/** Places of files that were written again meanwhile; empty when all is here and the same on both sides. */
export async function transfer(part: PartFolder, options: TransferOptions): Promise<ReadonlySet<number>> {
  const turn: Turn = {
    far: new Map(),
    near: new Map(),
    changed: new Set(),
    spoilt: new Map(),
    problem: null,
  };
  for (let empty = 0; ; ) {
    options.signal.throwIfAborted();
    if (isDone(part, turn, options)) return turn.changed;
    await whenConnected(options.connection, options.signal, options.onWaiting);
    const before = part.arrivedBytes + turn.far.size;
    await oneTurn(part, turn, options);
    if (turn.problem !== null) throw turn.problem;
    await compare(part, turn, options);
    empty = part.arrivedBytes + turn.far.size > before ? 0 : empty + 1;
    if (empty >= MAX_EMPTY_TURNS && !isDone(part, turn, options)) throw noBytes();
  }
}

/** What is known so far. */
interface Turn {
  readonly far: Map<number, string>;
  readonly near: Map<number, string>;
  readonly changed: Set<number>;
  /** How often a file came with other bytes than it has there. */
  readonly spoilt: Map<number, number>;
  problem: Error | null;
}

function isDone(part: PartFolder, { changed }: Turn, _options: TransferOptions): boolean {
  return part.plan.files.every(
    (_, index) => changed.has(index) || (part.arrived[index]?.sha256 ?? null) !== null,
  );
}

async function oneTurn(part: PartFolder, turn: Turn, options: TransferOptions): Promise<void> {
  const { connection, signal } = options;
  const stop = new AbortController();
  const open: RangeChannel[] = [];
  const closeAll = () => open.forEach((channel) => channel.close());
  signal.addEventListener('abort', closeAll, { once: true });
  const fail = (error: unknown): void => {
    turn.problem ??= error instanceof Error ? error : new Error(String(error));
    stop.abort();
    closeAll();
  };
  try {
    const left = part.plan.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) - part.arrivedBytes;
    const count =
      left < FEW_BYTES
        ? 1
        : await askThroughLosses(connection, signal, options.onWaiting, () => sessionsFor(connection));
    const sessions = await openSessions(connection, {
      count,
      canHash: options.canHash,
      maxBytes: MAX_RANGE_BYTES,
    });
    open.push(...sessions.readers, ...(sessions.hasher ? [sessions.hasher] : []));
    if (signal.aborted) return;
    const isWanted = ({ file }: ByteRange) => !turn.changed.has(file);
    const ranges = missingRanges(
      part.plan,
      part.arrived,
      sessions.readers[0]?.maxBytes ?? MAX_RANGE_BYTES,
    ).filter(isWanted);
    const work: Work = { part, turn, options, ranges, at: 0, fail, buffers: createBuffers() };
    const reading = sessions.readers.map((channel) => readRanges(channel, work));
    const hashing = sessions.hasher ? hashFar(sessions.hasher, work) : Promise.resolve();
    // One pipe for both: hashes come after the bytes then.
    await Promise.all([...reading, hashing]);
    const [first] = sessions.readers;
    if (options.canHash && sessions.hasher === null && first) await hashFar(first, work);
  } finally {
    signal.removeEventListener('abort', closeAll);
    closeAll();
  }
}

interface Work {
  readonly part: PartFolder;
  readonly turn: Turn;
  readonly options: TransferOptions;
  readonly ranges: readonly ByteRange[];
  at: number;
  readonly fail: (error: unknown) => void;
  readonly buffers: Buffers;
}

async function readRanges(channel: RangeChannel, work: Work): Promise<void> {
  const running = new Set<Promise<void>>();
  let isOpen = true;
  for (;;) {
    const range = work.ranges[work.at];
    if (range === undefined || !isOpen || work.turn.problem !== null || work.options.signal.aborted) break;
    work.at += 1;
    if (await isTakenHere(range, work)) continue;
    const one = readRange(channel, range, work)
      .catch((error: unknown) => {
        isOpen = false;
        if (!isLost(error)) work.fail(error);
      })
      .finally(() => running.delete(one));
    running.add(one);
    if (running.size >= AHEAD) await Promise.race(running);
  }
  await Promise.all(running);
}

/** A file that another step has too is not asked for. */
async function isTakenHere({ file, start }: ByteRange, { part, turn, options }: Work): Promise<boolean> {
  if (part.arrived[file]?.sha256) return true;
  const far = turn.far.get(file);
  if (start !== 0 || far === undefined) return false;
  const path = options.sameHere(part.plan.files[file]?.sizeBytes ?? 0, far);
  return path !== null && (await part.takeFrom(file, path, far));
}

async function readRange(channel: RangeChannel, range: ByteRange, work: Work): Promise<void> {
  const { part, turn, options } = work;
  const file = part.plan.files[range.file];
  if (!file) return;
  const writes: Promise<void>[] = [];
  const hold = createHold(channel);
  let isSame = false;
  let chunk = range.start / CHUNK_BYTES;
  let left = range.length;
  let size = Math.min(CHUNK_BYTES, left);
  let buffer = work.buffers.take();
  let filled = 0;
  let pendingWrites = 0;
  const flush = (): void => {
    const [whole, bytes, place] = [buffer, buffer.subarray(0, size), chunk];
    chunk += 1;
    left -= size;
    filled = 0;
    size = Math.min(CHUNK_BYTES, left);
    buffer = left > 0 ? work.buffers.take() : whole;
    pendingWrites += 1;
    const release = pendingWrites > WRITES_AHEAD ? hold() : () => undefined;
    writes.push(
      part
        .write(range.file, place, bytes)
        .then(() => options.onMoved(bytes.length), work.fail)
        .finally(() => {
          pendingWrites -= 1;
          work.buffers.give(whole);
          release();
        }),
    );
  };
  const answer = await channel.ask({
    path: file.remote,
    start: range.start,
    length: range.length,
    onAnswer: (said) => {
      isSame = said.kind === 'bytes' && said.stamp === file.stamp;
    },
    onBytes: (bytes) => {
      const waitMs = options.limit.spend(bytes.length);
      if (waitMs > 5) setTimeout(hold(), waitMs);
      if (!isSame) return;
      for (let at = 0; at < bytes.length; ) {
        const count = Math.min(bytes.length - at, size - filled);
        buffer.set(bytes.subarray(at, at + count), filled);
        at += count;
        filled += count;
        if (filled === size) flush();
      }
    },
  });
  await Promise.all(writes);
  if (answer.kind === 'refused' && answer.reason === 'unreadable') throw notAllowed(file.remote);
  if (!isSame) turn.changed.add(range.file);
  else if (part.isHere(range.file)) await hashNear(range.file, work);
}

async function hashNear(index: number, { part, turn, options }: Work): Promise<void> {
  if (turn.near.has(index)) return;
  turn.near.set(index, '');
  turn.near.set(index, await part.hash(index, options.signal));
}

/** From the end of the plan: the bytes come from its beginning, so what is here already may be known in time. */
async function hashFar(channel: RangeChannel, { part, turn, options }: Work): Promise<void> {
  for (let index = part.plan.files.length - 1; index >= 0; index -= 1) {
    if (turn.problem !== null || options.signal.aborted) return;
    const file = part.plan.files[index];
    if (!file || turn.far.has(index) || turn.changed.has(index) || part.arrived[index]?.sha256) continue;
    try {
      const answer = await channel.ask({ path: file.remote, start: 0, length: 'h' });
      if (answer.kind === 'hash') turn.far.set(index, answer.sha256);
      else turn.changed.add(index);
    } catch {
      return;
    }
  }
}

/** What has the same hash on both sides is done; what has not comes again, once. */
async function compare(part: PartFolder, turn: Turn, { canHash, signal }: TransferOptions): Promise<void> {
  for (const [index, file] of part.plan.files.entries()) {
    if (turn.changed.has(index) || part.arrived[index]?.sha256 || !part.isHere(index)) continue;
    let near = turn.near.get(index) ?? '';
    if (near === '') near = await part.hash(index, signal);
    turn.near.set(index, near);
    const far = turn.far.get(index);
    if (!canHash || far === near) await part.vouch(index, near);
    if (!canHash || far === near || far === undefined) continue;
    await part.drop(index);
    turn.near.delete(index);
    turn.far.delete(index);
    const times = (turn.spoilt.get(index) ?? 0) + 1;
    turn.spoilt.set(index, times);
    if (times > 1) throw spoilt(file.path);
  }
}

function noBytes(): StudioError {
  return new StudioError('UNAVAILABLE', 'The target is connected, but no bytes of the checkpoint come', {
    hint: 'Its login node may limit sessions or be overloaded; what arrived is kept, pull it again later',
  });
}

function notAllowed(path: string): StudioError {
  return new StudioError('PERMISSION_DENIED', 'A file of the checkpoint may not be read there', {
    hint: 'Ask its owner: chmod -R g+rX on the folder of the checkpoints',
    path,
  });
}

function spoilt(path: string): StudioError {
  return new StudioError('CORRUPT_FILE', `${path} came twice with other bytes than it has there`, {
    hint: 'A disk there or here may be failing; compare with sha256sum on both sides',
    path,
  });
}
