// A log of 500 MB: how soon its end is there, against tail; how long a search takes, against grep, over the same file in memory.
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchPattern } from '../../core/lib/log-view/search-pattern.ts';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { createLogPool, type LogLease } from '../../core/services/logs/log-pool.ts';
import { readTail } from '../../core/services/logs/read-tail.ts';
import { createSearchSessions, type SearchSessions } from '../../core/services/logs/search-sessions.ts';
import { spawnChild } from '../../core/services/native/spawn-child.ts';
import type { Measurement } from './measurement.ts';

const LOG_BYTES = 500_000_000;
const BLOCK_LINES = 20_000;
const ROUNDS = 5;
const TAIL_ROWS = 500;

export async function benchLongLog(): Promise<readonly Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'nesso-bench-log-'));
  const path = join(folder, 'log.txt');
  const spawn = () => spawnChild(findAppFolder(import.meta.dirname), 'native-logs');
  const pool = createLogPool(spawn);
  const searches = createSearchSessions(spawn);
  try {
    writeLog(path);
    // Before its lines are counted: what a window asks for first.
    const tail = await alternately(
      async () => void (await readTail(path, TAIL_ROWS)),
      () => void execFileSync('tail', ['-n', String(TAIL_ROWS), path], { maxBuffer: LOG_BYTES }),
    );
    using lease = await pool.lease(path);
    while (lease.state?.isComplete !== true) await new Promise((resolve) => setTimeout(resolve, 50));
    const rows: Measurement[] = [
      { name: 'the last 500 lines of a log of 500 MB', ...tail, anchor: 'tail', limit: 2 },
    ];
    for (const { name, pattern, words } of searched) {
      const times = await alternately(
        () => search(searches, path, lease, pattern),
        () => void execFileSync('grep', ['-c', ...words, path]),
      );
      rows.push({ name: `500 MB of log searched: ${name}`, ...times, anchor: 'grep -c', limit: 2 });
    }
    return rows;
  } finally {
    searches.dispose();
    await pool.dispose();
    rmSync(folder, { recursive: true });
  }
}

const settings = { isRegex: false, matchesCase: false, wholeWord: false };
const searched: readonly {
  readonly name: string;
  readonly pattern: SearchPattern;
  readonly words: readonly string[];
}[] = [
  {
    name: 'rare text',
    pattern: { ...settings, matchesCase: true, text: 'slow data loader' },
    words: ['-F', 'slow data loader'],
  },
  {
    name: 'any case',
    pattern: { ...settings, text: 'Slow Data Loader' },
    words: ['-iF', 'Slow Data Loader'],
  },
  {
    name: 'a pattern',
    pattern: { ...settings, isRegex: true, matchesCase: true, text: 'loader [0-9]+7000' },
    words: ['-E', 'loader [0-9]+7000'],
  },
];

async function search(
  searches: SearchSessions,
  path: string,
  lease: LogLease,
  pattern: SearchPattern,
): Promise<void> {
  const closing = new AbortController();
  for await (const state of searches.open(path, pattern, lease, closing.signal)) {
    if (!state.isComplete) continue;
    if (state.matches === 0) throw new Error('nothing was found');
    break;
  }
  closing.abort();
}

/** The quietest of several rounds of each, after one that warms up. */
async function alternately(
  ours: () => Promise<void>,
  anchor: () => void,
): Promise<{ oursMs: number; anchorMs: number }> {
  let oursMs = Number.POSITIVE_INFINITY;
  let anchorMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const startMs = performance.now();
    anchor();
    const middleMs = performance.now();
    await ours();
    const endMs = performance.now();
    if (round === 0) continue;
    anchorMs = Math.min(anchorMs, middleMs - startMs);
    oursMs = Math.min(oursMs, endMs - middleMs);
  }
  return { oursMs, anchorMs };
}

/** Lines of a training, with a warning every 5,000. */
function writeLog(path: string): void {
  const file = openSync(path, 'w');
  let step = 0;
  for (let written = 0; written < LOG_BYTES; ) {
    const lines: string[] = [];
    for (let line = 0; line < BLOCK_LINES; line += 1) {
      step += 1;
      lines.push(
        `12/21 01:39:51 [INFO|DP=0|TP=0|lrdn${step % 16}]: iteration: ${step} / 1500000 | consumed_tokens: ${step}M | time_per_iteration_ms: 8.${step % 997}K | tokens_per_sec: 1${step % 89}K | global_batch_size: 1.6M | grad_norm: 0.${step % 997} | lm_loss: 2.${step % 991} | lr: 0.0001\n`,
      );
      if (step % 5000 === 0)
        lines.push(`12/21 01:39:51 [WARNING|DP=0|TP=0|lrdn1]: slow data loader ${step}\n`);
    }
    written += writeSync(file, lines.join(''));
  }
  closeSync(file);
}
