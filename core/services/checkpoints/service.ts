// The checkpoints of runs: asked of this computer's folders when somebody wants to know, and of targets once a poll of their scheduler.
// What a target said last is kept, so that the list is there while it is not connected.
import { mkdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { type CheckpointList, checkpointList } from '../../api/checkpoints.ts';
import { listingScript, parseListing } from '../../lib/checkpoints/listing-script.ts';
import { knownNames, mergeListing, NO_CHECKPOINTS } from '../../lib/checkpoints/merge-listing.ts';
import { checkpointFolder } from '../../lib/recipes/resume.ts';
import type { RunRecord } from '../../lib/runs/run-files.ts';
import type { CoreContext } from '../context.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { type RecipeCatalogue, readRecipes } from '../runs/recipes.ts';
import { factsOf, readRecord } from '../runs/run-facts.ts';
import { runInBackground } from '../targets/background-command.ts';
import type { Connection } from '../targets/connection.ts';
import { lookHere } from './look-here.ts';

const TIMEOUT_MS = 60_000;

export interface CheckpointService {
  /** Looks now where the run is on this computer. */
  list(id: string, signal?: AbortSignal): Promise<CheckpointList>;
  /** One question about all these runs of a target. Throws what the connection throws. */
  askTarget(connection: Connection, ids: readonly string[]): Promise<void>;
}

export function createCheckpointService(context: CoreContext): CheckpointService {
  const root = () => context.workspace.require().path;
  /** A slow file system must not be asked again while it still answers. */
  const asking = new WeakSet<Connection>();
  /** As its recipe says, which is what a run goes on from; else as its config does. */
  const folderOf = async (record: RunRecord, catalogue: RecipeCatalogue): Promise<string | null> => {
    const rule = catalogue.recipes.find(({ id }) => id === record.recipe)?.resume;
    const { parameters, config } = record;
    const said =
      rule?.kind === 'checkpoint'
        ? checkpointFolder(rule, { parameters, config: config?.text ?? null })
        : null;
    return said ?? (await factsOf(root(), record, await context.settings.read())).checkpointFolder;
  };
  const catalogueNow = () => readRecipes(context.options.appFolder, root());

  return {
    async list(id, signal) {
      const record = await readRecord(root(), id);
      const before = await readMemory(root(), id);
      if (record.remote !== null && before.lookedMs !== null) return before;
      const folder = await folderOf(record, await catalogueNow());
      if (record.remote !== null) {
        const unasked = folder === null ? NO_FOLDER : 'Its target was not asked yet';
        return { ...before, problem: before.problem ?? unasked };
      }
      const paths = await placesHere(root(), record, folder);
      let best: CheckpointList = { ...NO_CHECKPOINTS, lookedMs: Date.now(), problem: NO_FOLDER };
      for (const path of paths) {
        const list = mergeListing(before, await lookHere(path, knownNames(before), signal), Date.now());
        if (list.folders.length > 0 && list.checkpoints.length >= best.checkpoints.length) best = list;
      }
      await writeMemory(root(), id, best).catch(() => undefined);
      return best;
    },
    async askTarget(connection, ids) {
      if (asking.has(connection)) return;
      asking.add(connection);
      try {
        await ask(connection, ids);
      } finally {
        asking.delete(connection);
      }
    },
  };

  async function ask(connection: Connection, ids: readonly string[]): Promise<void> {
    const asked: { id: string; before: CheckpointList; folder: string; base: string }[] = [];
    const catalogue = await catalogueNow();
    for (const id of ids) {
      const record = await readRecord(root(), id).catch(() => null);
      const folder = record === null ? null : await folderOf(record, catalogue);
      if (record?.remote == null || folder === null) continue;
      asked.push({ id, before: await readMemory(root(), id), folder, base: record.remote.folder });
    }
    if (asked.length === 0) return;
    const script = listingScript(
      asked.map(({ folder, base, before }) => ({ folder, base, known: knownNames(before) })),
    );
    const { exitCode, stdout } = await runInBackground(connection, script, { timeoutMs: TIMEOUT_MS });
    if (exitCode !== 0) return;
    const listings = parseListing(new TextDecoder().decode(stdout), asked.length);
    for (const [index, { id, before }] of asked.entries()) {
      const listing = listings[index];
      if (listing) await writeMemory(root(), id, mergeListing(before, listing, Date.now()));
    }
  }
}

const NO_FOLDER = 'Its config does not say where it saves checkpoints';

/** Where the config says; the run's own folder where it says nothing. */
async function placesHere(
  root: string,
  record: RunRecord,
  folder: string | null,
): Promise<readonly string[]> {
  const own = join(root, 'runs', record.id);
  if (folder === null) return [join(own, 'checkpoints'), own];
  const path = folder.replace(/^~(?=\/|$)/, homedir());
  const workingFolder = isAbsolute(record.workingFolder) ? record.workingFolder : own;
  return [isAbsolute(path) ? path : join(workingFolder, path)];
}

function memoryPath(root: string, id: string): string {
  return join(root, '.studio', 'checkpoints', `${id}.json`);
}

/** The one before the first look when there is none, or it is damaged. */
export async function readMemory(root: string, id: string): Promise<CheckpointList> {
  try {
    return checkpointList.parse(JSON.parse(await readFile(memoryPath(root, id), 'utf8')));
  } catch {
    return NO_CHECKPOINTS;
  }
}

async function writeMemory(root: string, id: string, list: CheckpointList): Promise<void> {
  const path = memoryPath(root, id);
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomic(path, JSON.stringify(list));
}
