// How the runs on a workstation stand: from their supervisors' notes, and from whether the processes live.
import { parseStates, type ProcessState, statesScript } from '../../../lib/workstation/process-scripts.ts';
import type { Connection } from '../../targets/connection.ts';
import { takeNotes } from './ask-slurm.ts';
import { changeRemote, type Followed } from './followed-run.ts';
import { folderWord } from './remote-file.ts';

const TIMEOUT_MS = 30_000;

/** Changes what is known of each run. */
export async function askWorkstation(connection: Connection, runs: readonly Followed[]): Promise<void> {
  const script = statesScript(runs.map(({ record }) => folderWord(record)));
  const { stdout } = await connection.run({ script, timeoutMs: TIMEOUT_MS });
  const states = parseStates(new TextDecoder().decode(stdout), runs.length);
  const nowMs = Date.now();
  for (const [index, run] of runs.entries()) {
    const state = states[index];
    const isForeign = run.place.attached !== null && (state?.kind === 'not-started' || state === null);
    if (isForeign) await takeNotes(run);
    else if (state) await take(run, state, nowMs);
  }
}

async function take(run: Followed, state: ProcessState, nowMs: number): Promise<void> {
  const seen = { seenMs: nowMs, unknownSinceMs: null };
  const over = { ...seen, goneMs: run.remote.goneMs ?? nowMs };
  const lost = (reason: string) =>
    // What its script noted is the truth, whatever became of the processes.
    changeRemote(run, run.attempts.at(-1)?.event === 'ended' ? over : { ...over, lost: true, reason });
  switch (state.kind) {
    case 'running':
      return changeRemote(run, { ...seen, state: 'RUNNING', reason: '' });
    case 'waiting':
      return changeRemote(run, { ...seen, state: 'PENDING', reason: state.reason });
    case 'ended':
      return changeRemote(run, over);
    case 'rebooted':
      return lost('The computer was started anew while it ran: resume it from its last checkpoint');
    case 'vanished':
      return lost('Its supervisor was killed together with it, so nobody saw how it ended');
    case 'no-folder':
    case 'not-started':
      return lost('Its folder on the target was removed while it ran');
    case 'elsewhere':
      // A login that is shared out over several computers: this one cannot say.
      return changeRemote(run, { unknownSinceMs: run.remote.unknownSinceMs ?? nowMs });
  }
}
