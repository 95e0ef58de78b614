// Contract of targets: the computers that runs are sent to, their connections, and what they offer. A target is an entry of
// studio.yaml; how to reach it is the business of the user's own OpenSSH configuration.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { procedure } from './procedure.ts';

export const targetName = z.string().min(1).max(100);

export const connectionState = z.discriminatedUnion('kind', [
  /** `message` says why, when nobody asked for it. `needsPerson`: trying again by itself cannot help. */
  z.object({
    kind: z.literal('disconnected'),
    message: z.string().nullable(),
    hint: z.string().nullable(),
    needsPerson: z.boolean(),
    /** When the last connection of this core ended; null while there was none. */
    untilMs: z.number().nullable(),
  }),
  z.object({ kind: z.literal('connecting'), sinceMs: z.number() }),
  z.object({ kind: z.literal('connected'), sinceMs: z.number() }),
  /** The link broke; it is made again by itself at `retryAtMs`. What runs there goes on. */
  z.object({
    kind: z.literal('lost'),
    sinceMs: z.number(),
    retryAtMs: z.number(),
    message: z.string(),
    hint: z.string(),
  }),
]);
export type ConnectionState = z.infer<typeof connectionState>;

/** What ssh asks a person: a host key to accept, a password, a passphrase, a code. */
export const sshQuestion = z.object({
  id: z.string(),
  target: targetName,
  /** As ssh or the site words it. */
  text: z.string(),
  /** `secret` is typed unseen, `confirm` is yes or no, `wait` only tells that something is to be done (touch the key). */
  kind: z.enum(['secret', 'text', 'confirm', 'wait']),
});
export type SshQuestion = z.infer<typeof sshQuestion>;

export const target = z.object({
  name: targetName,
  kind: z.enum(['local', 'slurm', 'ssh-processes']),
  host: z.string().nullable(),
  /** Folder on the target below which runs are kept. */
  folder: z.string().nullable(),
  connection: connectionState,
});
export type Target = z.infer<typeof target>;

export const targetEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), targets: z.array(target), questions: z.array(sshQuestion) }),
]);
export type TargetEvent = z.infer<typeof targetEvent>;

/** A partition as Slurm shows it; null where it has no limit or the site does not say. */
export const sitePartition = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  state: z.string(),
  maxSeconds: z.number().nullable(),
  nodes: z.number(),
  cpusPerNode: z.number().nullable(),
  memoryPerNodeMb: z.number().nullable(),
  /** `{a100: 4}`; GPUs without a type are called `gpu`. */
  gpusPerNode: z.record(z.string(), z.number()),
});
export type SitePartition = z.infer<typeof sitePartition>;

export const siteQuota = z.object({
  path: z.string(),
  freeBytes: z.number().nullable(),
  totalBytes: z.number().nullable(),
});

/** What the first contact found. Kept with the workspace, so that the forms know the site while it is not connected. */
export const siteProfile = z.object({
  format: z.literal(1),
  probedMs: z.number(),
  host: z.string(),
  user: z.string(),
  home: z.string(),
  loginShell: z.string(),
  /** `Linux 6.1.0 x86_64` */
  system: z.string(),
  slurm: z
    .object({
      version: z.string(),
      cluster: z.string().nullable(),
      /** False: the end of a job must come from what its script writes. */
      hasAccounting: z.boolean(),
      /** How long a finished job can still be asked for. */
      minJobAgeSeconds: z.number().nullable(),
      maxArraySize: z.number().nullable(),
      partitions: z.array(sitePartition),
      accounts: z.array(z.string()),
      qos: z.array(z.string()),
    })
    .nullable(),
  /** Programs that were found: their version lines. */
  programs: z.record(z.string(), z.string()),
  hasModules: z.boolean(),
  quotas: z.array(siteQuota),
  /** The folder for runs can be made and written; a sentence otherwise. */
  folderProblem: z.string().nullable(),
  warnings: z.array(z.string()),
});
export type SiteProfile = z.infer<typeof siteProfile>;

/** A target as a person adds it; the name is free, the rest as ssh takes it. */
export const newTarget = z.object({
  name: targetName,
  kind: z.enum(['slurm', 'ssh-processes']),
  // A host that starts with a dash would be an option to ssh.
  host: z
    .string()
    .max(255)
    .regex(/^[^-\s][^\s]*$/, 'must be one word that does not start with a dash'),
  /** `~/`, `$SCRATCH/` and `$WORK/` are those of the target. Null for `~/nesso-runs`. */
  folder: z.string().min(1).max(1024).nullable(),
});
export type NewTarget = z.infer<typeof newTarget>;

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be letters, digits and _');
const oneLine = z
  .string()
  .max(4096)
  .regex(/^[^\n\r\0]*$/, 'must be one line');

/** What holds for every job of a target; what is empty is not written down. All values are quoted in the script, but for `setup`. */
export const targetSettings = z.object({
  folder: oneLine.min(1).nullable(),
  partition: oneLine.nullable(),
  account: oneLine.nullable(),
  qos: oneLine.nullable(),
  walltime: oneLine.nullable(),
  /** The least time between two questions to the scheduler. */
  pollSeconds: z.number().min(5).max(3600).nullable(),
  modules: z.array(oneLine.min(1)).max(100),
  /** Name or path of an environment. */
  conda: oneLine.nullable(),
  /** Path there; its folder comes first on PATH. */
  python: oneLine.nullable(),
  /** Lines of bash before the command. */
  setup: z.string().max(65_536),
  container: z
    .object({
      runtime: z.enum(['apptainer', 'singularity', 'pyxis']),
      image: oneLine.min(1),
      mounts: z.array(oneLine.min(1)).max(100),
    })
    .nullable(),
  environment: z.record(variableName, z.string().max(65_536)),
});
export type TargetSettings = z.infer<typeof targetSettings>;

export const boardPartition = z.object({
  name: z.string(),
  isDefault: z.boolean(),
  /** Nodes by what they can do for a new job; `unusable` are down, drained or reserved. */
  nodes: z.object({ total: z.number(), idle: z.number(), busy: z.number(), unusable: z.number() }),
  cpus: z.object({ total: z.number(), free: z.number() }),
  /** By type; GPUs without one are called `gpu`. Those of unusable nodes are not free. */
  gpus: z.array(z.object({ type: z.string(), total: z.number(), free: z.number() })),
  /** Of everybody. */
  running: z.number(),
  waiting: z.number(),
});
export type BoardPartition = z.infer<typeof boardPartition>;

export const boardJob = z.object({
  /** With its array task: `12_3`. */
  id: z.string(),
  name: z.string(),
  user: z.string(),
  isMine: z.boolean(),
  /** As Slurm names it. */
  state: z.string(),
  /** Why it waits; empty when it runs. */
  reason: z.string(),
  partition: z.string(),
  nodes: z.number(),
  gpus: z.number(),
  elapsedSeconds: z.number().nullable(),
  limitSeconds: z.number().nullable(),
  /** When it started, or when the scheduler means to start it. Null while it does not say. */
  startMs: z.number().nullable(),
});
export type BoardJob = z.infer<typeof boardJob>;

/** Partitions and jobs of a cluster at one moment. */
export const clusterBoard = z.object({
  askedMs: z.number(),
  /** Not asked again before this: sites limit how often. */
  nextMs: z.number(),
  /** Why this is an older answer; null when it is the newest one. */
  problem: z.string().nullable(),
  partitions: z.array(boardPartition),
  /** Mine first, then as the scheduler lists them. */
  jobs: z.array(boardJob),
  /** Jobs in the queue; `jobs` holds the first of them when there are very many. */
  jobCount: z.number(),
});
export type ClusterBoard = z.infer<typeof clusterBoard>;

/** A folder of a target, newest entries first. */
export const browsedFolder = z.object({
  /** Absolute, links resolved. */
  path: z.string(),
  /** `run` is a folder that looks like that of a run. */
  entries: z.array(z.object({ name: z.string(), kind: z.enum(['folder', 'run', 'file']) })),
  /** How many more there are. */
  left: z.number(),
});
export type BrowsedFolder = z.infer<typeof browsedFolder>;

export const targetsContract = {
  list: procedure.output(z.array(target)),
  /** Writes it into studio.yaml, comments kept. ALREADY_EXISTS when the name is taken. */
  add: procedure.input(newTarget).output(target),
  /** What studio.yaml says about its jobs, with the version of the file. */
  settings: procedure
    .input(z.object({ name: targetName }))
    .output(z.object({ settings: targetSettings, version: z.string() })),
  /** Writes what differs into studio.yaml, comments kept. CONFLICT when the file is another one than `version`. */
  saveSettings: procedure
    .input(z.object({ name: targetName, settings: targetSettings, version: z.string() }))
    .output(z.object({})),
  /** What the scheduler said last, asked anew when its floor allows. UNAVAILABLE when not connected and never asked. */
  board: procedure.input(z.object({ name: targetName })).output(clusterBoard),
  /** The whole state whenever something of it changed. */
  watch: procedure.output(eventIterator(targetEvent)),
  /** Host names of the user's ssh configuration, patterns left out. */
  knownHosts: procedure.output(z.array(z.string())),
  /** May ask the person: answered by `answer`. Returns when connected. */
  connect: procedure.input(z.object({ name: targetName })).output(target),
  disconnect: procedure.input(z.object({ name: targetName })).output(z.object({})),
  /** Null refuses. */
  answer: procedure
    .input(z.object({ id: z.string(), text: z.string().max(16_384).nullable() }))
    .output(z.object({})),
  /** `~/`, `$SCRATCH/` and `$WORK/` are those of the target. NOT_FOUND, PERMISSION_DENIED, UNAVAILABLE when not connected. */
  browse: procedure
    .input(z.object({ name: targetName, path: z.string().min(1).max(4096) }))
    .output(browsedFolder),
  /** Looks again; the target must be connected. */
  probe: procedure.input(z.object({ name: targetName })).output(siteProfile),
  /** What was found last; null before the first contact. */
  profile: procedure.input(z.object({ name: targetName })).output(siteProfile.nullable()),
};
