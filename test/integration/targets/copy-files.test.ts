// Copies of growing files over a link that is cut, hangs and swallows bytes: the same bytes at the end, none twice.
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createFileCopier,
  type FileCopier,
  type FileCopy,
} from '../../../core/services/runs/remote/copy-files.ts';
import { type Connection, createConnection } from '../../../core/services/targets/connection.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { noSshServer, type SshServer, startSshServer } from '../../support/ssh-server.ts';
import { repositoryFolder, temporaryFolder, type TestFolder, waitFor } from '../../support/test-core.ts';

/** NESSO_LINK_FAULTS=200 takes about two minutes. */
const FAULTS = Number(process.env['NESSO_LINK_FAULTS'] ?? 25);

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

describe.skipIf(noSshServer !== null)(
  `copies of growing files${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let server: SshServer;
    let proxy: FaultProxy;
    let local: TestFolder;
    let connection: Connection;
    let remote: string;

    const copierOf = (): FileCopier =>
      createFileCopier({
        run: (request) => connection.run(request),
        memoryPath: join(local.path, 'follow.json'),
      });

    beforeAll(async () => {
      server = await startSshServer();
      proxy = await startFaultProxy(server.port);
      local = await temporaryFolder();
      remote = join(server.home, `a folder's logs $(x)`);
      mkdirSync(remote, { recursive: true });
      connection = createConnection({
        destination: { host: 'cluster', port: proxy.port },
        appFolder: repositoryFolder,
        configFile: server.proxyConfigFile(proxy.port),
        ask: async () => null,
        onState: () => undefined,
        firstRetryMs: 20,
      });
      await connection.connect({ interactive: false });
    });
    afterAll(async () => {
      await connection.disconnect();
      await proxy[Symbol.asyncDispose]();
      await local[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });

    const pairOf = (name: string): FileCopy => ({
      remotePath: join(remote, name),
      localPath: join(local.path, name),
      within: local.path,
    });
    const copyAll = async (copier: FileCopier, files: readonly FileCopy[]): Promise<void> => {
      while ((await copier.round(files)).hasMore);
    };

    it('takes only what is new, at less than 1.2 bytes a byte, and nothing when nothing grew', async () => {
      const file = pairOf('steady.log');
      const copier = copierOf();
      appendFileSync(file.remotePath, 'first\n');
      await copyAll(copier, [file]);
      const before = proxy.passedBytes;
      const lines = 20;
      for (let line = 0; line < lines; line += 1) {
        appendFileSync(file.remotePath, randomBytes(5000));
        await copyAll(copier, [file]);
      }
      const perByte = (proxy.passedBytes - before) / (lines * 5000);
      expect(hashOf(file.localPath)).toBe(hashOf(file.remotePath));
      expect(perByte).toBeLessThan(1.2);
      expect(await copier.round([file])).toEqual({ bytes: 0, hasMore: false });
      console.log(`${perByte.toFixed(3)} bytes on the wire a new byte, both directions`);
    });

    it('does not bring a removed run back, and makes folders below it as they are needed', async () => {
      const run = join(local.path, 'run');
      const pairIn = (name: string): FileCopy => ({
        remotePath: join(remote, name),
        localPath: join(run, ...name.split('/')),
        within: run,
      });
      const [deep, later] = ['logs/node 1/rank.txt', 'afterwards.txt'].map(pairIn) as [FileCopy, FileCopy];
      mkdirSync(join(remote, 'logs', 'node 1'), { recursive: true });
      writeFileSync(deep.remotePath, 'one\n');
      mkdirSync(run);
      const copier = copierOf();
      await copyAll(copier, [deep, later]);
      expect(readFileSync(deep.localPath, 'utf8')).toBe('one\n');
      rmSync(run, { recursive: true });
      appendFileSync(deep.remotePath, 'two\n');
      writeFileSync(later.remotePath, 'new\n');
      await copyAll(copier, [deep, later]);
      expect(existsSync(run)).toBe(false);
    });

    it('follows files that are missing, empty, huge, replaced and cut, and keeps what was copied of them', async () => {
      const copier = copierOf();
      const files = ['later.txt', 'empty.txt', 'huge.bin', 'replaced.txt', 'cut.txt'].map(pairOf);
      const [later, empty, huge, replaced, cut] = files.map(({ remotePath }) => remotePath) as [
        string,
        string,
        string,
        string,
        string,
      ];
      writeFileSync(empty, '');
      writeFileSync(huge, randomBytes(9_000_000));
      writeFileSync(replaced, 'the first file\n');
      writeFileSync(cut, 'a long line that will be cut away\n');
      await copyAll(copier, files);
      writeFileSync(`${replaced}.new`, 'another file, longer than the first one was\n');
      renameSync(`${replaced}.new`, replaced);
      writeFileSync(cut, 'short\n');
      writeFileSync(later, 'here\n');
      // A copier of a studio that was started again knows what the copies belong to.
      await copyAll(copierOf(), files);
      for (const { remotePath, localPath } of files) {
        if (remotePath !== empty) expect(hashOf(localPath), localPath).toBe(hashOf(remotePath));
      }
      const kept = readdirSync(local.path).filter((name) => name.endsWith('.old'));
      expect(kept.map((name) => readFileSync(join(local.path, name), 'utf8')).sort()).toEqual([
        'a long line that will be cut away\n',
        'the first file\n',
      ]);
      rmSync(later);
      expect(await copier.round([pairOf('later.txt')])).toEqual({ bytes: 0, hasMore: false });
      expect(readFileSync(join(local.path, 'later.txt'), 'utf8')).toBe('here\n');
    });

    it(`is whole after ${FAULTS} faults of the link while two files grow`, { timeout: 600_000 }, async () => {
      const files = ['growing.log', 'metrics.jsonl'].map(pairOf);
      let growing = true;
      const writing = (async () => {
        while (growing) {
          for (const { remotePath } of files)
            appendFileSync(remotePath, randomBytes(1 + Math.floor(Math.random() * 4000)));
          await sleep(3);
        }
      })();
      let copying = true;
      let copier = copierOf();
      const copyingLoop = (async () => {
        while (copying) {
          await copier.round(files).catch(() => undefined);
          await sleep(5);
        }
      })();
      for (let fault = 0; fault < FAULTS; fault += 1) {
        await waitFor(() => connection.state.kind === 'connected', 150_000);
        await sleep(20 + Math.random() * 100);
        const kind = fault % 4;
        if (kind === 0) proxy.cut();
        else if (kind === 1) {
          proxy.stall();
          await sleep(50 + Math.random() * 100);
          proxy.resume();
        } else if (kind === 2) {
          proxy.swallow();
          await sleep(30);
          proxy.cut();
        } else {
          // As a studio that was killed and started again: nothing is known but the files.
          copier = copierOf();
          proxy.refuse = true;
          proxy.cut();
          await sleep(30);
          proxy.refuse = false;
        }
      }
      growing = false;
      await writing;
      copying = false;
      await copyingLoop;
      // The last fault may not have been noticed yet.
      await waitFor(
        () =>
          copyAll(copierOf(), files).then(
            () => true,
            () => false,
          ),
        180_000,
      );
      for (const { remotePath, localPath } of files) expect(hashOf(localPath)).toBe(hashOf(remotePath));
    });
  },
);
