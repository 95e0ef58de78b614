// Waits for a connection that makes itself again. One that needs a person is not waited for.
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../api/errors.ts';
import type { Connection } from '../targets/connection.ts';

const LOOK_MS = 200;
/** Losses under one question, one after another, before it is given up. */
const MAX_LOSSES = 5;
/** A laptop that moves between networks is back before; a cluster in maintenance is not. */
const LIMIT_MS = 30 * 60_000;

/** Throws UNAVAILABLE when nobody is logged in, or it takes too long. */
export async function whenConnected(
  connection: Connection,
  signal: AbortSignal,
  onWaiting: (note: string | null) => void,
): Promise<void> {
  const startedMs = performance.now();
  let told = false;
  for (;;) {
    signal.throwIfAborted();
    const { state } = connection;
    if (state.kind === 'connected') {
      if (told) onWaiting(null);
      return;
    }
    if (state.kind === 'disconnected' || performance.now() - startedMs > LIMIT_MS) {
      throw new StudioError('UNAVAILABLE', 'The target is not connected', {
        hint: 'Connect to it and pull again; what arrived is kept',
      });
    }
    if (!told) onWaiting('The connection was lost; it goes on once it is back');
    told = true;
    await sleep(LOOK_MS, undefined, { signal });
  }
}

/** Asks again what the connection was lost under, once it is back. Throws what `ask` throws, and as `whenConnected`. */
export async function askThroughLosses<T>(
  connection: Connection,
  signal: AbortSignal,
  onWaiting: (note: string | null) => void,
  ask: () => Promise<T>,
): Promise<T> {
  for (let losses = 0; ; losses += 1) {
    try {
      return await ask();
    } catch (error) {
      if (!isLost(error) || losses >= MAX_LOSSES) throw error;
    }
    // The end of the session is told a moment before the state of the connection changes.
    await sleep(LOOK_MS, undefined, { signal });
    await whenConnected(connection, signal, onWaiting);
  }
}

export function isLost(error: unknown): boolean {
  return error instanceof StudioError && error.code === 'UNAVAILABLE';
}
