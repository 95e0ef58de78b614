// What watching over a run costs: every line of its log read and judged, against reading the same lines into curves.
import { thresholds } from '../../core/api/findings.ts';
import { readFacts } from '../../core/lib/derived/read-facts.ts';
import type { SeriesCollector } from '../../core/lib/logs/series-collector.ts';
import { createLineLog } from '../../core/lib/logs/training-log.ts';
import { createRowBuilder } from '../../core/lib/watchdog/watch-row.ts';
import { createWatchdog } from '../../core/lib/watchdog/watchdog.ts';
import { interleavedMedians } from './measure-pair.ts';
import type { Measurement } from './measurement.ts';

const LINES = 100_000;

function logText(): Uint8Array {
  const lines: string[] = [];
  for (let step = 1; step <= LINES; step += 1) {
    const loss = (2 + 8 * Math.exp(-step / 5000) + (step % 17) / 400).toPrecision(3);
    const norm = (0.1 + (step % 89) / 1000).toPrecision(3);
    lines.push(
      `12/21 01:39:51 [INFO|DP=0|TP=0|lrdn0007]: iteration: ${step} / 1500000 | consumed_tokens: 480B | time_per_iteration_ms: 8.${650 + (step % 97)}K | tokens_per_sec: 18${step % 10}K | tokens_per_sec_per_gpu: 699 | global_batch_size: 1.6M | grad_norm: ${norm} | lm_loss: ${loss} | lr: 0.0001 | model_tflops_per_gpu: 15.4 | eta: 131 days, 1:45:39`,
    );
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}

function watchAll(data: Uint8Array): number {
  const watchdog = createWatchdog({ facts: readFacts(''), thresholds: thresholds.parse({}) });
  const rows = createRowBuilder(
    (row) => watchdog.push(row, 0),
    () => null,
  );
  const collector: SeriesCollector = {
    columns: new Map(),
    extra: new Map(),
    generation: 0,
    droppedPoints: 0,
    newestStep: null,
    add: (tag, step, value) => rows.add(tag, step, value),
    adderOf: (tag) => (step, value) => rows.add(tag, step, value),
    addRow: (names, step, values) => {
      for (const [index, name] of names.entries()) rows.add(name, step, values[index] as number);
    },
    addTime: () => {},
  };
  const log = createLineLog('log.txt', () => collector);
  log.push(data);
  log.end();
  rows.flush();
  return watchdog.episodes.findings.length;
}

function readAll(data: Uint8Array): number {
  const log = createLineLog('log.txt');
  log.push(data);
  log.end();
  return log.series.size;
}

export async function bench(): Promise<readonly Measurement[]> {
  const data = logText();
  return [
    {
      name: `watch over a log of ${LINES} iterations`,
      ...interleavedMedians(
        () => watchAll(data),
        () => readAll(data),
      ),
      anchor: 'the same lines read into curves',
      limit: 4,
    },
  ];
}
