// The targets of a workspace, as studio.yaml lists them. One that cannot be understood is left out with a sentence.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseConfig } from '../../lib/config/document.ts';
import { nodeAt } from '../../lib/config/lookup.ts';
import type { ConfigNode } from '../../lib/config/types.ts';
import { readTextFile } from '../files/read-text.ts';

export const MAX_STUDIO_FILE_BYTES = 2 * 1024 * 1024;

const targetEntry = z.object({
  name: z.string().min(1).max(100),
  kind: z.enum(['local', 'slurm', 'ssh-processes']),
  // A host that starts with a dash would be an option to ssh.
  host: z
    .string()
    .regex(/^[^-\s][^\s]*$/)
    .nullable()
    .default(null),
  user: z
    .string()
    .regex(/^[^-\s][^\s]*$/)
    .nullable()
    .default(null),
  port: z.number().int().min(1).max(65_535).nullable().default(null),
  folder: z.string().nullable().default(null),
  /** The least time between two questions to the scheduler; sites that ask for patience say so. */
  pollSeconds: z.number().min(5).max(3600).nullable().default(null),
  /** Of a workstation: how many runs of the studio may work at once; as many as are launched when absent. */
  runsAtOnce: z.number().int().min(1).max(1000).nullable().default(null),
  gpusPerNode: z.number().int().min(0).max(64).nullable().default(null),
  partition: z.string().nullable().default(null),
  account: z.string().nullable().default(null),
  qos: z.string().nullable().default(null),
  walltime: z.string().nullable().default(null),
  modules: z
    .array(z.string())
    .nullable()
    .default(null)
    .transform((modules) => modules ?? []),
  python: z.string().nullable().default(null),
  conda: z.string().nullable().default(null),
  /** Lines of bash before the command of every job. */
  setup: z
    .string()
    .nullable()
    .default(null)
    .transform((lines) => lines ?? ''),
  container: z
    .object({
      runtime: z.enum(['apptainer', 'singularity', 'pyxis']),
      image: z.string().min(1),
      mounts: z
        .array(z.string())
        .nullable()
        .default(null)
        .transform((mounts) => mounts ?? []),
    })
    .nullable()
    .default(null),
  environment: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .nullable()
    .default(null)
    .transform((environment) => environment ?? {}),
});
export type TargetEntry = z.infer<typeof targetEntry>;

export interface TargetList {
  readonly targets: readonly TargetEntry[];
  readonly problems: readonly string[];
}

interface KnownList {
  readonly stamp: string;
  readonly list: TargetList;
}

/** Of each workspace as its studio.yaml was read last: whoever follows runs asks for it every second. */
const knownLists = new Map<string, KnownList>();

/** `root` is the workspace. A missing studio.yaml is a workspace without targets. */
export async function readTargets(root: string): Promise<TargetList> {
  const stamp = await stampOf(join(root, 'studio.yaml'));
  const known = knownLists.get(root);
  if (known?.stamp === stamp) return known.list;
  const list = await readList(root);
  // A file that is written while it is read is read once more.
  if (stamp !== '' && (await stampOf(join(root, 'studio.yaml'))) === stamp)
    knownLists.set(root, { stamp, list });
  return list;
}

/** Other whenever the file was replaced or changed; empty where there is none. Its change time moves with every write, whatever was set. */
async function stampOf(path: string): Promise<string> {
  return stat(path).then(
    ({ ctimeMs, mtimeMs, size, ino }) => `${ctimeMs} ${mtimeMs} ${size} ${ino}`,
    () => '',
  );
}

async function readList(root: string): Promise<TargetList> {
  const text = await readTextFile(join(root, 'studio.yaml'), MAX_STUDIO_FILE_BYTES).then(
    (file) => file.text,
    () => '',
  );
  const list = nodeAt(parseConfig(text).root, ['targets']);
  const targets: TargetEntry[] = [];
  const problems: string[] = [];
  for (const [index, item] of (list?.kind === 'list' ? list.items : []).entries()) {
    const parsed = targetEntry.safeParse(plain(item));
    const [issue] = parsed.error?.issues ?? [];
    if (!parsed.success)
      problems.push(`Target ${index + 1} of studio.yaml: ${issue?.path.join('.')}: ${issue?.message}`);
    else if (targets.some(({ name }) => name === parsed.data.name)) {
      problems.push(`Two targets of studio.yaml are called ${parsed.data.name}; the first one counts`);
    } else if (parsed.data.kind !== 'local' && parsed.data.host === null) {
      problems.push(`The target ${parsed.data.name} of studio.yaml has no host`);
    } else targets.push(parsed.data);
  }
  return { targets, problems };
}

function plain(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return typeof node.value === 'bigint' ? Number(node.value) : node.value;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries(
    node.entries.map(({ key, value }) => [key, value === null ? null : plain(value)]),
  );
}
