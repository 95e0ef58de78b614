// What Slurm prints, read and written; cases from Slurm 22.05 and its manual pages.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchScript, type BatchJob, jobName } from '../../../../../core/lib/slurm/batch-script.ts';
import { slurmSeconds, slurmTime } from '../../../../../core/lib/slurm/durations.ts';
import { endingWords, hopelessReason, jobPhase } from '../../../../../core/lib/slurm/job-states.ts';
import { remotePath } from '../../../../../core/lib/remote/quote.ts';
import { FIELD } from '../../../../../core/lib/remote/answer-parts.ts';
import { parseQueue } from '../../../../../core/lib/slurm/queue.ts';
import { gpusOf } from '../../../../../core/lib/slurm/site-profile.ts';

describe('times', () => {
  it.each([
    ['1-00:00:00', 86_400],
    ['2-03', 183_600],
    ['1-02:30', 95_400],
    ['03:04:05', 11_045],
    ['04:05', 245],
    ['7', 420],
    ['UNLIMITED', null],
    ['infinite', null],
    ['', null],
  ])('%s', (text, seconds) => expect(slurmSeconds(text)).toBe(seconds));

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (seconds) => {
        expect(slurmSeconds(slurmTime(seconds))).toBe(seconds);
      }),
    );
  });
});

describe('GPUs of a node', () => {
  it.each([
    ['gpu:4', { gpu: 4 }],
    ['gpu:a100:4(S:0-1)', { a100: 4 }],
    ['gpu:a100:2(S:0),gpu:v100:8(S:1),lustre:1', { a100: 2, v100: 8 }],
    ['gres/gpu:h100=8', { h100: 8 }],
    ['gpu', { gpu: 1 }],
    ['(null)', {}],
    ['craynetwork:4', {}],
  ])('%s', (gres, gpus) => expect(gpusOf(gres)).toEqual(gpus));
});

describe('job states', () => {
  it.each([
    ['PENDING', 'queued'],
    ['RUNNING', 'running'],
    ['COMPLETING', 'completing'],
    ['REQUEUED', 'requeued'],
    ['CANCELLED by 1003', 'ended'],
    ['TIMEOUT', 'ended'],
    ['OUT_OF_MEMORY', 'ended'],
    ['A_STATE_OF_TOMORROW', 'running'],
  ] as const)('%s', (state, phase) => expect(jobPhase(state)).toBe(phase));

  it('are told in words', () => {
    expect(endingWords('CANCELLED by 1003')).toBe('Cancelled by user 1003');
    expect(endingWords('NODE_FAIL')).toBe('A node failed');
    expect(endingWords('RUNNING')).toBeNull();
    expect(hopelessReason('(DependencyNeverSatisfied)')).toMatch(/never starts/);
    expect(hopelessReason('Priority')).toBeNull();
  });
});

describe('the queue', () => {
  it('is read with names that hold anything but its separator', () => {
    const line = [
      '2_[2-5%2]',
      'a | b; "c"',
      'ada',
      'PENDING',
      'JobArrayTaskLimit',
      'long',
      '2',
      '',
      'gres:gpu:4',
      '0:00',
      '5:00',
      '2026-11-22T09:00:00',
      'N/A',
      '(null)',
    ].join(FIELD);
    expect(parseQueue(`${line}\nnot a line\n`)).toEqual([
      {
        id: '2',
        arrayTask: '[2-5%2]',
        name: 'a | b; "c"',
        user: 'ada',
        state: 'PENDING',
        reason: 'JobArrayTaskLimit',
        partition: 'long',
        nodes: 2,
        nodeList: '',
        gres: 'gres:gpu:4',
        elapsedSeconds: 0,
        limitSeconds: 300,
        submitTime: '2026-11-22T09:00:00',
        startTime: null,
        dependency: null,
      },
    ]);
  });
});

describe('the batch script', () => {
  const job: BatchJob = {
    name: 'Zagreus: prova n°1',
    token: 'abc123',
    command: ['python', '-m', 'train', '--config', 'a b.yaml'],
    resources: {
      partition: 'gpu',
      account: 'lab',
      qos: null,
      nodes: 2,
      tasksPerNode: 1,
      gpusPerNode: 4,
      gpuType: 'a100',
      gpuDevices: null,
      cpusPerTask: 32,
      memoryPerNodeMb: 480_000,
      walltime: '1-00:00:00',
      array: null,
      requeue: true,
    },
    surroundings: {
      modules: ['cuda/12.1'],
      environment: { HF_HOME: '/scratch/a b' },
      prologue: 'source ~/venv/bin/activate',
    },
  };

  it('carries resources as directives and the rest quoted', () => {
    const text = batchScript(job);
    for (const line of [
      '#SBATCH --job-name=zagreus-prova-n-1.abc123',
      '#SBATCH --gres=gpu:a100:4',
      '#SBATCH --mem=480000M',
      '#SBATCH --requeue',
      "export HF_HOME='/scratch/a b'",
      'module load cuda/12.1',
      'source ~/venv/bin/activate',
      "python -m train --config 'a b.yaml' &",
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toContain('--qos');
  });

  it.each([
    ['1-00:00:00', 120],
    ['00:10:00', 60],
    ['00:01:00', 20],
    [null, 20],
  ])('warns before the end of %s, never so early that a short job is cut', (walltime, seconds) => {
    const text = batchScript({ ...job, resources: { ...job.resources, walltime } });
    expect(text).toContain(`#SBATCH --signal=B:TERM@${seconds}\n`);
  });

  it('refuses what no directive can hold', () => {
    expect(() => batchScript({ ...job, resources: { ...job.resources, account: 'lab --wrap=x' } })).toThrow(
      RangeError,
    );
    expect(() =>
      batchScript({ ...job, surroundings: { ...job.surroundings, environment: { 'A B': '1' } } }),
    ).toThrow(RangeError);
  });

  it('names jobs so that people and the studio find them', () => {
    expect(jobName('a b; rm -rf ~ $(x)', 't1')).toBe('a-b-rm-rf-x.t1');
    expect(jobName('日本語', 't1')).toBe('run.t1');
  });
});

describe('folders of a target', () => {
  it.each([
    ['~/runs of mine', `"$HOME"'/runs of mine'`],
    ['$SCRATCH/nesso', '"$SCRATCH"/nesso'],
    ["/work/it's", `'/work/it'\\''s'`],
    ['$(x)', `'$(x)'`],
    ['~other/x', `'~other/x'`],
  ])('%s', (folder, word) => expect(remotePath(folder)).toBe(word));
});
