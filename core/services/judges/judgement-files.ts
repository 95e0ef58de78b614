// A judgement on disk: judgement.json (what was asked), annotations.jsonl (one line a document, appended as answers come),
// samples.jsonl (answers of documents that are not complete), aggregated.jsonl.
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { StudioError } from '../../api/errors.ts';
import { aggregateLine, type JudgementLine, parseJudgementLine } from '../../lib/judges/judgement-line.ts';
import { type Judgement, judgement } from '../../lib/judges/judgement.ts';
import { asidePath } from '../files/aside-path.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { readTextFile } from '../files/read-text.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import type { Sample } from './ask-document.ts';

export const JUDGEMENT_FOLDER = 'judgements';
export const ANNOTATIONS_FILE = 'annotations.jsonl';
export const AGGREGATED_FILE = 'aggregated.jsonl';
const JUDGEMENT_FILE = 'judgement.json';
const SAMPLES_FILE = 'samples.jsonl';
/** A prompt of 50,000 characters and a view of 50 filters. */
const MAX_JUDGEMENT_BYTES = 4_194_304;
/** What was answered reaches the disk at least this often: a power cut loses no more. */
const SYNC_INTERVAL_MS = 1000;

/** Null when the folder has none. Throws CORRUPT_FILE that names the first field that is wrong. */
export async function readJudgement(folder: string): Promise<Judgement | null> {
  const path = join(folder, JUDGEMENT_FILE);
  const file = await readTextFile(path, MAX_JUDGEMENT_BYTES).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(file.text);
  } catch (error) {
    throw unreadable(path, 'it is not valid JSON', error);
  }
  const parsed = judgement.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw unreadable(
    path,
    `${first?.path.join('.') || 'the file'}: ${first?.message ?? 'unknown'}`,
    parsed.error,
  );
}

function unreadable(path: string, reason: string, cause: unknown): StudioError {
  return new StudioError(
    'CORRUPT_FILE',
    `${basename(dirname(path))}/${JUDGEMENT_FILE} cannot be read: ${reason}`,
    {
      hint: 'Bring it back from git; the answers beside it are untouched',
      path,
      cause,
    },
  );
}

export async function requireJudgement(folder: string): Promise<Judgement> {
  const found = await readJudgement(folder);
  if (found) return found;
  throw new StudioError('NOT_FOUND', `${basename(folder)} is no judgement`, {
    hint: `A judgement is a folder with a ${JUDGEMENT_FILE}`,
    path: folder,
  });
}

export async function writeJudgement(folder: string, value: Judgement): Promise<void> {
  await writeFileAtomic(join(folder, JUDGEMENT_FILE), `${JSON.stringify(value, null, 1)}\n`);
}

/** The lines that can be read, one at a time; what cannot is counted. A missing file has none. */
export async function* readLines(
  path: string,
  broken: { count: number } = { count: 0 },
): AsyncGenerator<JudgementLine, void> {
  const file = await openRegularFile(path, 'Choose an annotations.jsonl').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (file === null) return;
  await file.handle.close();
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity });
  try {
    for await (const text of lines) {
      if (text.trim() === '') continue;
      const line = parseJudgementLine(text);
      if (line === null) broken.count += 1;
      else yield line;
    }
  } finally {
    lines.close();
  }
}

/** Appends lines of JSON in the order they are given; whole ones only. Close it. */
export interface LineWriter extends AsyncDisposable {
  append(value: unknown): Promise<void>;
}

/** Half a line that a kill left behind is cut off first. */
export async function openLines(path: string): Promise<LineWriter> {
  const handle = await open(path, 'a+');
  try {
    await cutTornLine(handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
  let size = (await handle.stat()).size;
  let queue: Promise<void> = Promise.resolve();
  let syncedMs = performance.now();
  let dirty = false;
  const write = async (bytes: Buffer): Promise<void> => {
    try {
      await handle.appendFile(bytes);
      size += bytes.byteLength;
      dirty = true;
      if (performance.now() - syncedMs > SYNC_INTERVAL_MS) {
        await handle.sync();
        syncedMs = performance.now();
        dirty = false;
      }
    } catch (error) {
      await handle.truncate(size).catch(() => {});
      throw error;
    }
  };
  return {
    append(value) {
      const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
      const written = queue.then(() => write(bytes));
      queue = written.catch(() => {});
      return written;
    },
    async [Symbol.asyncDispose]() {
      await queue;
      try {
        if (dirty) await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

const LOOK_BACK_BYTES = 65_536;

async function cutTornLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  for (let end = size; end > 0; end -= LOOK_BACK_BYTES) {
    const start = Math.max(0, end - LOOK_BACK_BYTES);
    const bytes = Buffer.alloc(end - start);
    await handle.read(bytes, 0, bytes.length, start);
    const at = bytes.lastIndexOf(0x0a);
    if (at < 0) continue;
    if (start + at + 1 < size) await handle.truncate(start + at + 1);
    return;
  }
  if (size > 0) await handle.truncate(0);
}

/** Writes annotations.jsonl anew with what `keep` says; a kill meanwhile leaves the old one. */
export async function rewriteLines(
  folder: string,
  keep: (line: JudgementLine) => JudgementLine | null,
): Promise<void> {
  await writeWhole(join(folder, ANNOTATIONS_FILE), readLines(join(folder, ANNOTATIONS_FILE)), keep);
}

/** One line a document with its score; the whole file at once. Returns how many. */
export async function writeAggregated(folder: string): Promise<number> {
  return writeWhole(join(folder, AGGREGATED_FILE), readLines(join(folder, ANNOTATIONS_FILE)), aggregateLine);
}

export async function writeWhole(
  path: string,
  lines: AsyncIterable<JudgementLine>,
  toValue: (line: JudgementLine) => unknown,
): Promise<number> {
  const aside = asidePath(path);
  let written = 0;
  try {
    const handle = await open(aside, 'wx');
    try {
      let part = '';
      for await (const line of lines) {
        const value = toValue(line);
        if (value === null) continue;
        written += 1;
        part += `${JSON.stringify(value)}\n`;
        if (part.length < 262_144) continue;
        await handle.appendFile(part);
        part = '';
      }
      await handle.appendFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } finally {
    await rm(aside, { force: true });
  }
  return written;
}

const sampleLine = z.object({ key: z.string(), text: z.string(), atSeconds: z.number() });

export interface SampleJournal extends AsyncDisposable {
  /** Paid for in an earlier run, by document. */
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  add(key: string, sample: Sample): Promise<void>;
}

/** Answers of documents that were not complete when a run ended. */
export async function openJournal(folder: string, isDone: (key: string) => boolean): Promise<SampleJournal> {
  const path = join(folder, SAMPLES_FILE);
  const samples = new Map<string, Sample[]>();
  const text = await readFile(path, 'utf8').catch(() => '');
  for (const part of text.split('\n')) {
    const parsed = sampleLine.safeParse(safeJson(part));
    if (!parsed.success || isDone(parsed.data.key)) continue;
    const { key, ...sample } = parsed.data;
    samples.set(key, [...(samples.get(key) ?? []), sample]);
  }
  const kept = [...samples].flatMap(([key, own]) => own.map((sample) => JSON.stringify({ key, ...sample })));
  if (kept.length === 0) await rm(path, { force: true });
  else await writeFileAtomic(path, `${kept.join('\n')}\n`);
  const made: { lines: LineWriter | null; opening: Promise<LineWriter> | null } = {
    lines: null,
    opening: null,
  };
  return {
    samples,
    async add(key, sample) {
      made.opening ??= openLines(path);
      made.lines = await made.opening;
      await made.lines.append({ key, ...sample });
    },
    async [Symbol.asyncDispose]() {
      await (await made.opening)?.[Symbol.asyncDispose]();
    },
  };
}

/** When every document has its line, what it was made of is not needed any more. */
export function removeJournal(folder: string): Promise<void> {
  return rm(join(folder, SAMPLES_FILE), { force: true });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
