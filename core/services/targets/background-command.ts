// Commands that may take long (a controller that is down answers after nine seconds): started on the other side in the background,
// so that log lines keep coming over the same connection, and asked for until they are done.
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { StudioError } from '../../api/errors.ts';
import type { Connection } from './connection.ts';
import type { RemoteResult } from './remote-shell.ts';

const FIRST_LOOK_MS = 30;
const LAST_LOOK_MS = 500;

/**
 * `script` is POSIX sh and runs to its end whoever waits for it. Throws UNAVAILABLE after `timeoutMs`, or when the connection ends:
 * whether the script was carried out is not known then.
 */
export async function runInBackground(
  connection: Connection,
  script: string,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined },
): Promise<RemoteResult> {
  const name = `"$d"/${randomBytes(6).toString('hex')}`;
  const { timeoutMs, signal } = options;
  const started = await connection.run({
    script: `[ -n "$d" ] || exit 90\n{ ( ${script}\n) > ${name}.out 2> ${name}.err; echo $? > ${name}.tmp; mv ${name}.tmp ${name}.rc; } > /dev/null 2>&1 &`,
    signal,
  });
  if (started.exitCode !== 0) {
    throw new StudioError('DISK_FULL', 'The target has no room for temporary files', {
      hint: 'Free some space in its temporary folder (/tmp or TMPDIR)',
      detail: started.stderr,
    });
  }
  const deadlineMs = performance.now() + timeoutMs;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(LAST_LOOK_MS, waitMs * 2)) {
    await sleep(waitMs, undefined, { signal });
    const done = await connection.run({
      script: `c=$(cat ${name}.rc 2>/dev/null) || exit 91\ncat ${name}.out; cat ${name}.err >&2; rm -f ${name}.*; [ "$c" = 91 ] && c=1; exit "$c"`,
      signal,
    });
    if (done.exitCode !== 91) return done;
    if (performance.now() > deadlineMs) {
      throw new StudioError(
        'UNAVAILABLE',
        `The command took longer than ${Math.round(timeoutMs / 1000)} seconds`,
        {
          hint: 'The scheduler may be overloaded or down; look again in a moment',
        },
      );
    }
  }
}
