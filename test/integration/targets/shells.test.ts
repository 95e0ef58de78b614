// The far side as it may be: other login shells, talkative start-up files, no GNU tools, a full home, a folder that cannot be
// written. Each shell and each disk is a real one.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../../../core/api/errors.ts';
import { quoteWord } from '../../../core/lib/remote/quote.ts';
import { createFileCopier } from '../../../core/services/runs/remote/copy-files.ts';
import { uploadFiles } from '../../../core/services/runs/remote/upload-files.ts';
import { runInBackground } from '../../../core/services/targets/background-command.ts';
import { type Connection, createConnection } from '../../../core/services/targets/connection.ts';
import { type Mounted, mountReadOnly, mountSmallDisk } from '../../support/small-disk.ts';
import {
  noSshServer,
  type SshServer,
  type SshServerOptions,
  startSshServer,
} from '../../support/ssh-server.ts';
import { repositoryFolder, startTestCore, temporaryFolder, writeFiles } from '../../support/test-core.ts';

const pathOf = (program: string): string | null =>
  spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim() || null;
const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const isRoot = process.getuid?.() === 0;

/** What the account's own start-up file does: talk on both outputs, wander off, fail, and set what disturbs careless scripts. */
const talk = ['echo "Welcome! 3 jobs are waiting"', 'echo "Maintenance on Friday" >&2'];
const disturb = (set: (name: string, value: string) => string): readonly string[] => [
  set('TMPDIR', '/scratch/that/is/not/there'),
  set('CDPATH', '.:/tmp'),
  set('LC_ALL', 'it_IT.UTF-8'),
  set('GREP_OPTIONS', '--color=always'),
  'cd /',
  'no-such-command-of-the-site',
];
const posix = [...talk, ...disturb((name, value) => `export ${name}=${value}`)];

interface Shell {
  readonly name: string;
  /** Start-up files below the home, with what they hold. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

const shells: readonly Shell[] = [
  { name: 'bash', files: { '.bashrc': [...posix, 'set -o noclobber'] } },
  { name: 'dash', files: { '.profile': posix } },
  { name: 'zsh', files: { '.zshenv': [...posix, 'setopt noclobber nomatch'] } },
  {
    name: 'tcsh',
    files: {
      '.tcshrc': [
        'echo "Welcome! 3 jobs are waiting"',
        ...disturb((name, value) => `setenv ${name} ${value}`),
      ],
    },
  },
  {
    name: 'fish',
    files: { '.config/fish/config.fish': [...talk, ...disturb((name, value) => `set -gx ${name} ${value}`)] },
  },
];

const connectTo = async (server: SshServer): Promise<Connection> => {
  const connection = createConnection({
    destination: { host: 'cluster' },
    appFolder: repositoryFolder,
    configFile: server.configFile,
    ask: async () => null,
    onState: () => undefined,
  });
  await connection.connect({ interactive: false });
  return connection;
};

/** Everything the studio does over a connection: scripts, files there, long commands, copies of growing files. */
async function proveUsable(server: SshServer): Promise<void> {
  const connection = await connectTo(server);
  await using local = await temporaryFolder();
  try {
    const both = await connection.run({ script: 'printf "a\\nb"; echo err >&2; exit 7' });
    expect([both.exitCode, text(both.stdout), both.stderr]).toEqual([7, 'a\nb', 'err']);

    const folder = `${server.home}/a 'folder' "of" $(x)`;
    const bytes = randomBytes(200_000);
    const files = [
      { name: 'inputs/a b.bin', bytes },
      { name: 'empty', bytes: new Uint8Array(0) },
    ];
    await uploadFiles(connection, quoteWord(folder), files);
    expect(hashOf(readFileSync(join(folder, 'inputs/a b.bin')))).toBe(hashOf(bytes));
    // The bytes were taken to the last one: the next script is understood.
    expect(text((await connection.run({ script: 'echo next' })).stdout)).toBe('next\n');

    const slow = await runInBackground(connection, 'sleep 0.2; echo late; exit 3', { timeoutMs: 10_000 });
    expect([slow.exitCode, text(slow.stdout)]).toEqual([3, 'late\n']);

    const copier = createFileCopier({
      run: (request) => connection.run(request),
      memoryPath: join(local.path, 'memory.json'),
    });
    const remotePath = join(folder, 'growing.log');
    const copy = { remotePath, localPath: join(local.path, 'growing.log'), within: local.path };
    for (let round = 0; round < 3; round += 1) {
      appendFileSync(remotePath, randomBytes(30_000));
      while ((await copier.round([copy])).hasMore);
    }
    expect(hashOf(readFileSync(copy.localPath))).toBe(hashOf(readFileSync(remotePath)));
  } finally {
    await connection.disconnect();
  }
}

async function withServer(
  options: SshServerOptions,
  work: (server: SshServer) => Promise<void>,
): Promise<void> {
  const server = await startSshServer(options);
  try {
    await work(server);
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

describe.skipIf(noSshServer !== null || !isRoot)(
  `an account${noSshServer === null ? (isRoot ? '' : ' (only root can make one)') : ` (${noSshServer})`}`,
  () => {
    beforeAll(() => ensureBuilt());

    it.each(shells)('with the login shell $name, whatever its start-up files do', async ({ name, files }) => {
      const loginShell = pathOf(name);
      if (loginShell === null) {
        console.log(`skipped: ${name} is not installed`);
        return;
      }
      await withServer({ loginShell }, async (server) => {
        for (const [path, lines] of Object.entries(files)) {
          mkdirSync(dirname(join(server.home, path)), { recursive: true });
          writeFileSync(join(server.home, path), `${lines.join('\n')}\n`);
        }
        await proveUsable(server);
      });
    });

    it('with the tools of BusyBox alone: no GNU, no Python', async (context) => {
      const busybox = pathOf('busybox');
      context.skip(busybox === null, 'busybox is not installed');
      await using tools = await temporaryFolder();
      chmodSync(tools.path, 0o755);
      const applets = execFileSync('busybox', ['--list'], { encoding: 'utf8' }).trim().split('\n');
      for (const applet of applets) symlinkSync(busybox ?? '', join(tools.path, applet));
      await withServer(
        { loginShell: join(tools.path, 'ash'), environment: () => ({ PATH: tools.path }) },
        async (server) => {
          const connection = await connectTo(server);
          const found = await connection.run({
            script: 'command -v python3; command -v head; head --help 2>&1 | head -n 1',
          });
          await connection.disconnect();
          expect(text(found.stdout)).toMatch(new RegExp(`^${tools.path}/head\nBusyBox`));
          await proveUsable(server);
        },
      );
    });

    describe('whose disk gives nothing', () => {
      let server: SshServer;
      let disk: Mounted | null;
      let readOnly: Mounted | null;
      const targets = (folder: string): string =>
        [
          'name: team',
          'targets:',
          `- {name: there, kind: slurm, host: cluster, folder: "${folder}"}`,
          '',
        ].join('\n');

      beforeAll(async () => {
        server = await startSshServer();
        vi.stubEnv('NESSO_SSH_CONFIG', server.configFile);
        disk = mountSmallDisk(server.home, 65_536);
        execFileSync('chown', [`${server.user}:`, server.home]);
        spawnSync('sh', ['-c', `cat /dev/zero > '${server.home}/full'`]);
        const source = join(server.folder, 'source');
        mkdirSync(source);
        chmodSync(source, 0o777);
        readOnly = mountReadOnly(source, join(server.folder, 'read only'));
      });
      afterAll(async () => {
        disk?.[Symbol.dispose]();
        readOnly?.[Symbol.dispose]();
        vi.unstubAllEnvs();
        await server[Symbol.asyncDispose]();
      });

      const disks: readonly {
        readonly name: string;
        readonly folder: () => string;
        readonly code: ErrorCode;
        readonly words: RegExp;
        readonly cause: RegExp;
      }[] = [
        {
          name: 'a full home',
          folder: () => '~/runs',
          code: 'DISK_FULL',
          words: /no room/,
          cause: /No space left/,
        },
        {
          name: 'a read-only folder',
          folder: () => `${server.folder}/read only/runs`,
          code: 'PERMISSION_DENIED',
          words: /could not be written/,
          cause: /Read-only/,
        },
        {
          name: 'a folder of somebody else',
          folder: () => '/root/runs',
          code: 'PERMISSION_DENIED',
          words: /could not be written/,
          cause: /Permission denied/,
        },
      ];
      it.each(disks)(
        'says at first contact and at launch that it is $name',
        async ({ folder, code, words, cause }) => {
          await using workspace = await temporaryFolder();
          await writeFiles(workspace.path, { 'studio.yaml': targets(folder()) });
          await using studio = await startTestCore();
          const { client } = studio;
          await client.workspace.open({ path: workspace.path });
          await client.targets.connect({ name: 'there' });
          const profile = await client.targets.probe({ name: 'there' });
          expect(profile.folderProblem).toMatch(cause);
          const launching = client.runs.launch({
            recipe: 'command',
            name: 'x',
            parameters: { command: 'true' },
            target: 'there',
          });
          await expect(launching).rejects.toMatchObject({ code, message: expect.stringMatching(words) });
        },
      );
    });
  },
);
