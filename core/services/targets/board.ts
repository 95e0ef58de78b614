// The board of a cluster: one question about everything, kept for as long as the site wants to be left alone. Windows and the
// command line share the answer.
import { StudioError } from '../../api/errors.ts';
import type { ClusterBoard } from '../../api/targets.ts';
import { hasPassed } from '../../lib/has-passed.ts';
import { boardScript, parseBoard } from '../../lib/slurm/board.ts';
import { runInBackground } from './background-command.ts';
import type { Connection } from './connection.ts';

const BOARD_TIMEOUT_MS = 60_000;
/** Sites ask for few questions. */
export const BOARD_FLOOR_MS = 30_000;
/** A controller that does not answer is asked less and less often. */
const LONGEST_WAIT_MS = 600_000;
/** A window shows no more; the count says how many there are. */
const MAX_SHOWN_JOBS = 2_000;

interface Known {
  board: ClusterBoard | null;
  asking: Promise<ClusterBoard> | null;
  /** When it was asked last, and how long it is left alone since. */
  triedMs: number;
  waitMs: number;
  failures: number;
}

export interface BoardReader {
  /** `floorMs`: the least time between two questions. */
  read(name: string, connection: Connection, floorMs: number): Promise<ClusterBoard>;
}

export function createBoardReader(): BoardReader {
  // The same name in another workspace is another connection.
  const known = new WeakMap<Connection, Known>();

  const ask = async (connection: Connection, state: Known, floorMs: number): Promise<ClusterBoard> => {
    const failed = (problem: string): ClusterBoard => {
      state.failures += 1;
      state.triedMs = Date.now();
      state.waitMs = Math.min(LONGEST_WAIT_MS, floorMs * 2 ** state.failures);
      const empty = { askedMs: 0, partitions: [], jobs: [], jobCount: 0 };
      state.board = { ...(state.board ?? empty), problem, nextMs: state.triedMs + state.waitMs };
      return state.board;
    };
    const { exitCode, stdout, stderr } = await runInBackground(connection, boardScript(), {
      timeoutMs: BOARD_TIMEOUT_MS,
    });
    if (exitCode !== 0) return failed(firstLine(stderr) ?? 'The scheduler does not answer');
    const { partitions, jobs } = parseBoard(new TextDecoder().decode(stdout));
    const nowMs = Date.now();
    state.failures = 0;
    state.triedMs = nowMs;
    state.waitMs = floorMs;
    state.board = {
      askedMs: nowMs,
      nextMs: nowMs + floorMs,
      problem: null,
      partitions: [...partitions],
      jobs: jobs.slice(0, MAX_SHOWN_JOBS),
      jobCount: jobs.length,
    };
    return state.board;
  };

  return {
    async read(name, connection, floorMs) {
      const state = known.get(connection) ?? {
        board: null,
        asking: null,
        triedMs: 0,
        waitMs: 0,
        failures: 0,
      };
      known.set(connection, state);
      if (connection.state.kind !== 'connected') {
        if (state.board === null) {
          throw new StudioError('UNAVAILABLE', `${name} is not connected`, { hint: 'Connect to it first' });
        }
        return { ...state.board, problem: 'Not connected: this is what was known last' };
      }
      if (state.board !== null && !hasPassed(state.triedMs, state.waitMs, Date.now())) return state.board;
      state.asking ??= ask(connection, state, floorMs).finally(() => {
        state.asking = null;
      });
      return state.asking;
    },
  };
}

function firstLine(text: string): string | null {
  const line = text.trim().split('\n')[0] ?? '';
  return line === '' ? null : line;
}
