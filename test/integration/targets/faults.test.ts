// What befalls jobs on a real Slurm without accounting, and what the studio says about it: preemption, dead nodes, a controller that
// crashes or forgets, memory, the time limit, other people. Jobs run on four nodes that are only names.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Run } from '../../../core/api/runs.ts';
import { type ClusterStudio, hashOfFile, startClusterStudio } from '../../support/cluster-studio.ts';
import { noCluster, type SlurmCluster, startSlurmCluster } from '../../support/slurm-cluster.ts';
import { tellClusterOnFailure } from '../../support/tell-cluster.ts';
import { temporaryFolder } from '../../support/test-core.ts';
import { startNesso } from '../cli-process.ts';

/** All cores of a node, so that nothing else comes there. */
const whole = { cpusPerTask: 8 };
/** Nothing preempts what runs in this partition. */
const safe = { ...whole, partition: 'urgent' };
const endless = 'while :; do echo alive; sleep 0.5; done';
const remoteFolder = z.object({ remote: z.object({ folder: z.string() }) });

describe.skipIf(noCluster !== null)(
  `misfortune on Slurm${noCluster === null ? '' : ` (${noCluster})`}`,
  () => {
    let cluster: SlurmCluster;
    let studio: ClusterStudio;
    /** These take Slurm some time: launched first, looked at last. */
    let deaf: Run;
    let brief: Run;
    let doomed: Run;

    /** For a script of sh: waits until the test calls `go` with the same name, so that nothing depends on how long a run takes. */
    const untilGo = (name: string): string => `while [ ! -e ~/go-${name} ]; do sleep 0.1; done`;
    const go = (name: string): void => writeFileSync(join(cluster.home, `go-${name}`), '');
    const isRunning = ({ state }: Run): boolean => state === 'running';
    const nodeOf = ({ jobId }: Run): string =>
      cluster.slurm('squeue', '-h', '-j', jobId ?? '', '-o', '%N').trim();
    const logIsWhole = (run: Run): void => {
      const { folder } = remoteFolder.parse(JSON.parse(studio.read(run, 'run.json'))).remote;
      expect(hashOfFile(join(studio.workspace.path, run.folder, 'log.txt'))).toBe(
        hashOfFile(join(folder.replace('~', cluster.home), 'log.txt')),
      );
    };

    beforeAll(async () => {
      ensureBuilt();
      cluster = await startSlurmCluster({ nodes: 4 });
      vi.stubEnv('NESSO_SSH_CONFIG', cluster.configFile);
      studio = await startClusterStudio(['pollSeconds: 5']);
      const half = { ...safe, cpusPerTask: 4, walltime: '00:01:00' };
      deaf = await studio.launch(`trap "" TERM; ${endless}`, { name: 'deaf', resources: half });
      brief = await studio.launch(endless, { name: 'brief', resources: half });
      doomed = await studio.launch(endless, { name: 'doomed', resources: safe });
      for (const { id } of [deaf, brief, doomed]) await studio.until(id, isRunning);
      cluster.killNode(nodeOf(doomed));
      // Time limits are whole minutes: an administrator brings the end nearer.
      cluster.slurm('scontrol', 'update', `jobid=${deaf.jobId}`, 'endtime=now+1');
    });
    tellClusterOnFailure(() => cluster);
    afterAll(async () => {
      await studio[Symbol.asyncDispose]();
      await cluster[Symbol.asyncDispose]();
      vi.unstubAllEnvs();
    });

    it('tells a process that the system killed from one that ended itself', async () => {
      const killed = await studio.launch('echo before; kill -9 $$', { name: 'killed' });
      const exits = await studio.launch('echo "CUDA out of memory"; exit 3', { name: 'exits' });
      expect(await studio.ends(killed.id)).toMatchObject({
        state: 'failed',
        end: {
          exitCode: 137,
          reason: expect.stringMatching(/^Exit code 137 \(killed, as systems do when memory runs out\)/),
        },
      });
      expect(await studio.ends(exits.id)).toMatchObject({
        state: 'failed',
        end: { exitCode: 3, reason: 'Exit code 3. Last line of the log: CUDA out of memory' },
      });
      logIsWhole(await studio.now(killed.id));
    });

    it('counts a preempted run as one with two attempts, and says who took the place of one that may not start again', async () => {
      const spot = { nodes: 2, ...whole, partition: 'spot' };
      const patient = await studio.launch(`echo attempt; ${untilGo('patient')}`, {
        name: 'patient',
        resources: { ...spot, requeue: true },
      });
      await studio.until(patient.id, isRunning);
      const urgent = { nodes: 2, ...safe };
      await studio.launch(untilGo('first'), { name: 'first', resources: urgent });
      await studio.until(patient.id, ({ state }) => state === 'queued');
      go('first');
      await studio.until(patient.id, isRunning, 180_000);
      go('patient');
      const done = await studio.ends(patient.id, 180_000);
      expect(done).toMatchObject({ state: 'done', jobId: patient.jobId });
      expect(done.attempts).toHaveLength(2);
      expect(studio.read(done, 'log.txt').match(/^attempt$/gm)).toHaveLength(2);
      logIsWhole(done);

      const lost = await studio.launch(endless, { name: 'lost', resources: spot });
      await studio.until(lost.id, isRunning);
      await expect(studio.client.runs.requeue({ id: lost.id })).rejects.toMatchObject({ code: 'CONFLICT' });
      const second = await studio.launch('true', { name: 'second', resources: urgent });
      expect(await studio.ends(lost.id)).toMatchObject({
        state: 'failed',
        end: { reason: expect.stringMatching(/^Preempted by a job of higher priority: resume it/) },
      });
      await studio.ends(second.id);
    }, 480_000);

    it('names the job that failed where a run never starts', async () => {
      const first = await studio.launch(`${untilGo('fail')}; exit 1`, { name: 'first' });
      const second = await studio.launch('true', { name: 'second', after: first.id });
      go('fail');
      expect(await studio.ends(second.id, 150_000)).toMatchObject({
        state: 'failed',
        startedMs: null,
        end: { reason: expect.stringMatching(/never started/) },
      });
    });

    it('follows every task of an array, and names the one that failed', async () => {
      const script = 'echo "task $SLURM_ARRAY_TASK_ID"; sleep 1; [ "$SLURM_ARRAY_TASK_ID" != 2 ]';
      const array = await studio.launch(script, { name: 'array', resources: { array: '0-3%2' } });
      const end = await studio.ends(array.id, 150_000);
      expect(end).toMatchObject({ state: 'failed', tasks: { done: 3, failed: 1 } });
      expect(end.end?.reason).toMatch(/^1 of 4 tasks did not end well: 2 /);
      for (const task of [0, 1, 2, 3]) expect(studio.read(end, `log-${task}.txt`)).toBe(`task ${task}\n`);
    }, 480_000);

    it('tells a hold, a cancel by somebody else and a node that an administrator took', async () => {
      const held = await studio.launch('true', { name: 'held', resources: { ...whole, nodes: 4 } });
      cluster.slurm('scontrol', 'hold', held.jobId ?? '');
      const seen = await studio.until(held.id, ({ detail }) => detail?.includes('held') ?? false);
      expect(seen).toMatchObject({ state: 'queued', detail: 'It is held by an administrator: ask them' });
      cluster.slurm('scancel', held.jobId ?? '');

      const cancelled = await studio.launch(endless, { name: 'cancelled' });
      await studio.until(cancelled.id, isRunning);
      cluster.slurm('scancel', cancelled.jobId ?? '');
      const end = await studio.ends(cancelled.id);
      expect(end).toMatchObject({ state: 'failed', end: { reason: 'Cancelled' } });
      logIsWhole(end);

      // A node of its own: others must not fall with it.
      const down = await studio.launch(endless, { name: 'down', resources: whole });
      await studio.until(down.id, isRunning);
      cluster.slurm('scontrol', 'update', `nodename=${nodeOf(down)}`, 'state=down', 'reason=test');
      expect(await studio.ends(down.id)).toMatchObject({
        state: 'failed',
        end: { reason: expect.stringMatching(/^A node failed: resume it/) },
      });
      expect(await studio.ends(held.id)).toMatchObject({ state: 'failed', end: { reason: 'Cancelled' } });
    }, 480_000);

    it('knows a node that died, and the time limit, whether the program heard the warning or not', async () => {
      const death = await studio.ends(doomed.id, 150_000);
      expect(death).toMatchObject({
        state: 'failed',
        end: { reason: expect.stringMatching(/^A node failed: resume it/) },
      });
      expect(await studio.ends(brief.id, 150_000)).toMatchObject({
        state: 'failed',
        end: {
          exitCode: 143,
          reason: expect.stringMatching(/^It ended at the warning before its time limit: resume it/),
        },
      });
      const limit = await studio.ends(deaf.id, 180_000);
      expect(limit).toMatchObject({
        state: 'failed',
        end: { reason: expect.stringMatching(/^The time limit was reached: resume it/) },
      });
      logIsWhole(limit);
    }, 480_000);

    it('goes by what the script noted while the controller is down, and is not misled when it is back', async () => {
      const script =
        'for i in 1 2 3; do echo $i; done; while [ ! -e ~/controller-is-down ]; do sleep 0.2; done';
      const run = await studio.launch(script, { name: 'meanwhile' });
      await studio.until(run.id, isRunning);
      await cluster.saved();
      cluster.killController();
      writeFileSync(join(cluster.home, 'controller-is-down'), '');
      const during = await studio.until(
        run.id,
        ({ detail }) => detail?.startsWith('Its script has') ?? false,
      );
      expect(during).toMatchObject({ state: 'running', end: null });
      cluster.startController();
      expect(await studio.ends(run.id, 150_000)).toMatchObject({ state: 'done', end: { exitCode: 0 } });
      logIsWhole(await studio.now(run.id));
    }, 480_000);

    it('calls what a controller forgot neither failed by itself nor done, and a shell shows the same', async () => {
      const running = await studio.launch(endless, { name: 'running' });
      await studio.until(running.id, isRunning);
      const waiting = await studio.launch('true', { name: 'waiting', resources: { ...whole, nodes: 4 } });
      cluster.killController();
      cluster.forgetEverything();
      cluster.startController();
      expect((await studio.ends(running.id, 150_000)).end?.reason).toMatch(
        /^(It vanished without a word|Cancelled)/,
      );
      expect((await studio.ends(waiting.id, 150_000)).end?.reason).toBe(
        'It left the queue before it started: cancelled, or forgotten by the controller',
      );
      // The number is given out again: the new job is another one.
      const next = await studio.launch('echo other', { name: 'next' });
      expect(await studio.ends(next.id)).toMatchObject({ state: 'done' });
      expect((await studio.now(running.id)).end?.reason).toMatch(/^(It vanished|Cancelled)/);

      await using state = await temporaryFolder();
      const shown = await startNesso(state.path, ['run', 'list', '--json', '-w', studio.workspace.path])
        .ended;
      const states = z
        .array(z.looseObject({ id: z.string(), state: z.string(), end: z.unknown() }))
        .parse(shown.json());
      const known = await studio.client.runs.list();
      expect(states.map(({ id, state: reached, end }) => ({ id, reached, end }))).toEqual(
        known.map(({ id, state: reached, end }) => ({ id, reached, end })),
      );
      expect(known.filter(({ end }) => end === null)).toEqual([]);
    }, 480_000);
  },
);
