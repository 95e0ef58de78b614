// Profiles that were asked for: each file and view once. What was read of a whole file is kept in the cache folder until the
// file changes; the rest in memory.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type DatasetProfile, datasetProfile } from '../../../api/dataset-profile.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { RowProgress } from '../../progress-events.ts';
import type { DatasetEngine } from '../engine.ts';
import { readProfile } from './profile.ts';
import { type DatasetSource, relation } from '../source.ts';
import type { ViewRows } from '../views/view-rows.ts';

/** Raised when a profile says something else, so that older entries are read again. */
const CACHE_VERSION = 1;
/** A profile of 500 columns is about 400 kB. */
const MAX_ENTRY_BYTES = 8_388_608;
/** Each is at most as large as an entry, most are 20 kB. */
const MAX_HELD = 50;

const cacheEntry = z.object({
  version: z.literal(CACHE_VERSION),
  identity: z.string(),
  profile: datasetProfile,
});

export interface ProfileOrder {
  readonly viewId: string | null;
  readonly firstRows: number | null;
  readonly columns?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RowProgress) => void) | undefined;
}

export interface Profiles {
  /** Throws StudioError. */
  read(source: DatasetSource, order: ProfileOrder): Promise<DatasetProfile>;
}

export function createProfiles(options: {
  readonly engine: DatasetEngine;
  readonly views: Pick<ViewRows, 'among'>;
  readonly cacheFolder: () => Promise<string>;
}): Profiles {
  const { engine, views } = options;
  const held = new Map<string, DatasetProfile>();
  const keep = (key: string, profile: DatasetProfile): DatasetProfile => {
    held.delete(key);
    held.set(key, profile);
    const oldest = held.keys().next().value;
    if (held.size > MAX_HELD && oldest !== undefined) held.delete(oldest);
    return profile;
  };

  return {
    async read(source, { viewId, firstRows, columns, signal, onProgress }) {
      const identity = identityOf(source);
      const key = JSON.stringify([identity, viewId, firstRows, columns ?? null]);
      const known = held.get(key);
      if (known) return keep(key, known);
      const isWhole = viewId === null && columns === undefined;
      const limit = firstRows !== null && firstRows < source.info.rows ? firstRows : null;
      const path = isWhole && limit === null ? await entryPath(options.cacheFolder, source) : null;
      const saved = path === null ? null : await readEntry(path, identity);
      if (saved !== null) return keep(key, saved);
      const totalRows = source.info.rows;
      const say = (share: number): void =>
        onProgress?.({ doneRows: Math.round(totalRows * share), totalRows });
      const work = { columns, signal, onProgress: say };
      const profile =
        viewId === null
          ? await readProfile(engine, source, {
              ...work,
              ...(limit === null
                ? {}
                : { among: { relation: firstOf(source, limit), rows: limit, totalRows } }),
            })
          : await views.among(viewId, limit, signal, (among) =>
              readProfile(engine, source, { ...work, among }),
            );
      if (path !== null) await writeEntry(path, identity, profile);
      return keep(key, profile);
    },
  };
}

export function firstOf(source: DatasetSource, rows: number): string {
  return relation(source, { kind: 'range', first: 0, last: rows - 1 });
}

/** Another content has another one. */
function identityOf(source: DatasetSource): string {
  const { path, stamp, info } = source;
  const facts = [path, stamp, info.rows, info.columns.map(({ name, type }) => [name, type])];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

async function entryPath(cacheFolder: () => Promise<string>, source: DatasetSource): Promise<string> {
  const name = createHash('sha256').update(source.path).digest('hex').slice(0, 24);
  return join(await cacheFolder(), `${name}.profile.json`);
}

async function readEntry(path: string, identity: string): Promise<DatasetProfile | null> {
  try {
    const { size } = await stat(path);
    if (size > MAX_ENTRY_BYTES) return null;
    const parsed = cacheEntry.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success && parsed.data.identity === identity ? parsed.data.profile : null;
  } catch {
    // Missing or half-written: it is read again.
    return null;
  }
}

/** A cache that cannot be written only costs the next look its time. */
async function writeEntry(path: string, identity: string, profile: DatasetProfile): Promise<void> {
  const text = JSON.stringify({ version: CACHE_VERSION, identity, profile });
  if (text.length > MAX_ENTRY_BYTES) return;
  await writeFileAtomic(path, text).catch(() => undefined);
}
