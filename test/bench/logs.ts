// How fast training logs become series, against the least any reader of the same text has to do.
import { createTrainingLog } from '../../core/lib/logs/training-log.ts';
import { benchLongLog } from './long-log.ts';
import { interleavedMedians } from './measure-pair.ts';
import type { Measurement } from './measurement.ts';

const LINES = 100_000;
/** What the tail reads at once. */
const CHUNK_BYTES = 1_048_576;

function nanotronText(): string {
  const lines: string[] = [];
  for (let step = 1; step <= LINES; step += 1) {
    const loss = (2 + 8 * Math.exp(-step / 5000)).toPrecision(3);
    const speed = 650 + (step % 97);
    const norm = (0.1 + (step % 89) / 1000).toPrecision(3);
    lines.push(
      `12/21 01:39:51 [INFO|DP=0|TP=0|lrdn0007]: iteration: ${step} / 1500000 | consumed_tokens: ${speed}B | time_per_iteration_ms: 8.${speed}K | tokens_per_sec: 1${norm.slice(2)}K | tokens_per_sec_per_gpu: ${speed} | global_batch_size: 1.6M | grad_norm: ${norm} | lm_loss: ${loss} | lr: 0.0001 | model_tflops_per_gpu: 15.4 | eta: 131 days, 1:45:39`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function metricsText(): string {
  const lines: string[] = [];
  for (let step = 1; step <= LINES * 5; step += 1) lines.push(`{"step":${step},"loss":${2 + 1 / step}}`);
  return `${lines.join('\n')}\n`;
}

function readAll(data: Uint8Array): number {
  const log = createTrainingLog();
  for (let start = 0; start < data.length; start += CHUNK_BYTES)
    log.push(data.subarray(start, start + CHUNK_BYTES));
  log.end();
  let points = 0;
  for (const column of log.series.values()) points += column.length;
  return points;
}

function splitAndMatch(data: Uint8Array): number {
  const text = new TextDecoder().decode(data);
  const pair = /([a-z_]+): ([-+.\deE]+)([KMBGTPE]?)/g;
  let points = 0;
  const columns = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    for (const match of line.matchAll(pair)) {
      const column = columns.get(match[1] ?? '') ?? [];
      column.push(Number.parseFloat(match[2] ?? ''));
      columns.set(match[1] ?? '', column);
      points += 1;
    }
  }
  return points;
}

function parseEachLine(data: Uint8Array): number {
  const text = new TextDecoder().decode(data);
  const steps = new Float64Array(LINES * 5);
  const losses = new Float64Array(LINES * 5);
  let points = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = JSON.parse(line) as { step: number; loss: number };
    steps[points] = row.step;
    losses[points] = row.loss;
    points += 1;
  }
  return points;
}

/** Medians of interleaved rounds. */
export async function bench(): Promise<readonly Measurement[]> {
  const encoder = new TextEncoder();
  const nanotron = encoder.encode(nanotronText());
  const metrics = encoder.encode(metricsText());
  const first = interleavedMedians(
    () => readAll(nanotron),
    () => splitAndMatch(nanotron),
  );
  const second = interleavedMedians(
    () => readAll(metrics),
    () => parseEachLine(metrics),
  );
  return [
    {
      name: '100k Nanotron lines to 9 series',
      ...first,
      anchor: 'split + one global regex a line',
      limit: 1.25,
    },
    {
      name: '500k metrics lines to series',
      ...second,
      anchor: 'JSON.parse a line into typed arrays',
      limit: 2,
    },
    ...(await benchLongLog()),
  ];
}
