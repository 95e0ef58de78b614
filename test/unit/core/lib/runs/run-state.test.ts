// Every way a run can look, and what it is called.
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../../../core/lib/runs/run-files.ts';
import {
  isOver,
  judgeRun,
  type RunEvidence,
  START_LIMIT_MS,
} from '../../../../../core/lib/runs/run-state.ts';

const record: RunRecord = {
  format: 1,
  id: 'r',
  name: 'r',
  recipe: 'command',
  target: 'this-computer',
  createdMs: 1000,
  parameters: {},
  command: ['x'],
  workingFolder: '/w',
  environment: {},
  config: null,
  git: { branch: null, commit: null },
  mainMetrics: [],
  exitCodes: { 143: 'Stopped by request; the best head so far is saved' },
  host: 'here',
  history: [],
  end: null,
  remote: null,
  isScriptEdited: false,
  after: null,
  parent: null,
  evaluates: null,
  brings: [],
  continuations: [],
  overridden: null,
};
const identity = { pid: 5, startToken: 't', host: 'here' };
const running: RunEvidence = {
  record,
  process: { supervisor: identity, job: identity, startedMs: 2000 },
  stop: null,
  exit: null,
  supervisorAlive: true,
  jobAlive: true,
  newestOutputMs: 3000,
  lastLogLine: 'boom',
  nowMs: 4000,
};
const stop = { requestedMs: 3500, graceMs: 1000 };
const exit = (exitCode: number | null, signal: string | null = null) => ({ exitCode, signal, endedMs: 3600 });

describe('judgeRun', () => {
  it.each([
    ['starting', { process: null }, /^$/],
    ['lost', { process: null, nowMs: 1001 + START_LIMIT_MS }, /never started/],
    ['running', {}, /^$/],
    ['stopping', { stop }, /^$/],
    ['running', { supervisorAlive: false }, /^$/],
    ['lost', { supervisorAlive: false, jobAlive: false }, /vanished/],
    ['stopped', { supervisorAlive: false, jobAlive: false, stop }, /supervisor was gone/],
    ['done', { exit: exit(0) }, /^Finished$/],
    ['failed', { exit: exit(1) }, /^Exit code 1\. Last line of the log: boom$/],
    ['failed', { exit: exit(null, 'SIGSEGV'), lastLogLine: null }, /^Killed by SIGSEGV$/],
    ['failed', { exit: { ...exit(null), error: 'The program x was not found' } }, /not found/],
    ['stopped', { exit: exit(143), stop }, /best head so far/],
    ['stopped', { exit: exit(0), stop }, /Stopped on request/],
    ['done', { exit: exit(0), stop: { requestedMs: 3700, graceMs: 0 } }, /Finished/],
    ['running', { supervisorAlive: null, jobAlive: null }, /^$/],
    ['lost', { supervisorAlive: null, jobAlive: null, nowMs: 3000 + 600_001 }, /ran on here/],
  ] as const)('%s (%#)', (state, change, reason) => {
    const verdict = judgeRun({ ...running, ...change });
    expect(verdict.state).toBe(state);
    expect(verdict.end?.reason ?? '').toMatch(reason);
    expect(isOver(verdict.state)).toBe(verdict.end !== null);
  });

  it('keeps an end that was written down before', () => {
    const end = { endedMs: 5, exitCode: null, signal: null, reason: 'lost before' };
    expect(judgeRun({ ...running, record: { ...record, end } })).toEqual({ state: 'lost', end });
    const history = [{ state: 'failed', atMs: 5 }];
    expect(judgeRun({ ...running, process: null, record: { ...record, end, history } })).toEqual({
      state: 'failed',
      end,
    });
  });
});
