// Copies of large files go over the login that is there: no second authentication, and they end with it.
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, createConnection } from '../../../core/services/targets/connection.ts';
import { noSshServer, type SshServer, startSshServer } from '../../support/ssh-server.ts';
import { repositoryFolder } from '../../support/test-core.ts';

const run = promisify(execFile);

describe.skipIf(noSshServer !== null)(
  `a shared login${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let server: SshServer;
    let connection: Connection;

    beforeAll(async () => {
      server = await startSshServer();
      connection = createConnection({
        destination: { host: 'cluster' },
        appFolder: repositoryFolder,
        configFile: server.configFile,
        ask: async () => null,
        onState: () => undefined,
      });
    });
    afterAll(async () => {
      await connection.disconnect();
      await server[Symbol.asyncDispose]();
    });

    const logins = (): number =>
      readFileSync(join(server.folder, 'sshd.log'), 'utf8').match(/Accepted /g)?.length ?? 0;
    const throughIt = (path: string | null, command: string) =>
      run(
        'ssh',
        [
          '-F',
          server.configFile,
          '-o',
          'BatchMode=yes',
          '-o',
          'ControlMaster=no',
          '-o',
          `ControlPath=${path ?? 'none'}`,
          'cluster',
          command,
        ],
        { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
      );

    it('is known by its socket while it lasts, and carries other programs without a second login', async () => {
      expect(connection.controlPath).toBeNull();
      await connection.connect({ interactive: false });
      const before = logins();
      expect(before).toBe(1);
      const bytes = Buffer.alloc(5_000_000, 'weights ');
      writeFileSync(join(server.home, 'model.safetensors'), bytes);
      const { stdout } = await throughIt(connection.controlPath, 'cat model.safetensors');
      expect(stdout.equals(bytes)).toBe(true);
      expect(logins()).toBe(before);
      await throughIt(null, 'true');
      expect(logins()).toBe(before + 1);
      const path = connection.controlPath;
      await connection.disconnect();
      expect(connection.controlPath).toBeNull();
      // Without the login the same path is of no use: the program would log in by itself.
      await throughIt(path, 'true');
      expect(logins()).toBe(before + 2);
    });
  },
);
