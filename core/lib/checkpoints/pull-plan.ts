// What is to be pulled of a checkpoint, and what of it has arrived: chunk by chunk, so that any break loses a chunk at most. Without
// files: the journal is text that is only appended to, and a torn last line counts for nothing.
import { z } from 'zod';

/** What is written and noted at once. */
export const CHUNK_BYTES = 4 * 1024 * 1024;

export const plannedFile = z.object({
  /** Below the folder of the weights. */
  path: z.string(),
  /** Absolute there. */
  remote: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  stamp: z.string(),
});
export type PlannedFile = z.infer<typeof plannedFile>;

export const pullPlan = z.object({ format: z.literal(1), source: z.string(), files: z.array(plannedFile) });
export type PullPlan = z.infer<typeof pullPlan>;

/** Of one file. */
export interface Arrived {
  readonly chunks: ReadonlySet<number>;
  /** Once all of it is here and was read back. */
  readonly sha256: string | null;
}

export function chunkCount(sizeBytes: number): number {
  return Math.ceil(sizeBytes / CHUNK_BYTES);
}

export function chunkLine(file: number, chunk: number): string {
  return `${file} ${chunk}\n`;
}

export function hashLine(file: number, sha256: string): string {
  return `${file} = ${sha256}\n`;
}

/** What a journal says of its plan; lines that say nothing are left out. */
export function readJournal(plan: PullPlan, text: string): readonly Arrived[] {
  const all = plan.files.map(() => ({ chunks: new Set<number>(), sha256: null as string | null }));
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  for (const line of whole.split('\n')) {
    const chunk = /^(\d+) (\d+)$/.exec(line);
    const hash = /^(\d+) = ([0-9a-f]{64})$/.exec(line);
    const index = Number((chunk ?? hash)?.[1] ?? -1);
    const own = all[index];
    const file = plan.files[index];
    if (!own || !file) continue;
    if (chunk && Number(chunk[2]) < chunkCount(file.sizeBytes)) own.chunks.add(Number(chunk[2]));
    if (hash) own.sha256 = hash[2] ?? null;
  }
  return all;
}

/** What of the old plan is worth keeping for the new one: files that were not written again since. By the new plan's places. */
export function carriedOver(
  before: { readonly plan: PullPlan; readonly arrived: readonly Arrived[] } | null,
  plan: PullPlan,
): readonly Arrived[] {
  const known = new Map(
    before?.plan.files.map((file, index) => [
      `${file.remote}\n${file.path}\n${file.stamp}`,
      before.arrived[index],
    ]),
  );
  return plan.files.map(
    ({ remote, path, stamp }) =>
      known.get(`${remote}\n${path}\n${stamp}`) ?? { chunks: new Set(), sha256: null },
  );
}

export function journalText(arrived: readonly Arrived[]): string {
  return arrived
    .map(({ chunks, sha256 }, file) =>
      [
        ...[...chunks].map((chunk) => chunkLine(file, chunk)),
        ...(sha256 ? [hashLine(file, sha256)] : []),
      ].join(''),
    )
    .join('');
}

export interface ByteRange {
  readonly file: number;
  readonly start: number;
  readonly length: number;
}

/** The parts that are missing, in the order they are asked for, none longer than `maxBytes` (whole chunks). Empty files have one. */
export function missingRanges(
  plan: PullPlan,
  arrived: readonly Arrived[],
  maxBytes: number,
): readonly ByteRange[] {
  return plan.files.flatMap((file, index) => {
    const own = arrived[index];
    if (own?.sha256) return [];
    const ranges: { file: number; start: number; length: number }[] = [];
    for (let chunk = 0; chunk < chunkCount(file.sizeBytes); chunk += 1) {
      if (own?.chunks.has(chunk)) continue;
      const start = chunk * CHUNK_BYTES;
      const length = Math.min(CHUNK_BYTES, file.sizeBytes - start);
      const last = ranges.at(-1);
      if (last && last.start + last.length === start && last.length + length <= maxBytes)
        last.length += length;
      else ranges.push({ file: index, start, length });
    }
    return ranges;
  });
}

/** Bytes of a file that are here. */
export function arrivedBytes(file: PlannedFile, { chunks, sha256 }: Arrived): number {
  if (sha256) return file.sizeBytes;
  let bytes = 0;
  for (const chunk of chunks) bytes += Math.min(CHUNK_BYTES, file.sizeBytes - chunk * CHUNK_BYTES);
  return bytes;
}
