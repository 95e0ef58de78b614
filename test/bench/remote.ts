// Commands over the one connection of a target, against a fresh ssh call each, to a real sshd on this computer. Exports: bench.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findAppFolder } from '../../core/services/host/app-folder.ts';
import { createConnection } from '../../core/services/targets/connection.ts';
import { noSshServer, startSshServer } from '../support/ssh-server.ts';
import type { Measurement } from './measurement.ts';

const COMMANDS = 50;

export async function bench(): Promise<readonly Measurement[]> {
  if (noSshServer !== null) {
    console.log(`remote: left out, ${noSshServer}`);
    return [];
  }
  const server = await startSshServer();
  const connection = createConnection({
    destination: { host: 'cluster' },
    appFolder: findAppFolder(import.meta.dirname),
    configFile: server.configFile,
    ask: async () => null,
    onState: () => undefined,
  });
  try {
    const oursMs = await timeMs(async () => {
      // The login is part of it: one for all.
      await connection.connect({ interactive: false });
      for (let command = 0; command < COMMANDS; command += 1)
        await connection.run({ script: `echo ${command}` });
    });
    const fresh = promisify(execFile);
    const anchorMs = await timeMs(async () => {
      for (let command = 0; command < COMMANDS; command += 1) {
        await fresh('ssh', ['-F', server.configFile, '-o', 'BatchMode=yes', 'cluster', `echo ${command}`]);
      }
    });
    return [
      {
        name: `${COMMANDS} commands on a target, login included`,
        oursMs,
        anchorMs,
        anchor: 'a fresh ssh each',
        limit: 0.1,
      },
    ];
  } finally {
    await connection.disconnect();
    await server[Symbol.asyncDispose]();
  }
}

async function timeMs(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
