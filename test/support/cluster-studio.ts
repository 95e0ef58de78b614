// A studio with a workspace whose target `mini` is a cluster of the tests: launches, and waits for what becomes of them.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Run, RunId } from '../../core/api/runs.ts';
import {
  startTestCore,
  temporaryFolder,
  type TestClient,
  type TestCore,
  type TestFolder,
  waitFor,
  writeFiles,
} from './test-core.ts';

export interface ClusterStudio {
  readonly workspace: TestFolder;
  readonly client: TestClient;
  /** A run of the recipe Command: `script` is one of bash, with `$1` and so on from `words`. */
  launch(script: string, change?: { name?: string; resources?: object; after?: RunId }): Promise<Run>;
  now(id: RunId): Promise<Run>;
  /** The run once `check` holds. */
  until(id: RunId, check: (run: Run) => boolean, limitMs?: number): Promise<Run>;
  ends(id: RunId, limitMs?: number): Promise<Run>;
  read(run: Run, name: string): string;
  /** Ends the core as a kill would not: files stay, a new one takes over. */
  restart(whileGone?: () => Promise<void>): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** NESSO_SSH_CONFIG must name the cluster's configuration already. `settings`: more lines of the target in studio.yaml. */
export async function startClusterStudio(settings: readonly string[] = []): Promise<ClusterStudio> {
  const workspace = await temporaryFolder();
  await writeFiles(workspace.path, {
    'studio.yaml': [
      'name: team',
      'targets:',
      '- name: mini',
      '  kind: slurm',
      '  host: cluster',
      '  folder: ~/runs of the team',
      ...settings.map((line) => `  ${line}`),
      '',
    ].join('\n'),
  });
  const open = async (): Promise<TestCore> => {
    const core = await startTestCore();
    await core.client.workspace.open({ path: workspace.path });
    await core.client.targets.connect({ name: 'mini' });
    return core;
  };
  let core = await open();
  const now = async (id: RunId): Promise<Run> => {
    const found = (await core.client.runs.list()).find((run) => run.id === id);
    if (found) return found;
    throw new Error(`${id} is gone`);
  };
  const until = async (id: RunId, check: (run: Run) => boolean, limitMs = 150_000): Promise<Run> => {
    let seen: Run | null = null;
    try {
      return await waitFor(async () => {
        seen = await now(id);
        return check(seen) ? seen : null;
      }, limitMs);
    } catch {
      throw new Error(`It stayed ${JSON.stringify(seen)}`);
    }
  };
  return {
    workspace,
    get client() {
      return core.client;
    },
    launch: async (script, { name = 'test', resources = {}, after } = {}) =>
      whenSubmitted(
        core.client,
        await core.client.runs.launch({
          recipe: 'command',
          name,
          parameters: { command: `bash -c '${script}'` },
          target: 'mini',
          resources: { requeue: false, cpusPerTask: 1, ...resources },
          ...(after === undefined ? {} : { after }),
        }),
      ),
    now,
    until,
    ends: (id, limitMs = 150_000) => until(id, ({ end }) => end !== null, limitMs),
    read: (run, name) => {
      const path = join(workspace.path, run.folder, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    },
    async restart(whileGone) {
      await core[Symbol.asyncDispose]();
      await whileGone?.();
      core = await open();
    },
    async [Symbol.asyncDispose]() {
      await core[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

/** The run once it has its job: a controller that is busy for a while has the studio try again by itself. */
export function whenSubmitted(client: TestClient, { id }: Run): Promise<Run> {
  return waitFor(async () => {
    const run = (await client.runs.list()).find((candidate) => candidate.id === id);
    return run === undefined || (run.jobId === null && run.end === null) ? null : run;
  }, 180_000);
}

export function hashOfFile(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
