// Tells studios on one workspace about each other: a small file per studio with a heartbeat.
// Nobody is locked out; the window only says who else is here. A read-only workspace has no heartbeat.
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { WorkspaceInfo } from '../../api/workspace.ts';
import { isDeadHere } from '../files/is-dead-here.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { isThere } from './require-folder.ts';

export const HEARTBEAT_MS = 5000;
/** Four missed beats: the studio was killed, or its machine sleeps. */
const STALE_AFTER_MS = 4 * HEARTBEAT_MS;
/** Left-over files of killed studios are cleared after this long. */
const REMOVE_AFTER_MS = 24 * 3600 * 1000;
/** More presence files than this are left-overs; reading them all would only cost time. */
const MAX_PRESENCE_FILES = 200;

const beatSchema = z.object({ pid: z.number(), host: z.string(), sinceMs: z.number(), beatMs: z.number() });

export type OtherStudio = WorkspaceInfo['otherStudios'][number];

export interface Presence {
  /** Studios with a fresh heartbeat, without this one. */
  others(): Promise<OtherStudio[]>;
  close(): Promise<void>;
}

export interface PresenceOptions {
  readonly root: string;
  readonly writable: boolean;
  /** Called when a studio is seen that was not there at the last heartbeat. */
  readonly onArrival: (other: OtherStudio) => void;
}

export async function startPresence(options: PresenceOptions): Promise<Presence> {
  const folder = join(options.root, '.studio', 'presence');
  // The random part keeps two windows' cores in one process apart.
  const ownName = `${process.pid}-${safeHost()}-${randomBytes(3).toString('hex')}.json`;
  const sinceMs = Date.now();
  let seen = new Set<string>();
  let closed = false;

  const beat = async () => {
    // A folder that was moved away must not be made anew.
    if (closed || !options.writable || !(await isThere(options.root))) return;
    const text = JSON.stringify({ pid: process.pid, host: hostname(), sinceMs, beatMs: Date.now() });
    // A full disk must not take the studio down: without a heartbeat the others merely do not see it.
    await writeFileAtomic(join(folder, ownName), text).catch(() => {});
    if (closed) await rm(join(folder, ownName), { force: true }).catch(() => {});
  };
  const look = async () => {
    const others = await readOthers(folder, ownName, options.writable);
    const keys = new Set(others.map((other) => `${other.host}:${other.pid}:${other.sinceMs}`));
    const arrived = others.filter((other) => !seen.has(`${other.host}:${other.pid}:${other.sinceMs}`));
    seen = keys;
    if (!closed) for (const other of arrived) options.onArrival(other);
  };

  await beat();
  await look();
  const timer = setInterval(() => {
    void beat().then(look);
  }, HEARTBEAT_MS);
  timer.unref();
  return {
    others: () => readOthers(folder, ownName, false),
    async close() {
      closed = true;
      clearInterval(timer);
      if (options.writable) await rm(join(folder, ownName), { force: true }).catch(() => {});
    },
  };
}

async function readOthers(folder: string, ownName: string, mayClean: boolean): Promise<OtherStudio[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const others: OtherStudio[] = [];
  for (const name of names.slice(0, MAX_PRESENCE_FILES)) {
    if (name === ownName || !name.endsWith('.json')) continue;
    const path = join(folder, name);
    const beat = await readFile(path, 'utf8')
      .then((text) => beatSchema.parse(JSON.parse(text)))
      .catch(() => null);
    if (!beat) continue;
    const ageMs = Date.now() - beat.beatMs;
    if (ageMs <= STALE_AFTER_MS && !isDeadHere(beat)) {
      others.push({ pid: beat.pid, host: beat.host, sinceMs: beat.sinceMs });
    } else if (mayClean && (ageMs > REMOVE_AFTER_MS || isDeadHere(beat))) {
      await rm(path, { force: true }).catch(() => {});
    }
  }
  return others.sort((left, right) => left.sinceMs - right.sinceMs);
}

function safeHost(): string {
  return hostname()
    .replace(/[^A-Za-z0-9.-]/g, '-')
    .slice(0, 60);
}
