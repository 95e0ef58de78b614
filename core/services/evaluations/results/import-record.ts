// import.json beside results that came from elsewhere: whose they are, and the hashes of the files as they were.
import { z } from 'zod';
import { readTextFile } from '../../files/read-text.ts';

export const IMPORT_FILE = 'import.json';

/** A hundred files of one harness run take 10 kB. */
const MAX_RECORD_BYTES = 1_048_576;

const importRecord = z.object({
  format: z.literal(1),
  /** Instead of the name in the files. */
  model: z.string().min(1).nullable(),
  run: z.string().min(1).nullable(),
  step: z.number().int().min(0).nullable(),
  files: z.array(z.object({ name: z.string(), sha256: z.string() })),
});
export type ImportRecord = z.infer<typeof importRecord>;

/** Null when there is none. Throws CORRUPT_FILE's kin when there is one that cannot be read. */
export async function readImportRecord(path: string): Promise<ImportRecord | null> {
  let text: string;
  try {
    ({ text } = await readTextFile(path, MAX_RECORD_BYTES));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return importRecord.parse(JSON.parse(text));
}
