// Rows for the watchdog out of a run's files, and what it says of real trainings: nothing.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thresholds } from '../../../../../core/api/findings.ts';
import { NO_FACTS } from '../../../../../core/lib/derived/read-facts.ts';
import type { WatchRow } from '../../../../../core/lib/watchdog/watch-row.ts';
import { createWatchdog } from '../../../../../core/lib/watchdog/watchdog.ts';
import { createRowReader } from '../../../../../core/services/monitor/row-reader.ts';

const fixtures = join(import.meta.dirname, '../../../../fixtures/trainer-logs');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rows '));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe.each([
  ['megatron', 12, 12],
  ['axolotl', 6, 6],
  ['llama-factory', 6, 6],
  // Its log has each step, its metrics each hundredth.
  ['nanochat', 210, 210],
])('%s', (name, logRows, lastStep) => {
  it('is watched over by every step it prints, without a false alarm', async () => {
    const rows: WatchRow[] = [];
    const reader = createRowReader(folder, (row) => rows.push(row));
    const log = readFileSync(join(fixtures, `${name}.log`), 'utf8').split('\n');
    // As it came: the metrics of a step before its line, and a look now and then.
    cpSync(join(fixtures, `${name}.metrics.jsonl`), join(folder, 'metrics.jsonl'));
    const watchdog = createWatchdog({ facts: NO_FACTS, thresholds: thresholds.parse({}) });
    const metrics = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n');
    const stepOf = (line: string) => (JSON.parse(line) as { step: number }).step;
    for (let line = 0; line < log.length; line += 5) {
      writeFileSync(join(folder, 'log.txt'), log.slice(0, line + 5).join('\n'));
      const printed = /(?:step 0*|iteration +)(\d+)\//.exec(
        log.slice(0, line + 5).findLast((one) => /tion +\d+\/|step \d+\//.test(one)) ?? '',
      );
      const upTo = printed === null ? Number.POSITIVE_INFINITY : Number(printed[1]);
      writeFileSync(
        join(folder, 'metrics.jsonl'),
        metrics
          .filter((one) => stepOf(one) <= upTo)
          .map((one) => `${one}\n`)
          .join(''),
      );
      await reader.readOn();
    }
    await reader.readOn();
    for (const row of rows) watchdog.push(row, 0);
    // The computer that trained had other work: that it became slower is true.
    const alarms = watchdog.episodes.findings.filter(({ kind }) => kind !== 'throughput-drop');
    expect(alarms).toEqual([]);
    const steps = rows.flatMap(({ step, values }) => (values.has('loss') ? [step] : []));
    expect(steps).toEqual([...steps].toSorted((left, right) => left - right));
    // The first of a log are left out until it is known that there will be no others.
    expect(new Set(steps).size).toBeGreaterThan(logRows - 25);
    expect(lastStep - (steps.at(-1) ?? 0)).toBeLessThanOrEqual(1);
  });
});
