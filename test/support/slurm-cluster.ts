// A real Slurm on this computer: controller, nodes that are only names, GPUs that are only device files, and an sshd to log in
// to. Everything lies in one folder and ends with it. Debian: slurmctld slurmd slurm-client munge openssh-server.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startAccounting } from './slurm-accounting.ts';
import {
  freePort,
  noSshServer,
  type SshServer,
  type SshServerOptions,
  startSshServer,
} from './ssh-server.ts';
import { waitFor } from './test-core.ts';

const programs = ['slurmctld', 'slurmd', 'sinfo', 'munged'];

const MEMORY_CGROUPS = '/sys/fs/cgroup/memory';

/** Null, or why there can be no cluster here. */
export const noCluster: string | null = ((): string | null => {
  const missing = programs.filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
  if (missing.length > 0)
    return `${missing.join(', ')} not installed (Debian: slurmctld slurmd slurm-client munge)`;
  if (process.getuid?.() !== 0) return 'only root can make the device files of GPUs that are not there';
  return noSshServer;
})();

/** Null, or why there can be no accounting beside it. */
export const noAccounting: string | null = ((): string | null => {
  const missing = ['slurmdbd', 'mariadbd', 'sacct'].filter(
    (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0,
  );
  return missing.length > 0
    ? `${missing.join(', ')} not installed (Debian: slurmdbd mariadb-server)`
    : noCluster;
})();

/** Null, or why the memory of jobs cannot be limited here. */
export const noMemoryLimits: string | null = ((): string | null => {
  if (noCluster !== null) return noCluster;
  const folder = `${MEMORY_CGROUPS}/nesso-test-${process.pid}`;
  try {
    mkdirSync(folder);
    rmdirSync(folder);
    return null;
  } catch {
    return 'the memory controller of cgroup v1 is not there, or may not be written';
  }
})();

/** Harmless device files that stand for GPUs. */
const GPUS_PER_NODE = 4;
const NODES = 2;
/** Of each log, where a test failed. */
const TELL_LINES = 60;
/** Longer than the controller lets a change wait. */
const SAVED_TIMEOUT_MS = 15_000;
const TELL_TIMEOUT_MS = 15_000;

export interface SlurmClusterOptions {
  readonly minJobAgeSeconds?: number;
  /** `n1`, `n2`, …, each with eight cores and four GPUs; two unless given. */
  readonly nodes?: number;
  /** With slurmdbd and a database of its own, so that sacct knows jobs that left the queue. */
  readonly accounting?: boolean;
  /** Jobs are killed when they take more memory than they asked for. */
  readonly memoryLimits?: boolean;
  /** Of the server to log in to. */
  readonly ssh?: SshServerOptions;
  /** As scontrol writes them in slurm.conf; win over the cluster's own. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

export interface SlurmCluster extends SshServer {
  readonly slurmConf: string;
  /** Runs a command of Slurm as the cluster's user. */
  slurm(program: string, ...words: string[]): string;
  /**
   * Resolves when the controller has written down what it knows, which takes it some seconds. One that is killed before gives numbers
   * of living jobs out again, and nodes that still have such a job drain themselves.
   */
  saved(): Promise<void>;
  /** `kill -9`, and the start of a new one. */
  killController(): void;
  startController(): void;
  killNode(name: string): void;
  startNode(name: string): void;
  /** What is known of its jobs and nodes, and the ends of its logs: for whoever looks into a test that failed. */
  standing(): string;
  /** All that the controller knows is lost: as after a disk that broke. Kill it before, start it after. */
  forgetEverything(): void;
}

export async function startSlurmCluster(options: SlurmClusterOptions = {}): Promise<SlurmCluster> {
  const server = await startSshServer({
    ...options.ssh,
    environment: (folder) => ({
      ...options.ssh?.environment?.(folder),
      SLURM_CONF: join(folder, 'slurm.conf'),
    }),
  });
  const { folder } = server;
  const at = (...parts: string[]): string => join(folder, ...parts);
  const slurmConf = at('slurm.conf');
  const environment = { ...process.env, SLURM_CONF: slurmConf };
  const run = (program: string, ...words: string[]): string =>
    execFileSync(program, words, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const nodes = options.nodes ?? NODES;
  const names = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
  const pidOf = (name: string): number => Number(readFileSync(at(`${name}.pid`), 'utf8'));
  const kill = (name: string): void => {
    try {
      process.kill(pidOf(name), 'SIGKILL');
    } catch {
      // Never started, or gone already.
    }
  };

  for (const name of ['munge', 'state', ...names.map((node) => `spool.${node}`)])
    mkdirSync(at(name), { recursive: true });
  chmodSync(folder, 0o755);
  for (const name of ['munge', 'state']) chmodSync(at(name), 0o755);
  writeFileSync(at('munge', 'key'), randomBytes(128), { mode: 0o400 });
  const limits =
    options.memoryLimits === true
      ? 'ConstrainRAMSpace=yes\nAllowedRAMSpace=100\nConstrainSwapSpace=yes\nAllowedSwapSpace=0\n'
      : '';
  writeFileSync(at('cgroup.conf'), `CgroupPlugin=cgroup/v1\n${limits}`);
  // Programs that a test puts into bin are found first by jobs and their steps.
  writeFileSync(at('task-prolog'), `#!/bin/sh\necho "export PATH=${at('bin')}:$PATH"\n`, { mode: 0o755 });
  const devices = Array.from({ length: GPUS_PER_NODE }, (_, index) => at(`gpu${index}`));
  for (const device of devices) execFileSync('mknod', ['-m', '666', device, 'c', '1', '3']);
  writeFileSync(
    at('gres.conf'),
    devices.map((file) => `NodeName=n[1-${nodes}] Name=gpu File=${file}\n`).join(''),
  );
  const ports = [await freePort(), ...(await Promise.all(names.map(() => freePort())))];
  const minJobAgeSeconds = options.minJobAgeSeconds ?? 300;
  const accountingPorts =
    options.accounting === true ? { database: await freePort(), daemon: await freePort() } : null;
  const settings = {
    ...(options.memoryLimits === true ? { TaskPlugin: 'task/cgroup' } : {}),
    ...options.settings,
  };
  writeFileSync(slurmConf, confText({ at, ports, names, minJobAgeSeconds, accountingPorts, settings }));

  run(
    'munged',
    `--socket=${at('munge', 'socket')}`,
    `--key-file=${at('munge', 'key')}`,
    `--pid-file=${at('munged.pid')}`,
    `--log-file=${at('munge', 'log')}`,
    `--seed-file=${at('munge', 'seed')}`,
  );
  const accounting =
    accountingPorts === null
      ? null
      : await startAccounting({ folder, slurmConf, ports: accountingPorts, user: server.user });
  const startController = (): void => void run('slurmctld');
  const startNode = (name: string): void => void run('slurmd', '-N', name);
  startController();
  for (const name of names) startNode(name);
  await waitFor(() => {
    const states = spawnSync('sinfo', ['-h', '-N', '-o', '%t'], {
      env: environment,
      encoding: 'utf8',
    }).stdout;
    return states.split('\n').filter((line) => line === 'idle').length >= nodes;
  }, 150_000);

  return {
    ...server,
    slurmConf,
    slurm: run,
    async saved() {
      const changedMs = (name: string): number => statSync(at(name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
      const isSaved = (): boolean => changedMs('state/job_state') > changedMs('slurmctld.log');
      // Not everything that it logs is a change that it writes down.
      await waitFor(isSaved, SAVED_TIMEOUT_MS).catch(() => undefined);
    },
    killController: () => kill('slurmctld'),
    startController,
    killNode: (name) => kill(`slurmd.${name}`),
    startNode,
    standing() {
      const told = [
        ['squeue', '-t', 'all', '-o', '%i %j %T %r %S %N'],
        ['sinfo', '-N', '-l'],
      ].map(
        ([program = '', ...words]) =>
          spawnSync(program, words, { env: environment, encoding: 'utf8', timeout: TELL_TIMEOUT_MS }).stdout,
      );
      const logs = ['slurmctld.log', ...names.map((name) => `slurmd.${name}.log`)].map(
        (name) => `${name}:\n${readFileSync(at(name), 'utf8').split('\n').slice(-TELL_LINES).join('\n')}`,
      );
      return [...told, ...logs].join('\n');
    },
    forgetEverything() {
      rmSync(at('state'), { recursive: true });
      mkdirSync(at('state'));
    },
    async [Symbol.asyncDispose]() {
      spawnSync('scancel', ['-u', userInfo().username], { env: environment });
      for (const name of ['slurmctld', ...names.map((node) => `slurmd.${node}`)]) kill(name);
      endEverythingOf(slurmConf);
      accounting?.end();
      kill('munged');
      // Slurm leaves the groups of its nodes; another cluster may have some of the same name.
      for (const name of options.memoryLimits === true ? names : [])
        spawnSync('rmdir', [`${MEMORY_CGROUPS}/slurm_${name}`]);
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Steps and jobs carry the cluster's configuration in their environment. */
function endEverythingOf(slurmConf: string): void {
  const pids = execFileSync(
    'sh',
    ['-c', `grep -lzs '^SLURM_CONF=${slurmConf}$' /proc/[0-9]*/environ || true`],
    {
      encoding: 'utf8',
    },
  );
  for (const [, pid] of pids.matchAll(/\/proc\/(\d+)\//g)) {
    if (Number(pid) === process.pid) continue;
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

interface Conf {
  readonly at: (...parts: string[]) => string;
  /** The controller's, then one a node. */
  readonly ports: readonly number[];
  readonly names: readonly string[];
  readonly minJobAgeSeconds: number;
  readonly accountingPorts: { readonly daemon: number } | null;
  readonly settings: Readonly<Record<string, string | number>>;
}

function confText(conf: Conf): string {
  const { at, ports, names, minJobAgeSeconds, accountingPorts } = conf;
  const [controllerPort, ...nodePorts] = ports;
  const settings = {
    ClusterName: 'nesso',
    SlurmctldHost: `${hostname().split('.')[0]}(127.0.0.1)`,
    SlurmUser: userInfo().username,
    SlurmdUser: userInfo().username,
    SlurmctldPort: controllerPort,
    AuthType: 'auth/munge',
    AuthInfo: `socket=${at('munge', 'socket')},cred_expire=5`,
    CredType: 'cred/munge',
    CommunicationParameters: 'NoCtldInAddrAny,NoInAddrAny',
    StateSaveLocation: at('state'),
    SlurmdSpoolDir: at('spool.%n'),
    SlurmctldPidFile: at('slurmctld.pid'),
    SlurmdPidFile: at('slurmd.%n.pid'),
    SlurmctldLogFile: at('slurmctld.log'),
    SlurmdLogFile: at('slurmd.%n.log'),
    SlurmdParameters: 'config_overrides',
    MpiDefault: 'none',
    SwitchType: 'switch/none',
    ReturnToService: 2,
    SlurmctldTimeout: 10,
    SlurmdTimeout: 10,
    InactiveLimit: 0,
    KillWait: 2,
    MessageTimeout: 10,
    BatchStartTimeout: 10,
    EnforcePartLimits: 'ALL',
    MinJobAge: minJobAgeSeconds,
    JobRequeue: 1,
    SchedulerType: 'sched/backfill',
    SchedulerParameters: 'sched_interval=2,sched_min_interval=0,bf_interval=2,batch_sched_delay=0',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_Core_Memory',
    GresTypes: 'gpu',
    DefMemPerCPU: 200,
    PreemptType: 'preempt/partition_prio',
    PreemptMode: 'REQUEUE',
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    TaskProlog: at('task-prolog'),
    JobAcctGatherType: 'jobacct_gather/linux',
    ...(accountingPorts === null
      ? { AccountingStorageType: 'accounting_storage/none' }
      : {
          AccountingStorageType: 'accounting_storage/slurmdbd',
          AccountingStorageHost: '127.0.0.1',
          AccountingStoragePort: accountingPorts.daemon,
          AccountingStoragePass: at('munge', 'socket'),
          AccountingStorageTRES: 'gres/gpu',
        }),
    JobCompType: 'jobcomp/none',
    ...conf.settings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  for (const [index, name] of names.entries()) {
    lines.push(
      `NodeName=${name} NodeHostname=${hostname().split('.')[0]} NodeAddr=127.0.0.1 Port=${nodePorts[index]} CPUs=8 RealMemory=4000 Gres=gpu:${GPUS_PER_NODE} State=UNKNOWN`,
    );
  }
  lines.push(
    'PartitionName=debug Nodes=ALL Default=YES MaxTime=00:05:00 DefaultTime=00:01:00 State=UP PriorityTier=1',
    'PartitionName=long Nodes=ALL MaxTime=7-00:00:00 DefaultTime=01:00:00 State=UP PriorityTier=1',
    'PartitionName=spot Nodes=ALL MaxTime=1-00:00:00 State=UP PriorityTier=0 PreemptMode=REQUEUE',
    'PartitionName=urgent Nodes=ALL MaxTime=1-00:00:00 State=UP PriorityTier=10 PreemptMode=OFF',
  );
  return `${lines.join('\n')}\n`;
}
