// A real sshd on a port of its own, for this user, with its own host key and an ssh configuration that reaches it.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((path) => existsSync(path));

/** Null, or why there can be no server here. */
export const noSshServer: string | null =
  SSHD === undefined ? 'there is no sshd here (Debian: openssh-server)' : null;

export interface SshServer {
  readonly folder: string;
  /** Whom the hosts log in as, and a folder that this user may write to. */
  readonly user: string;
  readonly home: string;
  readonly port: number;
  /** For `ssh -F`: knows the hosts `cluster` (key, host key known), `unknown` (host key not known), `locked` (key with the
   * passphrase `open sesame`) and `refused` (a key that the server does not accept). */
  readonly configFile: string;
  /** The same hosts, reached through another port of this computer. */
  proxyConfigFile(port: number): string;
  /** Starts it again after `kill`. */
  start(): Promise<void>;
  /** Ends the server and every connection to it, as a crash would. */
  kill(): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface SshServerOptions {
  /** What a start-up file of the shell does before any command. */
  readonly shellStart?: string;
  /** Variables of every session. */
  readonly environment?: (folder: string) => Readonly<Record<string, string>>;
  /** Of the account, absolute; bash unless given. Root only. */
  readonly loginShell?: string;
  /** Lines of sshd_config that win over the server's own. Called when folder and keys are there. */
  readonly settings?: (folder: string) => readonly string[];
  /** A PAM stack of this server alone, and the password of the account. Root only. */
  readonly pam?: {
    readonly stack: (folder: string, user: string) => readonly string[];
    readonly password: string;
  };
}

/** Files of sshd, munge and Slurm hold no paths with spaces, and their sockets have at most 107 characters. */
function plainPlace(): string {
  const place = tmpdir();
  return /^[\w./-]{1,40}$/.test(place) ? place : '/tmp';
}

export async function startSshServer(options: SshServerOptions = {}): Promise<SshServer> {
  if (SSHD === undefined) throw new Error('There is no sshd');
  const folder = mkdtempSync(join(plainPlace(), 'nesso-sshd-'));
  const account = makeAccount(folder, options.loginShell ?? '/bin/bash');
  const port = await freePort();
  for (const [name, passphrase] of [
    ['host', ''],
    ['key', ''],
    ['locked', 'open sesame'],
    ['refused', ''],
  ] as const) {
    execFileSync('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      passphrase,
      '-C',
      name,
      '-f',
      join(folder, name),
    ]);
  }
  const read = (name: string): string => execFileSync('cat', [join(folder, name)], { encoding: 'utf8' });
  writeFileSync(join(folder, 'authorized_keys'), read('key.pub') + read('locked.pub'), { mode: 0o644 });
  writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${read('host.pub')}`);
  writeFileSync(join(folder, 'start.sh'), `${options.shellStart ?? ''}\n`);
  const variables = Object.entries(options.environment?.(folder) ?? {}).map(
    ([name, value]) => `${name}=${value}`,
  );
  const pam = options.pam ? setUpPam(folder, account, options.pam) : null;
  writeFileSync(
    join(folder, 'sshd.conf'),
    [
      ...(options.settings?.(folder) ?? []),
      ...(pam ? ['UsePAM yes'] : []),
      'ListenAddress 127.0.0.1',
      `Port ${port}`,
      `HostKey ${join(folder, 'host')}`,
      `PidFile ${join(folder, 'sshd.pid')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin no',
      'UseDNS no',
      'MaxStartups 100:30:200',
      // Of several lines sshd takes the first only.
      ...(variables.length > 0 ? [`SetEnv ${variables.join(' ')}`] : []),
      ...(options.shellStart === undefined
        ? []
        : [`ForceCommand sh -c '. ${join(folder, 'start.sh')}; eval "$SSH_ORIGINAL_COMMAND"'`]),
      '',
    ].join('\n'),
  );
  const entry = (host: string, key: string, hosts: string): string =>
    hostEntry({ host, port, user: account.name, key: join(folder, key), knownHosts: join(folder, hosts) });
  const configFile = join(folder, 'config');
  writeFileSync(
    configFile,
    entry('cluster', 'key', 'known_hosts') +
      entry('unknown', 'key', 'other_known_hosts') +
      entry('locked', 'locked', 'known_hosts') +
      entry('refused', 'refused', 'known_hosts'),
  );
  let server: ChildProcess | null = null;
  const kill = (): void => {
    for (const pid of server?.pid === undefined ? [] : [server.pid, ...descendantsOf(server.pid)]) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    }
    server = null;
  };
  const start = async (): Promise<void> => {
    if (process.getuid?.() === 0) execFileSync('mkdir', ['-p', '/run/sshd']);
    server = spawn(
      pam?.program ?? SSHD,
      ['-D', '-f', join(folder, 'sshd.conf'), '-E', join(folder, 'sshd.log')],
      {
        detached: true,
        stdio: 'ignore',
      },
    );
    await whenListening(port);
  };
  await start();
  return {
    folder,
    home: account.home,
    user: account.name,
    port,
    configFile,
    proxyConfigFile(through) {
      const text = readFileSync(configFile, 'utf8').replaceAll(
        `Port ${port}`,
        `Port ${through}\n  HostKeyAlias [127.0.0.1]:${port}`,
      );
      const path = join(folder, `config-${through}`);
      writeFileSync(path, text);
      return path;
    },
    start,
    kill,
    async [Symbol.asyncDispose]() {
      kill();
      pam?.remove();
      account.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A host of an ssh configuration that takes nothing from the person who runs the tests. */
export function hostEntry(entry: {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly key: string;
  readonly knownHosts: string;
  readonly more?: readonly string[];
}): string {
  return [
    `Host ${entry.host}`,
    '  HostName 127.0.0.1',
    `  Port ${entry.port}`,
    `  User ${entry.user}`,
    ...(entry.more ?? []).map((line) => `  ${line}`),
    `  IdentityFile ${entry.key}`,
    '  IdentitiesOnly yes',
    '  IdentityAgent none',
    `  UserKnownHostsFile ${entry.knownHosts}`,
    '  GlobalKnownHostsFile /dev/null',
    '  StrictHostKeyChecking ask',
    '',
  ].join('\n');
}

/** sshd asks PAM for the service of its own name, so one of another name has a stack of its own. */
function setUpPam(
  folder: string,
  account: Account,
  pam: NonNullable<SshServerOptions['pam']>,
): { readonly program: string; remove(): void } {
  const service = `nesso-test-${account.name}`;
  const program = join(folder, service);
  symlinkSync(SSHD ?? '', program);
  execFileSync('chpasswd', { input: `${account.name}:${pam.password}\n` });
  const file = `/etc/pam.d/${service}`;
  writeFileSync(file, `${pam.stack(folder, account.name).join('\n')}\n`);
  return { program, remove: () => rmSync(file, { force: true }) };
}

interface Account {
  readonly name: string;
  readonly home: string;
  remove(): void;
}

/** Root makes a user of its own, with an empty home: the start-up files of a person's own account may do anything. */
function makeAccount(folder: string, shell: string): Account {
  const home = join(folder, 'home');
  mkdirSync(home);
  if (process.getuid?.() !== 0) return { name: userInfo().username, home, remove: () => undefined };
  const name = `nesso${randomBytes(4).toString('hex')}`;
  chmodSync(folder, 0o755);
  // `*` is no password, where `!` would be a locked account.
  execFileSync('useradd', ['-M', '-d', home, '-s', shell, '-p', '*', name]);
  execFileSync('chown', [`${name}:`, home]);
  return {
    name,
    home,
    remove: () => {
      spawnSync('pkill', ['-KILL', '-u', name]);
      spawnSync('userdel', [name]);
    },
  };
}

/** Sessions of a server are processes and sessions of their own. */
function descendantsOf(pid: number): readonly number[] {
  const parents = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): readonly number[] =>
    parents.flatMap(([own = 0, of]) => (of === parent ? [own, ...below(own)] : []));
  return below(pid);
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function whenListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`sshd did not open port ${port}`);
}
