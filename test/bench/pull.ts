// Weights pulled over a real sshd on this computer, hashed on both sides, against scp with and without that proof, and against rsync for
// many small files and for what is here already. Exports: bench.
import { execFile, execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RunId } from '../../core/api/runs.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { saveLargeStep, writeSavingRun } from '../support/saved-steps.ts';
import { noSshServer, startSshServer } from '../support/ssh-server.ts';
import { writeSampleCheckpoint } from '../support/sample-checkpoint.ts';
import { startTestCore, temporaryFolder, writeFiles } from '../support/test-core.ts';
import type { Measurement } from './measurement.ts';

const ID = 'bench-2026-11-22' as RunId;
const MEGABYTES = 400;
const ROUNDS = 3;
const run = promisify(execFile);

export async function bench(): Promise<readonly Measurement[]> {
  if (noSshServer !== null) {
    console.log(`pull: left out, ${noSshServer}`);
    return [];
  }
  const server = await startSshServer({ settings: () => ['Subsystem sftp internal-sftp'] });
  await using proxy = await startFaultProxy(server.port);
  const direct = server.configFile;
  const there = join(server.home, 'checkpoints');
  await saveLargeStep(there, 10, MEGABYTES);
  await writeSampleCheckpoint(join(there, '1000'), { trained: 1 });
  execFileSync('chmod', ['-R', 'a+rX', server.home]);
  await using workspace = await temporaryFolder();
  await using target = await temporaryFolder();
  await writeFiles(workspace.path, {
    'studio.yaml': 'name: w\ntargets:\n- {name: mini, kind: ssh-processes, host: cluster, folder: ~/runs}\n',
  });
  await writeSavingRun(workspace.path, { id: ID, target: 'mini', checkpoints: there, tokenizer: 'none' });
  const pullWith = async (config: string, work: (pull: (step: number) => Promise<void>) => Promise<void>) => {
    const before = process.env['NESSO_SSH_CONFIG'];
    process.env['NESSO_SSH_CONFIG'] = config;
    await using core = await startTestCore();
    await core.client.workspace.open({ path: workspace.path });
    await core.client.targets.connect({ name: 'mini' });
    await work(async (step) => {
      for await (const event of await core.client.checkpoints.pull({ id: ID, step }))
        if (event.kind === 'result') return;
    });
    if (before === undefined) delete process.env['NESSO_SSH_CONFIG'];
    else process.env['NESSO_SSH_CONFIG'] = before;
  };
  const forget = () => rm(join(workspace.path, 'checkpoints'), { recursive: true, force: true });
  const clear = () => rm(join(target.path, 'copy'), { recursive: true, force: true });
  const large = join(there, 'checkpoint-10', 'model.safetensors');
  const scp = () => run('scp', ['-q', '-F', direct, `cluster:${large}`, join(target.path, 'copy')]);
  const proof = async () => {
    await scp();
    const [far, near] = await Promise.all([
      run('ssh', ['-F', direct, 'cluster', `sha256sum ${large}`]),
      run('sha256sum', [join(target.path, 'copy')]),
    ]);
    if (far.stdout.slice(0, 64) !== near.stdout.slice(0, 64)) throw new Error('They differ');
  };
  const rsync = (...more: string[]) =>
    run('rsync', [
      '-a',
      ...more,
      '-e',
      `ssh -F ${direct}`,
      `cluster:${there}/1000/`,
      `${join(target.path, 'copy')}/`,
    ]);
  const results: Measurement[] = [];
  try {
    await pullWith(direct, async (pull) => {
      const compare = async (
        about: Pick<Measurement, 'name' | 'anchor' | 'limit'>,
        ours: () => Promise<unknown>,
        anchor: () => Promise<unknown>,
        between: () => Promise<unknown>,
      ) => {
        const [oursMs, anchorMs]: [number[], number[]] = [[], []];
        for (let round = 0; round < ROUNDS; round += 1) {
          await between();
          anchorMs.push(await timeMs(anchor));
          oursMs.push(await timeMs(ours));
        }
        results.push({ ...about, oursMs: Math.min(...oursMs), anchorMs: Math.min(...anchorMs) });
      };
      const afresh = async () => {
        await forget();
        await clear();
      };
      const name = `pull of one file of ${MEGABYTES} MB, proven on both sides`;
      await compare({ name, anchor: 'scp without proof', limit: 2.5 }, () => pull(10), scp, afresh);
      await compare(
        { name, anchor: 'scp and sha256sum on both sides', limit: 1.5 },
        () => pull(10),
        proof,
        afresh,
      );
      await compare(
        { name: 'pull of a Nanotron step in small files, proven', anchor: 'rsync -a', limit: 3 },
        () => pull(1000),
        rsync,
        afresh,
      );
      await compare(
        { name: 'the same step again', anchor: 'rsync -a again', limit: 1 },
        () => pull(1000),
        rsync,
        async () => {},
      );
    });
    await pullWith(server.proxyConfigFile(proxy.port), async (pull) => {
      await forget();
      const bytesOf = async (step: number): Promise<number> => {
        const before = proxy.passedBytes;
        await pull(step);
        return proxy.passedBytes - before;
      };
      const first = await bytesOf(10);
      const share = (first / (MEGABYTES * 1e6) - 1) * 100;
      console.log(
        `pull: ${share.toFixed(2)} % more bytes on the wire than in the file; again ${await bytesOf(10)} bytes`,
      );
    });
    return results;
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
