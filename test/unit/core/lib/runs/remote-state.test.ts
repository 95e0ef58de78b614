// How a run on a cluster stands and ends, from all that can be known of it.
import { describe, expect, it } from 'vitest';
import { endOf, judgeRemote } from '../../../../../core/lib/runs/remote-state.ts';
import { type AttemptLine, type RemoteFile, remoteFile } from '../../../../../core/lib/runs/run-files.ts';
import { stateInLog } from '../../../../../core/lib/slurm/log-words.ts';

const base: RemoteFile = remoteFile.parse({
  jobId: '12',
  submittedMs: 500,
  state: 'RUNNING',
  reason: '',
  seenMs: 5000,
  goneMs: null,
  unknownSinceMs: null,
});
const line = (event: AttemptLine['event'], exitCode: number | null = null): AttemptLine => ({
  event,
  job: '12',
  task: '',
  restart: 0,
  node: 'n1',
  exitCode,
  atMs: 4000,
  logBytes: null,
  metricsBytes: null,
});
const evidence = (remote: Partial<RemoteFile>, attempts: readonly AttemptLine[] = [line('started')]) => ({
  remote: { ...base, ...remote },
  attempts,
  stop: null,
});
const gone = { state: 'RUNNING', goneMs: 6000 };

describe('an end', () => {
  it.each([
    ['TIMEOUT', 'The time limit was reached: resume it from its last checkpoint, or ask for more time'],
    [
      'OUT_OF_MEMORY',
      'It used more memory than it had asked for: ask for more memory a node, or make its batches smaller',
    ],
    ['NODE_FAIL', /^A node failed: resume it/],
    ['PREEMPTED', /^Preempted by a job of higher priority: resume it/],
    ['CANCELLED by ada', 'Cancelled by ada'],
    ['CANCELLED by 1003', 'Cancelled by user 1003'],
    ['BOOT_FAIL', /^A node did not start: launch it again/],
  ])('of the state %s', (state, words) => {
    expect(endOf(evidence({ state }), 7000)?.error).toEqual(
      typeof words === 'string' ? words : expect.stringMatching(words),
    );
  });

  it('that the script noted is exact', () => {
    expect(endOf(evidence(gone, [line('started'), line('ended', 3)]), 7000)).toEqual({
      exitCode: 3,
      signal: null,
      endedMs: 4000,
    });
  });

  it('at the warning before the time limit is not called cancelled', () => {
    const at = (one: AttemptLine, atMs: number): AttemptLine => ({ ...one, atMs });
    const attempts = [at(line('started'), 0), at(line('warned'), 24_000), at(line('ended', 143), 24_000)];
    const failed = { state: 'FAILED', reason: 'NonZeroExitCode' };
    const soon = { ...evidence({ ...failed, limitSeconds: 60 }, attempts), stateInLog: 'CANCELLED' };
    expect(endOf(soon, 30_000)).toMatchObject({
      exitCode: 143,
      error: expect.stringMatching(/^It ended at the warning before its time limit: resume it/),
    });
    // Long before the limit it was somebody, and Slurm’s word in the log says so.
    const early = { ...evidence({ ...failed, limitSeconds: 86_400 }, attempts), stateInLog: 'CANCELLED' };
    expect(endOf(early, 30_000)?.error).toBe('Cancelled');
    expect(endOf(evidence({ state: 'CANCELLED by root', limitSeconds: 60 }, attempts), 30_000)?.error).toBe(
      'Cancelled by root',
    );
    expect(endOf(evidence({ state: 'NODE_FAIL', limitSeconds: 60 }, attempts), 30_000)?.error).toMatch(
      /^A node/,
    );
  });

  it('that nobody asked for is the script’s own, though Slurm cancels a job that was gone', () => {
    const ended = [line('started'), line('ended', 0)];
    expect(endOf(evidence({ state: 'CANCELLED' }, ended), 7000)).toEqual({
      exitCode: 0,
      signal: null,
      endedMs: 4000,
    });
    expect(judgeRemote(evidence({ seenMs: 100 }, ended))).toEqual({
      state: 'running',
      detail: 'Its script has ended; Slurm has not said so yet',
    });
  });

  it('before the start names the job that failed', () => {
    const never = { state: 'CANCELLED', reason: 'DependencyNeverSatisfied' };
    expect(endOf(evidence(never, []), 7000)?.error).toBe('The job it waited for failed, so it never started');
  });

  it('is told by what Slurm wrote into the log where nothing else says it', () => {
    const text =
      'step 5\nslurmstepd: error: *** JOB 12 ON n1 CANCELLED AT 2026-11-22T09:00:00 DUE TO TIME LIMIT ***\n';
    const known = { ...evidence(gone), stateInLog: stateInLog(text) };
    expect(endOf(known, 7000)?.error).toMatch(/^The time limit was reached/);
    expect(endOf(evidence(gone), 7000)?.error).toMatch(/^It vanished/);
  });

  it('is no failure while the target cannot be asked', () => {
    expect(endOf(evidence({ ...gone, unknownSinceMs: 5500 }), 7000)).toBeNull();
    const judged = judgeRemote(evidence({ unknownSinceMs: Date.UTC(2026, 10, 22, 9, 5) }));
    expect(judged).toEqual({
      state: 'running',
      detail: 'Unknown since 2026-11-22 09:05 UTC: the target cannot be asked',
    });
  });

  it('that nobody can ever know is lost', () => {
    const lost = endOf(evidence({ ...gone, lost: true, reason: 'The computer was started anew' }), 7000);
    expect(lost).toMatchObject({ lost: true, error: 'The computer was started anew' });
  });
});

describe('Slurm’s words in a log', () => {
  it.each([
    [
      'slurmstepd: error: *** STEP 12.0 ON n1 CANCELLED AT 2026-11-22T09:00:00 DUE TO PREEMPTION ***',
      'PREEMPTED',
    ],
    [
      'slurmstepd: error: *** JOB 12 ON n1 CANCELLED AT 2026-11-22T09:00:00 DUE TO NODE FAILURE, SEE SLURMCTLD LOG FOR DETAILS ***',
      'NODE_FAIL',
    ],
    [
      'slurmstepd: error: *** JOB 12 ON n1 CANCELLED AT 2026-11-22T09:00:00 DUE TO JOB REQUEUE ***',
      'REQUEUED',
    ],
    ['slurmstepd: error: *** JOB 12 ON n1 CANCELLED AT 2026-11-22T09:00:00 ***', 'CANCELLED'],
    [
      'slurmstepd: error: Detected 1 oom_kill event in StepId=12.batch. Some of the step tasks have been OOM Killed.',
      'OUT_OF_MEMORY',
    ],
    [
      'slurmstepd: error: Detected 1 oom-kill event(s) in StepId=12.0 cgroup. Some of your processes may have been killed.',
      'OUT_OF_MEMORY',
    ],
    ['slurmstepd: error: Exceeded job memory limit', 'OUT_OF_MEMORY'],
    // Several slurmd on one computer name theirs.
    [
      'slurmstepd-n1: error: *** JOB 1 ON n1 CANCELLED AT 2026-11-22T12:10:50 DUE TO JOB REQUEUE ***',
      'REQUEUED',
    ],
  ])('%s', (text, state) => expect(stateInLog(`loss 2.5\n${text}\n`)).toBe(state));

  it('are not those of a trainer that talks of the same', () => {
    expect(stateInLog('torch.cuda.OutOfMemoryError: CUDA Out Of Memory\nDUE TO TIME LIMIT\n')).toBeNull();
  });
});

describe('waiting', () => {
  it.each([
    ['DependencyNeverSatisfied', /never starts: cancel it/],
    ['Priority', 'Waits: other jobs come first'],
    ['QOSGrpGRES', 'Waits: QOSGrpGRES'],
    ['PartitionTimeLimit', /more time than the partition allows: cancel it/],
    ['JobHeldUser', /scontrol release/],
  ])('%s', (reason, words) => {
    const judged = judgeRemote(evidence({ state: 'PENDING', reason }, []));
    expect(judged.state).toBe('queued');
    if (typeof words === 'string') expect(judged.detail).toBe(words);
    else expect(judged.detail).toMatch(words);
  });

  it('of an array is counted', () => {
    const remote = {
      ...base,
      tasks: { 1: { state: 'RUNNING', reason: '' }, 2: { state: 'PENDING', reason: 'Priority' } },
    };
    const attempts = [
      { ...line('started'), task: '0' },
      { ...line('ended', 0), task: '0' },
    ];
    expect(judgeRemote({ remote, attempts, stop: null, array: '0-2' }).detail).toBe(
      '1 running · 1 waiting · 1 done',
    );
  });
});
