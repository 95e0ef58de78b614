// Names of log files as schedulers, launchers and people make them.
import { describe, expect, it } from 'vitest';
import {
  compareLogNames,
  isCurveFile,
  isRunOutput,
  logNameOf,
  metricsNameOf,
} from '../../../../../core/lib/runs/log-names.ts';

describe('a log file', () => {
  it.each([
    ['log.txt', { kind: 'main', task: null, rank: null, node: null }],
    ['slurm-4711.out', { kind: 'main', task: null, rank: null, node: null }],
    ['slurm-12_3.out', { kind: 'task', task: 3, rank: null, node: null }],
    ['log-7.txt', { kind: 'task', task: 7, rank: null, node: null }],
    ['log-7-rank-12.txt', { kind: 'rank', task: 7, rank: 12, node: null }],
    ['logs/rank_3.log', { kind: 'rank', task: null, rank: 3, node: null }],
    ['logs/rank-3.txt', { kind: 'rank', task: null, rank: 3, node: null }],
    ['logs/node-n12.txt', { kind: 'node', task: null, rank: null, node: 'n12' }],
    ['logs/none_ab12/attempt_0/5/stdout.log', { kind: 'rank', task: null, rank: 5, node: null }],
    ['train.err', { kind: 'stderr', task: null, rank: null, node: null }],
    ['stderr.log', { kind: 'stderr', task: null, rank: null, node: null }],
    ['train.log', { kind: 'other', task: null, rank: null, node: null }],
    ['nohup.out', { kind: 'other', task: null, rank: null, node: null }],
  ])('%s', (name, expected) => expect(logNameOf(name)).toEqual(expected));

  it.each([
    'requirements.txt',
    'README.md',
    'inputs/log.txt',
    'sink/wandb/x.log',
    'checkpoint-500/rank-0.log',
    '.cache/a.log',
    'a/b/c/d/e/f.log',
    'model.safetensors',
  ])('%s is none', (name) => expect(logNameOf(name)).toBeNull());
});

it('metrics belong to the run or to one of its tasks', () => {
  expect(metricsNameOf('metrics.jsonl')).toEqual({ task: null });
  expect(metricsNameOf('metrics-12.jsonl')).toEqual({ task: 12 });
  expect(metricsNameOf('other.jsonl')).toBeNull();
});

it('other programs’ curves are known by their names', () => {
  for (const name of [
    'tb/events.out.tfevents.17.n1.5.0',
    'wandb/offline-run-1/run-ab.wandb',
    'out/trainer_log.jsonl',
  ])
    expect(isCurveFile(name)).toBe(true);
  expect(isCurveFile('checkpoint-3/trainer_state.json')).toBe(false);
});

it('the run’s own log comes first, numbers as numbers', () => {
  const names = [
    'log-10.txt',
    'zz.log',
    'logs/rank-2.txt',
    'log-9.txt',
    'logs/rank-10.txt',
    'err.err',
    'log.txt',
  ];
  expect(names.sort(compareLogNames)).toEqual([
    'log.txt',
    'err.err',
    'zz.log',
    'logs/rank-2.txt',
    'logs/rank-10.txt',
    'log-9.txt',
    'log-10.txt',
  ]);
});

it('what a run writes as it goes is told from what a list has to show at once', () => {
  for (const path of [
    'runs/a/log.txt',
    'runs/a/metrics.jsonl',
    'runs/a/metrics-3.jsonl',
    'runs/a/logs/rank_1.log',
    'runs/a/tb/events.out.tfevents.1.host',
  ])
    expect(isRunOutput(path), path).toBe(true);
  for (const path of [
    'runs/a/run.json',
    'runs/a/exit.json',
    'runs/a/head.safetensors',
    'runs/a/checkpoints/100/log.txt',
    'data/log.txt',
    'metrics.jsonl',
    'runs/log.txt',
  ])
    expect(isRunOutput(path), path).toBe(false);
});
