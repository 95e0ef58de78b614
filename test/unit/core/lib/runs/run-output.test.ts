import { expect, it } from 'vitest';
import { isRunOutput } from '../../../../../core/lib/runs/log-names.ts';

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
