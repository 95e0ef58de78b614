// Hands a whole log to the browser to be saved, a piece at a time.
import type { StudioClient } from '../../../../core/api/contract.ts';
import { StudioError } from '../../../../core/api/errors.ts';
import type { SeriesSource } from '../../../../core/api/series.ts';

const STEP_BYTES = 4_194_304;
/** A browser keeps what is being saved in memory first. */
const MAX_SAVED_BYTES = 536_870_912;

/** Throws TOO_LARGE for a log that has to be copied from its folder. */
export async function saveLog(
  client: StudioClient,
  source: SeriesSource,
  name: string | null,
): Promise<void> {
  const parts: string[] = [];
  let start = 0;
  for (;;) {
    const input = { source, start, limitBytes: STEP_BYTES, ...(name === null ? {} : { file: name }) };
    const chunk = await client.series.log(input);
    if (chunk.sizeBytes > MAX_SAVED_BYTES) {
      throw new StudioError('TOO_LARGE', 'The log is too long to be saved from here', {
        hint: 'Copy it from its folder in the workspace',
      });
    }
    if (chunk.end === start) break;
    parts.push(chunk.text);
    start = chunk.end;
  }
  const url = URL.createObjectURL(new Blob(parts, { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  const own = source.kind === 'run' ? `${source.id}-${name ?? 'log.txt'}` : source.path;
  link.download = own.split('/').join('-');
  link.click();
  URL.revokeObjectURL(url);
}
