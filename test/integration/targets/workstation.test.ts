// Runs on a workstation, over a real sshd: started once, followed, stopped, found again by a studio that is started anew, and told
// apart from what a crash or a reboot leaves behind.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run, RunId } from '../../../core/api/runs.ts';
import { folderThere } from '../../support/folder-there.ts';
import { resumableTrainer } from '../../support/resumable-trainer.ts';
import { noSshServer, type SshServer, startSshServer } from '../../support/ssh-server.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from '../../support/test-core.ts';

const FOLDER = `runs of the team's $(x)`;

describe.skipIf(noSshServer !== null)(
  `runs on a workstation${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let server: SshServer;
    let workspace: TestFolder;
    let studio: TestCore;

    const openStudio = async (): Promise<TestCore> => {
      const core = await startTestCore();
      await core.client.workspace.open({ path: workspace.path });
      await core.client.targets.connect({ name: 'box' });
      return core;
    };
    const useTarget = (lines: readonly string[]): Promise<void> =>
      writeFiles(workspace.path, {
        'studio.yaml': [
          'name: team',
          'targets:',
          '- name: box',
          '  kind: ssh-processes',
          '  host: cluster',
          `  folder: "~/${FOLDER}"`,
          ...lines,
          '',
        ].join('\n'),
      });
    const launch = (command: string, name = 'test', more = {}): Promise<Run> =>
      studio.client.runs.launch({ recipe: 'command', name, parameters: { command }, target: 'box', ...more });
    const now = async (id: RunId): Promise<Run> => {
      const run = (await studio.client.runs.list()).find((candidate) => candidate.id === id);
      if (!run) throw new Error(`${id} is gone`);
      return run;
    };
    const reaches = (id: RunId, state: Run['state'], limitMs = 150_000): Promise<Run> =>
      waitFor(async () => {
        const run = await now(id);
        return run.state === state ? run : null;
      }, limitMs);
    const logOf = (run: Run): string => readFileSync(join(workspace.path, run.folder, 'log.txt'), 'utf8');
    /** For a script of sh: waits until the test calls `go`, so that nothing depends on how long a run takes. */
    const untilGo = 'while [ ! -e go ]; do sleep 0.1; done';
    const go = (run: Run): void => writeFileSync(join(thereOf(run), 'go'), '');
    /** Its folder there. */
    const thereOf = (run: Run): string => folderThere(workspace.path, run, server.home);

    beforeAll(async () => {
      server = await startSshServer();
      vi.stubEnv('NESSO_SSH_CONFIG', server.configFile);
    });
    afterAll(() => server[Symbol.asyncDispose]());
    beforeEach(async () => {
      workspace = await temporaryFolder();
      await useTarget([]);
      studio = await openStudio();
    });
    afterEach(async () => {
      await studio[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    });

    it('write their log and metrics here as there, and end with their exit code', async () => {
      const script = `for i in 1 2 3 4; do echo "{\\"step\\": $i, \\"loss\\": $((5 - i))}" >> "$NESSO_METRICS"; echo "line $i"; sleep 0.1; done; ${untilGo}; exit 4`;
      const run = await launch(`sh -c '${script}'`, 'a b; rm -rf ~ $(x)');
      expect(run.jobId).toMatch(/^\d+$/);
      await reaches(run.id, 'running');
      go(run);
      const ended = await reaches(run.id, 'failed');
      expect(ended.end?.exitCode).toBe(4);
      expect(ended.latest['loss']).toBe(1);
      expect(logOf(ended)).toBe('line 1\nline 2\nline 3\nline 4\n');
      expect(ended.attempts).toMatchObject([{ number: 1, jobId: run.jobId, exitCode: 4, firstStep: 1 }]);
      expect(readFileSync(join(workspace.path, ended.folder, 'job.sh'), 'utf8')).not.toContain('#SBATCH');
    });

    it('are started once, however often the start is sent, and go on while nobody is connected', async () => {
      const run = await launch(
        `sh -c 'echo begun >> count; echo "line 1"; ${untilGo}; for i in 2 3 4 5 6 7 8; do echo "line $i"; done'`,
      );
      await reaches(run.id, 'running');
      // The answer was lost: nothing is known here, and the start is sent again.
      await studio[Symbol.asyncDispose]();
      writeFileSync(join(workspace.path, run.folder, 'remote.json'), '');
      server.kill();
      go(run);
      await waitFor(() => readFileSync(join(thereOf(run), 'log.txt'), 'utf8').includes('line 8'));
      await server.start();
      studio = await openStudio();
      const ended = await reaches(run.id, 'done');
      expect(readFileSync(join(thereOf(run), 'count'), 'utf8')).toBe('begun\n');
      expect(logOf(ended).trim().split('\n')).toHaveLength(8);
      expect(ended.jobId).toBe(run.jobId);
    });

    it('say since when nothing is known while the link is down', async () => {
      const run = await launch(`sh -c '${untilGo}; echo done'`);
      await reaches(run.id, 'running');
      server.kill();
      const unknown = await waitFor(async () => {
        const seen = await now(run.id);
        return seen.unknownSinceMs === null ? null : seen;
      });
      expect(unknown).toMatchObject({ state: 'running', detail: expect.stringMatching(/^Unknown since/) });
      go(run);
      await server.start();
      const ended = await reaches(run.id, 'done', 150_000);
      expect(ended.unknownSinceMs).toBeNull();
    });

    it('are warned, and ended with everything they started when they do not listen', async () => {
      const polite = await launch(
        `sh -c 'trap "echo saved; exit 0" TERM; while :; do sleep 0.2; done'`,
        'polite',
      );
      const deaf = await launch(
        `bash -c 'trap "" TERM; sleep 1000 & echo $! > child; while :; do sleep 0.2; done'`,
        'deaf',
      );
      await reaches(polite.id, 'running');
      await reaches(deaf.id, 'running');
      await waitFor(() => existsSync(join(thereOf(deaf), 'child')));
      await studio.client.runs.stop({ id: polite.id, graceMs: 10_000 });
      await studio.client.runs.stop({ id: deaf.id, graceMs: 1000 });
      expect(logOf(await reaches(polite.id, 'stopped'))).toContain('saved');
      await reaches(deaf.id, 'stopped');
      const child = readFileSync(join(thereOf(deaf), 'child'), 'utf8').trim();
      expect(existsSync(`/proc/${child}`)).toBe(false);
    });

    it('wait for a free place and for GPUs, first come first served, and get GPUs of their own', async () => {
      await useTarget(['  runsAtOnce: 2', '  gpusPerNode: 3']);
      await studio.client.targets.connect({ name: 'box' });
      const gpus = (count: number, gpuDevices: string | null = null) => ({
        resources: { gpusPerNode: count, gpuDevices },
      });
      const command = `sh -c 'echo "GPUs $CUDA_VISIBLE_DEVICES"; while [ ! -e go ]; do sleep 0.2; done'`;
      const first = await launch(command, 'first', gpus(2));
      const second = await launch(command, 'second', gpus(2));
      await reaches(first.id, 'running');
      const waiting = await waitFor(async () => {
        const run = await now(second.id);
        return run.state === 'queued' && run.detail?.includes('GPUs') ? run : null;
      });
      expect(waiting.detail).toBe('Waits: 1 of 2 GPUs are free');
      const third = await launch(command, 'third', gpus(0, '2'));
      await waitFor(async () => (await now(third.id)).detail === 'Waits: other runs came first');
      writeFileSync(join(thereOf(first), 'go'), '');
      await reaches(first.id, 'done');
      await reaches(second.id, 'running');
      // A run that waits can be stopped too.
      await studio.client.runs.stop({ id: third.id, graceMs: 0 });
      await reaches(third.id, 'stopped');
      writeFileSync(join(thereOf(second), 'go'), '');
      expect(logOf(await reaches(second.id, 'done'))).toBe('GPUs 0,1\n');
      expect(logOf(await now(first.id))).toBe('GPUs 0,1\n');
    });

    it('leave GPUs alone on which others work, as nvidia-smi tells', async () => {
      const bin = join(server.home, 'bin');
      mkdirSync(bin, { recursive: true });
      writeFileSync(join(bin, 'nvidia-smi'), '#!/bin/sh\nprintf "0, 11000\\n1, 3\\n2, 40000\\n3, 0\\n"\n');
      chmodSync(join(bin, 'nvidia-smi'), 0o755);
      writeFileSync(join(server.home, '.bashrc'), `export PATH="${bin}:$PATH"\n`);
      await studio.client.targets.disconnect({ name: 'box' });
      await studio.client.targets.connect({ name: 'box' });
      const run = await launch(`sh -c 'echo "GPUs $CUDA_VISIBLE_DEVICES"'`, 'free', {
        resources: { gpusPerNode: 2 },
      });
      expect(logOf(await reaches(run.id, 'done'))).toBe('GPUs 1,3\n');
    });

    it('wait for another run that has to end well first', async () => {
      const tokens = await launch(`sh -c '${untilGo}; echo tokens'`, 'tokens');
      const training = await launch('echo trained', 'training', { after: tokens.id });
      await waitFor(async () => (await now(training.id)).detail === 'Waits: another run');
      go(tokens);
      await reaches(training.id, 'done');
      const failing = await launch(`sh -c '${untilGo}; exit 1'`, 'failing');
      const never = await launch('echo never', 'never', { after: failing.id });
      go(failing);
      const ended = await reaches(never.id, 'failed');
      expect(ended.startedMs).toBeNull();
    });

    it('go on from their newest whole checkpoint as the same run, and are extended', async () => {
      await writeFiles(workspace.path, resumableTrainer(join(server.home, `it's check points`)));
      const launched = await studio.client.runs.launch({
        recipe: 'tiny',
        name: 'parent',
        parameters: { failAt: 5 },
        target: 'box',
      });
      const failed = await reaches(launched.id, 'failed');
      expect(failed.end?.exitCode).toBe(9);
      const resumed = await studio.client.runs.resume({ id: failed.id });
      expect(resumed.jobId).not.toBe(failed.jobId);
      const done = await reaches(failed.id, 'done');
      expect(logOf(done)).toBe('from 0 to 6\nfrom 4 to 6\n');
      expect(done.attempts.map(({ jobId, exitCode }) => [jobId, exitCode])).toEqual([
        [failed.jobId, 9],
        [resumed.jobId, 0],
      ]);
      await expect(studio.client.runs.resume({ id: done.id })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
      await studio.client.runs.resume({ id: done.id, steps: 8 });
      // A studio that is started anew while it goes on follows the newest start.
      await studio[Symbol.asyncDispose]();
      studio = await openStudio();
      await waitFor(async () => ((await now(done.id)).attempts.length === 3 ? true : null), 150_000);
      expect(logOf(await reaches(done.id, 'done'))).toMatch(/from 6 to 8\n$/);
      expect(readdirSync(thereOf(done)).filter((name) => name.startsWith('started-'))).toHaveLength(3);
    });

    it('are lost, not failed, when the computer was started anew or everything of them was killed', async () => {
      const rebooted = await launch('sleep 1000', 'rebooted');
      const killed = await launch('sleep 1000', 'killed');
      const orphan = await launch(`sh -c '${untilGo}; echo worked on'`, 'orphan');
      for (const { id } of [rebooted, killed, orphan]) await reaches(id, 'running');
      const pidsOf = (run: Run): readonly number[] =>
        ['supervisor', 'job.pid'].map((name) =>
          Number(readFileSync(join(thereOf(run), name), 'utf8').split(' ')[0]),
        );
      for (const pid of pidsOf(killed)) process.kill(pid, 'SIGKILL');
      const [supervisor = 0] = pidsOf(orphan);
      process.kill(supervisor, 'SIGKILL');
      // As a boot leaves it: the same numbers, another boot.
      const path = join(thereOf(rebooted), 'supervisor');
      const [pid, born, , host] = readFileSync(path, 'utf8').trim().split(' ');
      writeFileSync(path, `${pid} ${born} 11111111-2222-3333-4444-555555555555 ${host}\n`);
      expect((await reaches(rebooted.id, 'lost')).end?.reason).toMatch(/started anew/);
      expect((await reaches(killed.id, 'lost')).end?.reason).toMatch(/supervisor was killed/);
      // A job whose supervisor is gone works on, and its own script notes the end.
      expect((await now(orphan.id)).state).toBe('running');
      go(orphan);
      expect(logOf(await reaches(orphan.id, 'done'))).toBe('worked on\n');
    });

    it('whose program is killed or cannot be started say so', async () => {
      const killed = await launch(`sh -c 'kill -KILL $$'`, 'killed');
      const missing = await launch('no-such-program-here', 'missing');
      expect((await reaches(killed.id, 'failed')).end?.exitCode).toBe(137);
      const ended = await reaches(missing.id, 'failed');
      expect(ended.end?.exitCode).toBe(127);
      expect(ended.end?.reason).toContain('not found');
    });

    it('that no workstation can run are refused before anything is written', async () => {
      await expect(launch('true', 'array', { resources: { array: '0-3' } })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: 'Arrays need a scheduler',
      });
      await expect(launch('true', 'nodes', { resources: { nodes: 2 } })).rejects.toThrow(/one computer/);
      expect(await studio.client.runs.list()).toEqual([]);
    });

    it('whose folder cannot be written say so and are not submitted', async () => {
      await useTarget([]);
      writeFileSync(join(server.home, 'a file'), '');
      await writeFiles(workspace.path, {
        'studio.yaml':
          'name: t\ntargets:\n- {name: box, kind: ssh-processes, host: cluster, folder: ~/a file/x}\n',
      });
      await studio.client.targets.connect({ name: 'box' });
      await expect(launch('true')).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    });
  },
);
