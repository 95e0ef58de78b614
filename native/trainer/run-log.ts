// What a training tells while it runs: lines of the log, points of the metrics, and how each language does, epoch by epoch.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TrainingEvent } from '../../core/lib/jql/train.ts';

/** The log says where training is this often; every step is in the metrics. */
const LOG_EVERY_MS = 2000;

export function log(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

export const unixSeconds = (): number => Math.round(performance.timeOrigin + performance.now()) / 1000;

export interface RunLog {
  start(totalSteps: number): void;
  record(event: TrainingEvent, samplesPerSecond: number | null): void;
  close(): void;
}

/** Appends whole lines; NaN and infinities become null. */
export function openRunLog(folder: string): RunLog {
  mkdirSync(folder, { recursive: true });
  const metrics = openSync(join(folder, 'metrics.jsonl'), 'a');
  const languages = openSync(join(folder, 'languages.jsonl'), 'a');
  const append = (file: number, values: object): void => {
    writeSync(file, `${JSON.stringify(values)}\n`);
  };
  let totalSteps = 0;
  let loggedMs = 0;
  const step = (event: Extract<TrainingEvent, { kind: 'step' }>, samplesPerSecond: number | null): void => {
    const { epoch, loss, learningRate: lr } = event;
    append(metrics, {
      step: event.step,
      time: unixSeconds(),
      epoch,
      loss,
      lr,
      grad_norm: event.gradientNorm,
      ...(samplesPerSecond === null ? {} : { samples_per_second: Math.round(samplesPerSecond) }),
    });
    if (performance.now() - loggedMs < LOG_EVERY_MS) return;
    loggedMs = performance.now();
    log(
      `step ${event.step}/${totalSteps} | epoch ${epoch} | loss ${loss.toFixed(4)} | lr ${lr.toExponential(2)}`,
    );
  };
  const epoch = ({ step: at, epoch, evaluation, best }: Extract<TrainingEvent, { kind: 'epoch' }>): void => {
    const { loss, meanSpearman, pooledSpearman } = evaluation;
    const many = evaluation.languages.length > 1;
    append(metrics, {
      step: at,
      time: unixSeconds(),
      epoch,
      val_loss: loss,
      val_spearman: pooledSpearman,
      ...(many ? { val_spearman_mean: meanSpearman } : {}),
    });
    for (const { language, documents, spearman } of evaluation.languages) {
      append(languages, { step: at, epoch, language, documents, val_spearman: spearman });
    }
    log(
      `epoch ${epoch} | val_loss ${loss.toFixed(4)} | val_spearman ${pooledSpearman.toFixed(4)}${many ? ` (mean of ${evaluation.languages.length} languages ${meanSpearman.toFixed(4)})` : ''}${best ? ' (best so far)' : ''}`,
    );
  };
  return {
    start: (total) => {
      totalSteps = total;
      append(metrics, { kind: 'start', time: unixSeconds(), total_steps: total });
    },
    record: (event, samplesPerSecond) =>
      event.kind === 'step' ? step(event, samplesPerSecond) : epoch(event),
    close: () => {
      closeSync(metrics);
      closeSync(languages);
    },
  };
}
