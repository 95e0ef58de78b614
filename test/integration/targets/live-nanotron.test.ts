// Two Nanotron runs, one in each format, watched while they write and while the link to the cluster is cut, stalled and swallowed
// at random: every value arrives once, and the logs are the same bytes here and there.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { readSeriesColumns } from '../../../core/rpc/series-columns.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { humanFormat, nanotronLog, type NanotronStep, nanotronSteps } from '../../support/nanotron-log.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const STEPS = 240;
/** NESSO_LINK_FAULTS=200 takes about eight minutes. */
const FAULTS = Math.min(Number(process.env['NESSO_LINK_FAULTS'] ?? 4), 400);
const SECONDS_A_FAULT = 2.5;

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

it('prints numbers as Nanotron does', () => {
  const printed: readonly (readonly [number, string])[] = [
    [0, '0'],
    [0.5, '0.5'],
    [0.9999, '1'],
    [9.996, '10'],
    [12.345, '12.3'],
    [99.95, '100'],
    [999.5, '1K'],
    [8790, '8.79K'],
    [262_144, '262K'],
    [1_597_440, '1.6M'],
    [4.8e11, '480B'],
    [2.097152e12, '2.1T'],
    [-1234, '-1.23K'],
    [0.0001, '0.0001'],
    [4.37e-5, '4.37e-05'],
    [1e-7, '1e-07'],
    [2.0449, '2.04'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'infE'],
  ];
  for (const [value, text] of printed) expect(humanFormat(value)).toBe(text);
});

describe.skipIf(noCluster !== null)(
  `Nanotron watched over a bad link${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    let proxy: FaultProxy;
    let workspace: TestFolder;
    let studio: TestCore;

    beforeAll(async () => {
      cluster = await startSlurmCluster();
      proxy = await startFaultProxy(cluster.port);
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.proxyConfigFile(proxy.port));
      workspace = await temporaryFolder();
      await writeFiles(workspace.path, {
        'studio.yaml':
          'name: team\ntargets:\n- {name: mini, kind: slurm, host: cluster, folder: ~/runs, pollSeconds: 5}\n',
      });
      studio = await startTestCore();
      await studio.client.workspace.open({ path: workspace.path });
      await studio.client.targets.connect({ name: 'mini' });
    });
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      await studio[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    /** The counts of points as a window sees them, until the source is complete. */
    const watchCounts = async (id: RunId): Promise<readonly number[]> => {
      const counts: number[] = [];
      for await (const state of await studio.client.series.watch({ source: { kind: 'run', id } })) {
        counts.push(state.points['lm_loss'] ?? 0);
        if (state.ended) break;
      }
      return counts;
    };
    const columnsOf = async (
      id: RunId,
      tags: readonly string[],
    ): Promise<ReadonlyMap<string, readonly (readonly [number, number])[]>> => {
      const { parts } = await readSeriesColumns(
        await studio.client.series.columns({ source: { kind: 'run', id }, tags: [...tags], after: {} }),
      );
      return new Map(
        parts.map(({ tag, steps, values }) => [
          tag,
          Array.from(steps, (step, index) => [step, values[index] ?? 0] as const),
        ]),
      );
    };

    it(`brings every value through ${FAULTS} faults`, { timeout: 900_000 }, async () => {
      const steps = nanotronSteps(STEPS);
      const pauseSeconds = ((FAULTS + 2) * SECONDS_A_FAULT) / STEPS;
      const formats = ['new', 'old'] as const;
      const runs: Run[] = [];
      for (const format of formats) {
        const source = join(cluster.home, `${format}.log`);
        writeFileSync(source, nanotronLog(steps, format));
        const loop = `while IFS= read -r line; do printf "%s\\n" "$line"; sleep ${pauseSeconds.toFixed(3)}; done < "$0"`;
        runs.push(
          await studio.client.runs.launch({
            recipe: 'command',
            name: `nanotron ${format}`,
            parameters: { command: `bash -c '${loop}' ${source}` },
            target: 'mini',
            // However many faults were asked for.
            resources: { partition: 'long', walltime: '01:00:00' },
          }),
        );
      }
      const watching = runs.map(({ id }) => watchCounts(id));
      for (let fault = 0; fault < FAULTS; fault += 1) {
        await sleep(1000 + Math.random() * 1500);
        const kind = fault % 3;
        if (kind === 0) proxy.cut();
        else if (kind === 1) {
          proxy.stall();
          await sleep(300 + Math.random() * 700);
          proxy.resume();
        } else {
          proxy.refuse = true;
          proxy.swallow();
          await sleep(200);
          proxy.cut();
          proxy.refuse = false;
        }
      }
      for (const [index, { id, folder }] of runs.entries()) {
        const format = formats[index] ?? 'new';
        const ended = await waitFor(async () => {
          const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
          return run?.end ? run : null;
        }, 480_000);
        expect(ended.state).toBe('done');
        expect(hashOf(join(workspace.path, folder, 'log.txt'))).toBe(
          hashOf(join(cluster.home, `${format}.log`)),
        );
        expect(ended).toMatchObject({ latestStep: STEPS, totalSteps: STEPS });

        const counts = (await watching[index]) ?? [];
        expect(counts.at(-1)).toBe(STEPS);
        expect([...counts].sort((a, b) => a - b)).toEqual(counts);
        // It was seen while it grew, not at the end.
        expect(new Set(counts).size).toBeGreaterThan(5);

        const tags: Readonly<Record<string, (step: NanotronStep) => number>> = {
          lm_loss: ({ loss }) => loss,
          grad_norm: ({ gradNorm }) => gradNorm,
          lr: ({ learningRate }) => learningRate,
          time_per_iteration_ms: ({ iterationMs }) => iterationMs,
          consumed_tokens: ({ step }) => step * 1_597_440,
        };
        const columns = await columnsOf(id, Object.keys(tags));
        for (const [tag, valueOf] of Object.entries(tags)) {
          expect(columns.get(tag), `${format} ${tag}`).toEqual(
            steps.map((step) => [step.step, Number(valueOf(step).toPrecision(3))]),
          );
        }
      }
    });
  },
);
