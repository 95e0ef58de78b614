// The sessions a transfer reads through, how many, and the memory it reads into.
import { CHUNK_BYTES } from '../../lib/checkpoints/pull-plan.ts';
import type { Connection } from '../targets/connection.ts';
import { framedChannel, openSession, type RangeChannel } from './range-channel.ts';

/** Each has a window of its own: on long lines several carry more than one. Sites allow ten, the studio has one. */
const LONG_LINE_SESSIONS = 4;
/** A round trip of less is a short line: there a second session only costs (400 MB over loopback: 2.9 s with one, 5.3 s with two). */
const SHORT_LINE_MS = 4;

export async function sessionsFor(connection: Connection): Promise<number> {
  let shortestMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const startedMs = performance.now();
    await connection.run({ script: ':' });
    shortestMs = Math.min(shortestMs, performance.now() - startedMs);
  }
  return shortestMs < SHORT_LINE_MS ? 1 : LONG_LINE_SESSIONS;
}

export async function openSessions(
  connection: Connection,
  {
    count,
    canHash,
    maxBytes,
  }: { readonly count: number; readonly canHash: boolean; readonly maxBytes: number },
): Promise<{ readonly readers: readonly RangeChannel[]; readonly hasher: RangeChannel | null }> {
  const opened = await Promise.all(
    Array.from({ length: count + (canHash ? 1 : 0) }, () =>
      openSession(connection, maxBytes).catch(() => null),
    ),
  );
  const sessions = opened.filter((one): one is RangeChannel => one !== null);
  if (sessions.length === 0) return { readers: [framedChannel(connection)], hasher: null };
  const hasher = canHash && sessions.length > 1 ? (sessions.pop() ?? null) : null;
  return { readers: sessions, hasher };
}

/** Memory of chunks that are written is used again: megabytes thrown away by the hundred keep the collector busy. */
export interface Buffers {
  take(): Buffer;
  give(buffer: Buffer): void;
}

export function createBuffers(): Buffers {
  const free: Buffer[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafe(CHUNK_BYTES),
    give: (buffer) => void free.push(buffer),
  };
}

/** Holds a channel as long as anybody wants it held. */
export function createHold(channel: RangeChannel): () => () => void {
  let holders = 0;
  return () => {
    holders += 1;
    if (holders === 1) channel.pause();
    return () => {
      holders -= 1;
      if (holders === 0) channel.resume();
    };
  };
}
