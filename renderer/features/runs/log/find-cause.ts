// Looks through all logs of a run for what went wrong first, on request: each is read to its end once.
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { LogSource } from '../../../../core/api/logs.ts';
import { firstCause, type CauseOf } from './first-cause.ts';

/** A node of eight ranks on eight nodes, stdout and stderr; more are not read at once. */
const MAX_LOGS = 128;

export interface FoundCause extends CauseOf {
  /** Logs in which something went wrong. */
  readonly logs: number;
}

/** Null where nothing did. A log that cannot be read is left out. */
export async function findCause(
  client: StudioClient,
  names: readonly string[],
  sourceOf: (name: string) => LogSource,
): Promise<FoundCause | null> {
  const causes: CauseOf[] = [];
  // One after the other: each is read whole, by one process.
  for (const name of names.slice(0, MAX_LOGS)) {
    const found = await client.logs.troubles({ source: sourceOf(name) }).catch(() => null);
    if (found?.root) causes.push({ name, trouble: found.root });
  }
  const cause = firstCause(causes);
  return cause === null ? null : { ...cause, logs: causes.length };
}
