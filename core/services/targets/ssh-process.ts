// One ssh client of the user's own OpenSSH, without a terminal, that runs the remote loop.
import { type ChildProcess, spawn } from 'node:child_process';
import { remoteCommand } from './remote-shell.ts';

const CONNECT_TIMEOUT_SECONDS = 30;
/** A dead link is noticed after 45 seconds; one that comes back before that goes on where it was. */
const ALIVE_INTERVAL_SECONDS = 15;
const ALIVE_COUNT = 3;

export interface SshDestination {
  /** Alias or host name, as `ssh` takes it. */
  readonly host: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
}

export interface SshOptions {
  readonly destination: SshDestination;
  readonly nonce: string;
  /** What ssh finds in its environment for asking a person; null where there is no such thing. */
  readonly askpass: Readonly<Record<string, string>> | null;
  /** Nobody is there to answer, so ssh must not ask. */
  readonly unattended: boolean;
  /** A configuration file instead of the user's own. */
  readonly configFile?: string | undefined;
  /** Where other ssh programs find this connection, for copies; absent where OpenSSH has no such thing (Windows). */
  readonly controlPath?: string | undefined;
}

/** The options that win over the user's configuration, because the loop would not work without them. */
export function sshArguments(options: SshOptions): readonly string[] {
  const { destination, unattended, configFile, controlPath } = options;
  const settings = {
    RequestTTY: 'no',
    RemoteCommand: 'none',
    ClearAllForwardings: 'yes',
    PermitLocalCommand: 'no',
    StdinNull: 'no',
    ForkAfterAuthentication: 'no',
    SessionType: 'default',
    ConnectTimeout: String(CONNECT_TIMEOUT_SECONDS),
    ServerAliveInterval: String(ALIVE_INTERVAL_SECONDS),
    ServerAliveCountMax: String(ALIVE_COUNT),
    // A wrong password is asked for again only when the person connects again: sites lock accounts.
    NumberOfPasswordPrompts: '1',
    ...(unattended ? { BatchMode: 'yes' } : {}),
    // Tells apart a host that wants two methods from one that did not take the first; and failures are explained from it.
    LogLevel: 'VERBOSE',
    ...(controlPath === undefined
      ? { ControlMaster: 'no', ControlPath: 'none' }
      : { ControlMaster: 'yes', ControlPath: controlPath, ControlPersist: 'no' }),
  };
  return [...argumentsTo(destination, configFile, settings), remoteCommand(options.nonce)];
}

/**
 * Another session over the connection that `controlPath` leads to, up to the command. Never a login of its own: without that
 * connection it fails at once.
 */
export function sharedSessionArguments(options: {
  readonly destination: SshDestination;
  readonly configFile?: string | undefined;
  readonly controlPath: string;
}): readonly string[] {
  const { destination, configFile, controlPath } = options;
  const settings = {
    RequestTTY: 'no',
    RemoteCommand: 'none',
    PermitLocalCommand: 'no',
    StdinNull: 'no',
    BatchMode: 'yes',
    ControlMaster: 'no',
    ControlPath: controlPath,
    ProxyCommand: 'false',
  };
  return argumentsTo(destination, configFile, settings);
}

/** Up to the host. No escape character: what is sent is data. */
function argumentsTo(
  destination: SshDestination,
  configFile: string | undefined,
  settings: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '-e',
    'none',
    ...(destination.user === undefined ? [] : ['-l', destination.user]),
    ...(destination.port === undefined ? [] : ['-p', String(destination.port)]),
    '--',
    destination.host,
  ];
}

/** Never throws for a program that is missing: that comes as the child's `error`. */
export function startSsh(options: SshOptions): ChildProcess {
  return spawn('ssh', [...sshArguments(options)], {
    // A session of its own: ssh must not find a terminal to ask on, nor die of a Ctrl-C meant for the studio.
    detached: true,
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.askpass },
  });
}

/** A client that was asked to end and did not, or whose pipes a helper of it still holds (ProxyJump, ProxyCommand). */
const END_GRACE_MS = 2_000;

/** Resolves when it is gone, and its helpers with it. */
export async function endSsh(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      killGroup(child);
      resolve();
    }, END_GRACE_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill();
  });
}

/** Each client leads a process group of its own, where its helpers are. */
function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    // Gone in this moment.
  }
}
