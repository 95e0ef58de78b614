// slurmdbd on a MariaDB of its own, for a Slurm of the tests whose jobs sacct is to know. Everything lies in the cluster's folder.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { waitFor } from './test-core.ts';

export interface Accounting {
  end(): void;
}

export interface AccountingPlace {
  /** The cluster's, with munge running in it. */
  readonly folder: string;
  readonly slurmConf: string;
  readonly ports: { readonly database: number; readonly daemon: number };
  /** Becomes the one user of the account `lab`. */
  readonly user: string;
}

/** Returns when slurmdbd answers; the controller is to be started after it. Root only. */
export async function startAccounting({
  folder,
  slurmConf,
  ports,
  user,
}: AccountingPlace): Promise<Accounting> {
  const at = (...parts: string[]): string => join(folder, ...parts);
  const children: ChildProcess[] = [];
  const start = (
    program: string,
    words: readonly string[],
    environment: Record<string, string> = {},
  ): void => {
    children.push(spawn(program, words, { env: { ...process.env, ...environment }, stdio: 'ignore' }));
  };
  mkdirSync(at('database'));
  mkdirSync(at('database-tmp'));
  chmodSync(at('database-tmp'), 0o1777);
  const TMPDIR = at('database-tmp');
  const common = ['--no-defaults', '--user=root', `--datadir=${at('database')}`];
  execFileSync(
    'mariadb-install-db',
    [...common, '--auth-root-authentication-method=socket', '--auth-root-socket-user=root', '--skip-test-db'],
    { env: { ...process.env, TMPDIR }, stdio: 'ignore' },
  );
  const socket = at('database', 'socket');
  start(
    'mariadbd',
    [
      ...common,
      `--socket=${socket}`,
      `--pid-file=${at('database', 'pid')}`,
      '--bind-address=127.0.0.1',
      `--port=${ports.database}`,
      '--innodb-buffer-pool-size=64M',
      // Nothing here has to outlive a power cut.
      '--innodb-flush-log-at-trx-commit=0',
    ],
    { TMPDIR },
  );
  await waitFor(() => isOpen(ports.database));
  execFileSync('mariadb', [
    '-S',
    socket,
    '-e',
    `CREATE DATABASE slurm; ${grants('127.0.0.1')} ${grants('localhost')}`,
  ]);
  const settings = {
    AuthType: 'auth/munge',
    AuthInfo: `socket=${at('munge', 'socket')},cred_expire=5`,
    DbdHost: hostname().split('.')[0],
    DbdAddr: '127.0.0.1',
    DbdPort: ports.daemon,
    SlurmUser: 'root',
    LogFile: at('slurmdbd.log'),
    PidFile: at('slurmdbd.pid'),
    StorageType: 'accounting_storage/mysql',
    StorageHost: '127.0.0.1',
    StoragePort: ports.database,
    StorageUser: 'slurm',
    StoragePass: 'slurm',
    StorageLoc: 'slurm',
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(at('slurmdbd.conf'), lines.join(''), { mode: 0o600 });
  start('slurmdbd', ['-D'], { SLURM_CONF: slurmConf });
  await waitFor(() => isOpen(ports.daemon));
  for (const words of [
    ['add', 'cluster', 'nesso'],
    ['add', 'account', 'lab', 'Description=lab', 'Organization=lab'],
    ['add', 'user', user, 'Account=lab'],
  ])
    spawnSync('sacctmgr', ['-i', ...words], {
      env: { ...process.env, SLURM_CONF: slurmConf },
      stdio: 'ignore',
    });
  return { end: () => children.reverse().forEach((child) => child.kill('SIGKILL')) };
}

function grants(host: string): string {
  return `CREATE USER 'slurm'@'${host}' IDENTIFIED BY 'slurm'; GRANT ALL ON slurm.* TO 'slurm'@'${host}';`;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
