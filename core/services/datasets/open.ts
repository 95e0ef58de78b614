// Opens a dataset: finds its files, imports the text ones into the cache, and makes one table of all their columns.
import { createHash } from 'node:crypto';
import type { DatasetInfo } from '../../api/dataset-shape.ts';
import { recognise } from '../../lib/datasets/recognise.ts';
import { createDamageReport, type DamageReport } from './damage-report.ts';
import { type DataFile, type DataFiles, findDataFiles } from './data-files.ts';
import { type DetectedFile, detectDataset } from './detect.ts';
import { importText, type ImportOptions } from './imports/import-text.ts';
import { importTokens } from './tokenized/import-tokens.ts';
import { joinColumns } from './join-columns.ts';
import type { ReadyFile } from './ready-file.ts';
import { type FileSchema, JSON_ROWS, readSchemas } from './read-schemas.ts';
import type { DatasetSource, SourceFile } from './source.ts';

/** Broken lines shown of all files together. */
const SHOWN_LINES = 20;
/** Notes of single files. */
const SHOWN_NOTES = 10;

export interface OpenProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface OpenOptions extends Omit<ImportOptions, 'onProgress'> {
  /** Where files may lie, links followed; null for everywhere. */
  readonly root: string | null;
  /** Opens the files that can be read, and says which cannot. */
  readonly skipDamaged: boolean;
  readonly onProgress?: ((progress: OpenProgress) => void) | undefined;
}

/**
 * `path` is absolute: a file, a folder or a glob.
 * Throws NOT_FOUND, INVALID_INPUT, CORRUPT_FILE, CANCELLED, RUNTIME_DIED, DISK_FULL, TOO_LARGE.
 */
export async function openDataset(path: string, options: OpenOptions): Promise<DatasetSource> {
  const found = await findDataFiles(path, options);
  const damaged = createDamageReport(found, options.skipDamaged);
  const detected: (DataFile & { readonly detected: DetectedFile })[] = [];
  for (const file of found.files) {
    await damaged.guard(file, async () => {
      detected.push({ ...file, detected: await detectDataset(file.path) });
    });
  }
  const ready = await importAll(detected, options, damaged);
  const schemas = await readSchemas(ready, options, damaged);
  if (schemas.length === 0) throw damaged.nothingLeft(path);
  return toSource(path, found, schemas, damaged.notes());
}

async function importAll(
  files: readonly (DataFile & { readonly detected: DetectedFile })[],
  options: OpenOptions,
  damaged: DamageReport,
): Promise<readonly ReadyFile[]> {
  const totalBytes = files.reduce((sum, { detected }) => sum + detected.sizeBytes, 0);
  let before = 0;
  const ready: ReadyFile[] = [];
  for (const file of files) {
    const { detected, path } = file;
    options.signal?.throwIfAborted();
    await damaged.guard(file, async () => {
      if (detected.format === 'parquet') {
        ready.push({ ...file, parquetPath: path, brokenLines: { count: 0, first: [] } });
        return;
      }
      const onProgress = (share: number) => {
        const doneBytes = Math.round(before + Math.min(1, share) * detected.sizeBytes);
        options.onProgress?.({ doneBytes, totalBytes });
      };
      if (detected.format === 'ds') {
        const imported = await importTokens(path, detected, { ...options, onProgress });
        ready.push({ ...file, ...imported, brokenLines: { count: 0, first: [] } });
        return;
      }
      const imported = await importText(path, detected, { ...options, onProgress });
      ready.push({ ...file, ...imported });
    });
    before += detected.sizeBytes;
  }
  return ready;
}

function toSource(
  path: string,
  found: DataFiles,
  schemas: readonly FileSchema[],
  damageNotes: readonly string[],
): DatasetSource {
  const joined = joinColumns(schemas);
  let firstRow = 0;
  const files = schemas.map((schema, index): SourceFile => {
    const { file, rows } = schema;
    const { sizeBytes, modifiedMs, format } = file.detected;
    const own = {
      path: file.path,
      name: file.name,
      parquetPath: file.parquetPath,
      format,
      sizeBytes,
      modifiedMs,
      rows,
      firstRow,
      expressions: joined.expressions[index] ?? [],
      ...(file.tokens === undefined ? {} : { tokens: file.tokens }),
    };
    firstRow += rows;
    return own;
  });
  const formats = new Set(files.map(({ format }) => format));
  const [format = 'parquet'] = formats;
  const columns = [...joined.info];
  const own = columns.filter(({ name }) => name !== joined.fileColumn);
  const recognised = recognise(
    own,
    files.map((file) => file.path),
  );
  return {
    path,
    files,
    columns: joined.columns,
    foundFiles: found.files.length,
    modifiedMs: Math.max(...files.map(({ modifiedMs }) => modifiedMs)),
    stamp: stampOf(files),
    info: {
      kind: found.kind,
      format: formats.size === 1 ? format : 'mixed',
      sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      rows: firstRow,
      columns,
      files: files.map(({ name, format: own, sizeBytes, rows, firstRow: first }) => ({
        name,
        format: own,
        sizeBytes,
        rows,
        firstRow: first,
      })),
      fileColumn: joined.fileColumn,
      notes: [...damageNotes, ...linkNotes(found), ...importNotes(schemas), ...joined.notes],
      textColumn: recognised.roles.find(({ role }) => role === 'text')?.column ?? null,
      recognised: { ...recognised, roles: [...recognised.roles] },
      brokenLines: brokenLinesOf(schemas),
    },
  };
}

/** Of the files as they are on disk. */
export function stampOf(files: readonly Pick<SourceFile, 'path' | 'sizeBytes' | 'modifiedMs'>[]): string {
  const facts = files.map(({ path, sizeBytes, modifiedMs }) => [path, sizeBytes, modifiedMs]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}

function linkNotes({ linksOut }: DataFiles): readonly string[] {
  if (linksOut === 0) return [];
  return [
    `${linksOut} ${linksOut === 1 ? 'link leads' : 'links lead'} outside the workspace and ${linksOut === 1 ? 'is' : 'are'} left out`,
  ];
}

function importNotes(schemas: readonly FileSchema[]): readonly string[] {
  const isAlone = schemas.length === 1;
  const all = schemas.flatMap(({ file }) =>
    (file.notes ?? []).map((note) => (isAlone ? note : `${file.name}: ${note}`)),
  );
  const sampled = new Set(schemas.flatMap((schema) => schema.sampled));
  const some = [...sampled].map(
    (name) =>
      `The fields of ${name} are those of the first ${JSON_ROWS.toLocaleString('en')} rows of each file`,
  );
  const more = all.length - SHOWN_NOTES;
  return [...all.slice(0, SHOWN_NOTES), ...(more > 0 ? [`${more} more notes like these`] : []), ...some];
}

function brokenLinesOf(schemas: readonly FileSchema[]): DatasetInfo['brokenLines'] {
  const isAlone = schemas.length === 1;
  const first = schemas.flatMap(({ file }) =>
    file.brokenLines.first.map((line) => (isAlone ? line : { ...line, file: file.name })),
  );
  const isCut = schemas.some(({ file }) => file.brokenLines.isCut);
  return {
    ...(isCut ? { isCut } : {}),
    count: schemas.reduce((sum, { file }) => sum + file.brokenLines.count, 0),
    first: first.slice(0, SHOWN_LINES),
  };
}
