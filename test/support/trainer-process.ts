// The trainer as the process a run starts, with what it leaves in its folder.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { headCard, type HeadCard } from '../../core/lib/jql/head-card.ts';
import { repositoryFolder } from './test-core.ts';

const trainer = join(repositoryFolder, 'out', 'main', 'native-train-head.js');

export interface TrainerOutcome {
  readonly code: number | null;
  readonly log: string;
}

export function startTrainer(folder: string, options: readonly string[]) {
  const child = spawn(process.execPath, [trainer, `--out=${folder}`, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const done = new Promise<TrainerOutcome>((resolve) => child.on('close', (code) => resolve({ code, log })));
  return { child, done };
}

const metricsLine = z.object({
  step: z.number().optional(),
  time: z.number(),
  epoch: z.number().optional(),
  total_steps: z.number().optional(),
  loss: z.number().optional(),
  lr: z.number().optional(),
  grad_norm: z.number().optional(),
  samples_per_second: z.number().optional(),
  val_loss: z.number().optional(),
  val_spearman: z.number().nullable().optional(),
  val_spearman_mean: z.number().nullable().optional(),
});

/** Whole lines only. */
export async function readMetrics(folder: string) {
  const text = await readFile(join(folder, 'metrics.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => metricsLine.parse(JSON.parse(line)));
}

export async function readCard(folder: string): Promise<HeadCard> {
  return headCard.parse(JSON.parse(await readFile(join(folder, 'head.json'), 'utf8')));
}
