// Reports of verification, kept beside their models, so that they are shown later and travel with them.
import { type ParityRecord, type ParityReport, parityRecord } from '../../api/conversion.ts';
import { sourceHashOf } from '../../lib/conversion/gguf-metadata.ts';
import { readTextFile } from '../files/read-text.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { type ModelFile, readModelFile } from './read-header.ts';

/** A report names some dozens of texts with their ids. */
const MAX_REPORT_BYTES = 4 * 1024 * 1024;

export function reportPath(model: string): string {
  return `${model}.parity.json`;
}

/** `model` is absolute. Errno errors, and CORRUPT_FILE for a model whose header is refused. */
export async function keepReport(
  model: string,
  { report, source }: { readonly report: ParityReport; readonly source: string },
): Promise<void> {
  const record: ParityRecord = {
    format: 1,
    report,
    source,
    verifiedMs: Date.now(),
    model: identityOf(await readModelFile(model)),
  };
  await writeFileAtomic(reportPath(model), `${JSON.stringify(record, asNumber, 2)}\n`);
}

/** JSON has no NaN. */
function asNumber(_key: string, value: unknown): unknown {
  return typeof value === 'number' && Number.isNaN(value) ? 'NaN' : value;
}

export interface KeptReport {
  readonly record: ParityRecord;
  readonly isCurrent: boolean;
}

/** `model` is absolute; `known` is what it is now, where the caller knows. Null when there is none, or none that can be read. */
export async function readReport(model: string, known?: ParityRecord['model']): Promise<KeptReport | null> {
  const text = await readTextFile(reportPath(model), MAX_REPORT_BYTES).then(
    (read) => read.text,
    () => null,
  );
  if (text === null) return null;
  const parsed = parityRecord.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { model: then } = parsed.data;
  const now = known ?? (await readModelFile(model).then(identityOf, () => null));
  return {
    record: parsed.data,
    isCurrent: now !== null && then.sizeBytes === now.sizeBytes && then.sourceSha256 === now.sourceSha256,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, (_key, value: unknown) => (value === 'NaN' ? Number.NaN : value));
  } catch {
    return null;
  }
}

function identityOf({ header, sizeBytes }: ModelFile): ParityRecord['model'] {
  return { sizeBytes, sourceSha256: sourceHashOf(header) };
}
