// Logins as sites ask for them, against real sshd: password and one-time code through PAM, bastions, certificates, agents, the
// user's own Include and Match. What is never done: an answer sent that nobody gave.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuilt } from '../../../scripts/ensure-built.mjs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../../core/api/targets.ts';
import { type Connection, createConnection } from '../../../core/services/targets/connection.ts';
import { codesLogin, noOneTimeCodes, oneTimeCode } from '../../support/one-time-codes.ts';
import { hostEntry, noSshServer, type SshServer, startSshServer } from '../../support/ssh-server.ts';
import { repositoryFolder, waitFor } from '../../support/test-core.ts';

const PASSWORD = `it's a "pass" $word`;
const SECRET = Buffer.from('12345678901234567890');

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const read = (server: SshServer, name: string): string =>
  readFileSync(join(server.folder, name), 'utf8').trim();

/** What one login asked and how its connection changed. */
interface Login {
  readonly connection: Connection;
  readonly asked: string[];
  readonly states: ConnectionState[];
}

const open: Connection[] = [];
const loginTo = (
  configFile: string,
  host: string,
  answer: (question: string, nth: number) => string | null = () => null,
): Login => {
  const asked: string[] = [];
  const states: ConnectionState[] = [];
  const connection = createConnection({
    destination: { host },
    appFolder: repositoryFolder,
    configFile,
    ask: async ({ question }) => {
      asked.push(question);
      return answer(question, asked.length - 1);
    },
    onState: (state) => states.push(state),
    firstRetryMs: 50,
  });
  open.push(connection);
  return { connection, asked, states };
};
const endAll = async (): Promise<void> => {
  for (const connection of open.splice(0)) await connection.disconnect();
};
const works = async ({ connection }: Login): Promise<void> =>
  expect(text((await connection.run({ script: 'echo "$((6 * 7))"' })).stdout)).toBe('42\n');

/** Logins that the server counted as failed: what makes sites lock an account. */
const failures = (server: SshServer): number =>
  readFileSync(join(server.folder, 'sshd.log'), 'utf8').match(/^Failed (?!none|publickey)/gm)?.length ?? 0;

describe.skipIf(noOneTimeCodes !== null)(
  `a login with password and one-time code${noOneTimeCodes === null ? '' : ` (${noOneTimeCodes})`}`,
  () => {
    let server: SshServer;
    const codes = codesLogin(PASSWORD, SECRET);
    const { nextCode } = codes;

    beforeAll(async () => {
      ensureBuilt();
      server = await startSshServer(codes.server);
    });
    afterEach(endAll);
    afterAll(() => server[Symbol.asyncDispose]());

    it('counts codes as the RFC does', () => {
      expect([0, 1, 9].map((count) => oneTimeCode(SECRET, count))).toEqual(['755224', '287082', '520489']);
    });

    it('asks for both, in the order of the site, and for nothing else', async () => {
      const login = loginTo(server.configFile, 'cluster', (_, nth) => (nth === 0 ? PASSWORD : nextCode()));
      await login.connection.connect({ interactive: true });
      await works(login);
      expect(login.asked).toEqual([
        expect.stringMatching(/^\(\S+@127\.0\.0\.1\) Password: $/),
        expect.stringMatching(/^\(\S+@127\.0\.0\.1\) One-time password .*: $/),
      ]);
      expect(login.states.map(({ kind }) => kind)).toEqual(['connecting', 'connected']);
    });

    it('says that the answers were not accepted, and does not ask again by itself', async () => {
      const before = failures(server);
      const login = loginTo(server.configFile, 'cluster', (_, nth) => (nth === 0 ? PASSWORD : '000000'));
      await expect(login.connection.connect({ interactive: true })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        message: 'The host did not accept the answer',
      });
      await sleep(500);
      expect(login.asked).toHaveLength(2);
      expect(failures(server) - before).toBe(1);
      expect(login.connection.state).toMatchObject({ kind: 'disconnected', needsPerson: true });
      // The person asks for another try.
      const again = loginTo(server.configFile, 'cluster', (_, nth) => (nth === 0 ? PASSWORD : nextCode()));
      await again.connection.connect({ interactive: true });
      await works(again);
    });

    it('sends nothing when a person closes the question', async () => {
      const before = failures(server);
      const login = loginTo(server.configFile, 'cluster', (_, nth) => (nth === 0 ? PASSWORD : null));
      await expect(login.connection.connect({ interactive: true })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        message: 'The login was given up at a question',
      });
      expect(login.asked).toHaveLength(2);
      await sleep(300);
      expect(failures(server)).toBe(before);
    });

    it('waits for a person after the link was lost, and tries no password', async () => {
      const login = loginTo(server.configFile, 'cluster', (_, nth) => (nth === 0 ? PASSWORD : nextCode()));
      await login.connection.connect({ interactive: true });
      const before = failures(server);
      server.kill();
      await waitFor(() => login.connection.state.kind === 'lost');
      await server.start();
      await waitFor(() => login.connection.state.kind === 'disconnected');
      expect(login.connection.state).toMatchObject({ needsPerson: true });
      await sleep(500);
      expect(login.asked).toHaveLength(2);
      expect(failures(server)).toBe(before);
    });

    it('goes on to the password where the host wants both methods', async () => {
      const both = await startSshServer({
        settings: (folder) => [
          ...(codes.server.settings?.(folder) ?? []),
          'AuthenticationMethods keyboard-interactive,password',
        ],
        pam: {
          password: PASSWORD,
          stack: () => ['auth required pam_unix.so nodelay', 'account required pam_permit.so'],
        },
      });
      try {
        const login = loginTo(both.configFile, 'cluster', () => PASSWORD);
        await login.connection.connect({ interactive: true });
        await works(login);
        expect(login.asked).toEqual([
          expect.stringMatching(/^\(\S+@127\.0\.0\.1\) Password: $/),
          expect.stringMatching(/^\S+@127\.0\.0\.1's password: $/),
        ]);
      } finally {
        await endAll();
        await both[Symbol.asyncDispose]();
      }
    });

    it('asks a bastion’s questions once, sends it nothing unasked, and reaches the host behind it', async () => {
      const inner = await startSshServer();
      const configFile = join(inner.folder, 'config-behind');
      writeFileSync(
        join(inner.folder, 'both_hosts'),
        `${read(server, 'known_hosts')}\n${read(inner, 'known_hosts')}\n`,
      );
      const hosts = join(inner.folder, 'both_hosts');
      const { port, user } = server;
      writeFileSync(
        configFile,
        hostEntry({ host: 'bastion', port, user, key: join(inner.folder, 'refused'), knownHosts: hosts }) +
          hostEntry({
            host: 'behind',
            port: inner.port,
            user: inner.user,
            key: join(inner.folder, 'key'),
            knownHosts: hosts,
            more: ['ProxyJump bastion'],
          }),
      );
      try {
        const wrong = loginTo(configFile, 'behind', (_, nth) => (nth === 0 ? 'wrong' : nextCode()));
        const before = failures(server);
        await expect(wrong.connection.connect({ interactive: true })).rejects.toMatchObject({
          code: 'PERMISSION_DENIED',
        });
        expect(wrong.asked).toHaveLength(2);
        await sleep(300);
        expect(failures(server) - before).toBe(1);

        const login = loginTo(configFile, 'behind', (_, nth) => (nth === 0 ? PASSWORD : nextCode()));
        await login.connection.connect({ interactive: true });
        await works(login);
        expect(login.asked).toHaveLength(2);
        const after = failures(server);
        // Without the bastion there is no way to the host.
        server.kill();
        await waitFor(() => login.connection.state.kind === 'lost');
        await server.start();
        const state = await waitFor(() =>
          login.connection.state.kind === 'disconnected' ? login.connection.state : null,
        );
        expect(state).toMatchObject({ message: 'The login asks for something', needsPerson: true });
        await sleep(500);
        expect(login.asked).toHaveLength(2);
        expect(failures(server)).toBe(after);
      } finally {
        await endAll();
        await inner[Symbol.asyncDispose]();
      }
    });
  },
);

describe.skipIf(noSshServer !== null)(
  `logins by the user’s own ssh configuration${noSshServer === null ? '' : ` (${noSshServer})`}`,
  () => {
    let outer: SshServer;
    let inner: SshServer;
    let hosts: string;

    beforeAll(async () => {
      ensureBuilt();
      outer = await startSshServer();
      inner = await startSshServer({
        settings: (folder) => {
          execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'authority')]);
          const sign = (...words: string[]): void =>
            void execFileSync('ssh-keygen', ['-q', '-s', join(folder, 'authority'), '-I', 'test', ...words]);
          copyFileSync(join(folder, 'refused'), join(folder, 'signed'));
          copyFileSync(join(folder, 'refused.pub'), join(folder, 'signed.pub'));
          sign('-h', '-n', '127.0.0.1', join(folder, 'host.pub'));
          sign('-n', 'researcher', '-V', '+1h', join(folder, 'signed.pub'));
          writeFileSync(join(folder, 'principals'), 'researcher\n');
          return [
            `TrustedUserCAKeys ${join(folder, 'authority.pub')}`,
            `AuthorizedPrincipalsFile ${join(folder, 'principals')}`,
            `HostCertificate ${join(folder, 'host-cert.pub')}`,
          ];
        },
      });
      hosts = join(inner.folder, 'all_hosts');
      writeFileSync(hosts, `${read(outer, 'known_hosts')}\n${read(inner, 'known_hosts')}\n`);
    });
    afterEach(endAll);
    afterAll(async () => {
      await inner[Symbol.asyncDispose]();
      await outer[Symbol.asyncDispose]();
    });
    const innerEntry = (
      host: string,
      change: { key?: string; knownHosts?: string; more?: string[] },
    ): string =>
      hostEntry({
        host,
        port: inner.port,
        user: inner.user,
        key: join(inner.folder, change.key ?? 'key'),
        knownHosts: change.knownHosts ?? hosts,
        more: change.more ?? [],
      });
    const config = (name: string, ...lines: string[]): string => {
      const path = join(inner.folder, name);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return path;
    };

    it('goes through a bastion, and by itself again when the bastion was gone', async () => {
      const { port, user } = outer;
      const bastion = hostEntry({
        host: 'bastion',
        port,
        user,
        key: join(outer.folder, 'key'),
        knownHosts: hosts,
      });
      const path = config('jump', bastion, innerEntry('behind', { more: ['ProxyJump bastion'] }));
      const login = loginTo(path, 'behind');
      await login.connection.connect({ interactive: false });
      await works(login);
      outer.kill();
      await waitFor(() => login.connection.state.kind === 'lost');
      await outer.start();
      await waitFor(() => login.connection.state.kind === 'connected');
      await works(login);
      expect(login.asked).toEqual([]);
    });

    it('takes a certificate for the user and one of the host, with no key known beforehand', async () => {
      const trusted = join(inner.folder, 'authority_hosts');
      writeFileSync(trusted, `@cert-authority * ${read(inner, 'authority.pub')}\n`);
      const path = config('certificates', innerEntry('signed', { key: 'signed', knownHosts: trusted }));
      const login = loginTo(path, 'signed');
      await login.connection.connect({ interactive: true });
      await works(login);
      expect(login.asked).toEqual([]);
    });

    it('follows Include, Match exec and a pattern, as ssh does', async () => {
      const included = config('included', innerEntry('hidden', {}), 'Host hid*', '  ConnectionAttempts 2');
      const path = config(
        'including',
        `Include ${included}`,
        'Match host named-by-exec exec "test %n = named-by-exec"',
        '  HostName 127.0.0.1',
        `  Port ${inner.port}`,
        `  User ${inner.user}`,
        `  IdentityFile ${join(inner.folder, 'key')}`,
        '  IdentitiesOnly yes',
        `  UserKnownHostsFile ${hosts}`,
      );
      for (const host of ['hidden', 'named-by-exec']) {
        const login = loginTo(path, host);
        await login.connection.connect({ interactive: false });
        await works(login);
      }
    });

    it('finds a locked key in the agent', async () => {
      const socket = join(inner.folder, 'agent');
      const askpass = config('say', '#!/bin/sh', 'echo "open sesame"');
      chmodSync(askpass, 0o755);
      const agent = /SSH_AGENT_PID=(\d+)/.exec(
        execFileSync('ssh-agent', ['-a', socket], { encoding: 'utf8' }),
      );
      try {
        const added = spawnSync('ssh-add', ['-q', join(inner.folder, 'locked')], {
          env: {
            ...process.env,
            SSH_AUTH_SOCK: socket,
            SSH_ASKPASS: askpass,
            SSH_ASKPASS_REQUIRE: 'force',
            DISPLAY: ':0',
          },
          stdio: 'ignore',
        });
        expect(added.status).toBe(0);
        const path = config(
          'agents',
          innerEntry('held', { key: 'locked', more: [`IdentityAgent ${socket}`] }),
        );
        const login = loginTo(path, 'held');
        await login.connection.connect({ interactive: false });
        await works(login);
        expect(login.asked).toEqual([]);
      } finally {
        process.kill(Number(agent?.[1]));
      }
    });

    it('says what is wrong in the configuration, and does not try that again', async () => {
      const path = config('broken', 'Host x', '  NoSuchOption yes');
      const login = loginTo(path, 'x');
      await expect(login.connection.connect({ interactive: true })).rejects.toMatchObject({
        code: 'PERMISSION_DENIED',
        message: 'Your ssh configuration has an error',
      });
    });
  },
);
