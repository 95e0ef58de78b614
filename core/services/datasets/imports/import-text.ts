// Turns a file of another format into a Parquet file in the cache, once, so that pages and histograms are quick ever after.
// The cache may be deleted at any time; an entry belongs to one path, size and modification time.
import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { datasetInfo } from '../../../api/dataset-shape.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import type { DetectedFile } from '../detect.ts';
import type { DatasetEngine } from '../engine.ts';
import { importArrow } from './import-arrow.ts';
import { requireEndingLines } from './endless-lines.ts';
import { importLines } from './import-lines.ts';
import { importTable } from './import-table.ts';
import { readStructures } from './read-structures.ts';
import { requireWhole } from './whole-file.ts';
import { makeFolder } from '../../files/make-folder.ts';

/** Raised when the import changes, so that older entries are made again. */
const CACHE_VERSION = 2;
/** A page of 100 rows decompresses at most this many. */
const ROW_GROUP_ROWS = 8192;
const cacheEntry = z.object({
  version: z.literal(CACHE_VERSION),
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  brokenLines: datasetInfo.shape.brokenLines,
  /** What was done to read it, in sentences. */
  notes: z.array(z.string()),
  /** What the objects in columns of JSON hold, of every row, as json_group_structure says it; by column. */
  structures: z.record(z.string(), z.string()),
});
type Converted = Pick<z.infer<typeof cacheEntry>, 'brokenLines' | 'notes' | 'structures'>;

export interface ImportedText extends Converted {
  readonly parquetPath: string;
}

export interface ImportOptions {
  readonly engine: DatasetEngine;
  readonly cacheFolder: string;
  /** Starts the process that reads Arrow; without it such files cannot be opened. */
  readonly spawnArrow?: (() => ChildProcess) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Share done, 0–1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** The cached import of this very file, or a new one. Throws StudioError; leaves nothing half-made. */
export async function importText(
  path: string,
  file: DetectedFile,
  options: ImportOptions,
): Promise<ImportedText> {
  const { cacheFolder } = options;
  const known = await findImport(path, file, cacheFolder);
  if (known) return known;
  const { key, parquetPath, entryPath } = places(path, cacheFolder);
  await makeFolder(cacheFolder);
  const aside = join(cacheFolder, `${key}.${randomBytes(4).toString('hex')}.tmp`);
  try {
    const converted = await convert(path, file, aside, options);
    // The entry goes first: an old one must not vouch for new rows.
    await rm(entryPath, { force: true });
    await rename(aside, parquetPath);
    const { sizeBytes, modifiedMs } = file;
    await writeFileAtomic(
      entryPath,
      JSON.stringify({ version: CACHE_VERSION, sizeBytes, modifiedMs, ...converted }),
    );
    return { parquetPath, ...converted };
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

function places(path: string, cacheFolder: string): { key: string; parquetPath: string; entryPath: string } {
  const key = createHash('sha256').update(path).digest('hex').slice(0, 24);
  return {
    key,
    parquetPath: join(cacheFolder, `${key}.parquet`),
    entryPath: join(cacheFolder, `${key}.json`),
  };
}

/** The finished import of this very file, or null when there is none. */
export async function findImport(
  path: string,
  file: DetectedFile,
  cacheFolder: string,
): Promise<ImportedText | null> {
  const { parquetPath, entryPath } = places(path, cacheFolder);
  const entry = await readEntry(entryPath);
  if (entry?.sizeBytes !== file.sizeBytes || entry.modifiedMs !== file.modifiedMs) return null;
  const exists = await access(parquetPath).then(
    () => true,
    () => false,
  );
  const { brokenLines, notes, structures } = entry;
  return exists ? { parquetPath, brokenLines, notes, structures } : null;
}

async function readEntry(path: string): Promise<z.infer<typeof cacheEntry> | null> {
  try {
    const parsed = cacheEntry.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Missing or half-written: the import is simply done again.
    return null;
  }
}

async function convert(
  path: string,
  file: DetectedFile,
  target: string,
  options: ImportOptions,
): Promise<Converted> {
  const { engine, signal, onProgress } = options;
  const { format } = file;
  if (format === 'arrow') {
    const brokenLines = await importArrow(path, file, target, { ...options, rowGroupRows: ROW_GROUP_ROWS });
    return { brokenLines, notes: [], structures: {} };
  }
  if (!format.startsWith('jsonl')) {
    await requireWhole(path, format, signal);
    // Their reader takes minutes over one line of 300 MiB before it gives up.
    await requireEndingLines({ path, format, sizeBytes: file.sizeBytes }, engine, signal);
    const table = await importTable({ path, format, target, rowGroupRows: ROW_GROUP_ROWS }, options);
    return { brokenLines: table.brokenLines, notes: [...table.notes], structures: {} };
  }
  const { brokenLines, columns } = await importLines(
    { path, format, sizeBytes: file.sizeBytes, target, rowGroupRows: ROW_GROUP_ROWS },
    { engine, signal, onProgress },
  );
  const nested = columns.filter(({ type }) => type === 'JSON').map(({ name }) => name);
  return {
    brokenLines,
    notes: [],
    structures: await readStructures({ path, parquetPath: target, columns: nested }, options),
  };
}
