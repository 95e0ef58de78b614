// One checkpoint looked at closely, wherever it lies: whole or not, its files with their stamps, its tokenizer.
import { readdir, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import {
  parseStep,
  type RemoteFileLook,
  type StepLook,
  type StepQuestion,
  stepScript,
} from '../../lib/checkpoints/step-script.ts';
import { runInBackground } from '../targets/background-command.ts';
import type { Connection } from '../targets/connection.ts';
import { lookHere } from './look-here.ts';

/** A cold parallel file system takes its time over thousands of names. */
const TIMEOUT_MS = 120_000;
/** Folders below a checkpoint that hold no weights. */
const SKIPPED: ReadonlySet<string> = new Set(['optimizer', 'random', 'lr_scheduler']);
const MAX_FILES = 200_000;

/** Throws UNAVAILABLE without a connection or a whole answer. */
export async function lookThere(
  connection: Connection,
  question: StepQuestion,
  signal: AbortSignal,
): Promise<StepLook> {
  const { stdout, stderr } = await runInBackground(connection, stepScript(question), {
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const look = parseStep(new TextDecoder().decode(stdout));
  if (look !== null) return look;
  throw new StudioError('UNAVAILABLE', 'The checkpoint could not be looked at', {
    hint: 'Look again in a moment',
    detail: stderr,
  });
}

/** `path` is absolute on this computer. */
export async function lookAtStepHere(path: string, signal: AbortSignal): Promise<StepLook> {
  const real = await realpath(path).catch(() => null);
  if (real === null)
    return { path: null, checkpoint: null, files: [], tokenizer: null, canHash: false, refused: [] };
  const listing = await lookHere(dirname(real), await othersThan(real), signal);
  const refused: string[] = [];
  const files = await filesBelow(real, refused, signal);
  return {
    path: real,
    checkpoint: listing.looked.find(({ name }) => name === basename(real)) ?? null,
    files,
    tokenizer: null,
    canHash: false,
    refused,
  };
}

async function othersThan(path: string): Promise<readonly string[]> {
  const names = await readdir(dirname(path)).catch((): string[] => []);
  return names.filter((name) => name !== basename(path));
}

async function filesBelow(
  folder: string,
  refused: string[],
  signal: AbortSignal,
): Promise<readonly RemoteFileLook[]> {
  const found: RemoteFileLook[] = [];
  const waiting = [''];
  for (let below = waiting.pop(); below !== undefined && found.length < MAX_FILES; below = waiting.pop()) {
    signal.throwIfAborted();
    const here = below;
    const entries = await readdir(join(folder, here), { withFileTypes: true }).catch(() => {
      refused.push(join(folder, here));
      return [];
    });
    for (const entry of entries) {
      const path = here === '' ? entry.name : `${here}/${entry.name}`;
      const info = await stat(join(folder, path)).catch(() => null);
      if (info?.isDirectory() === true && !(here === '' && SKIPPED.has(entry.name))) waiting.push(path);
      if (info?.isFile() !== true) continue;
      const seconds = (ms: number) => Math.floor(ms / 1000);
      found.push({
        path,
        sizeBytes: info.size,
        stamp: `${info.size} ${seconds(info.mtimeMs)} ${seconds(info.ctimeMs)} ${info.ino}`,
      });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * The folder of a tokenizer on this computer, by what a config calls it: a path, a folder of the workspace, or a name of the hub
 * that some program downloaded before. Null when there is none.
 */
export async function findTokenizerHere(
  root: string,
  workingFolder: string,
  name: string | null,
): Promise<string | null> {
  if (name === null || name.includes('\0')) return null;
  const path = name.replace(/^~(?=\/|$)/, homedir());
  const hub =
    process.env['HF_HUB_CACHE'] ??
    join(process.env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface'), 'hub');
  const snapshots = join(hub, `models--${name.replaceAll('/', '--')}`, 'snapshots');
  const places = isAbsolute(path)
    ? [path]
    : [
        join(workingFolder, path),
        join(root, path),
        join(root, 'tokenizers', basename(path)),
        join(root, 'models', basename(path)),
        ...(await readdir(snapshots).catch((): string[] => [])).map((one) => join(snapshots, one)),
      ];
  for (const place of places) {
    for (const file of ['tokenizer.json', 'tokenizer.model']) {
      const info = await stat(join(place, file)).catch(() => null);
      if (info?.isFile() === true) return place;
    }
  }
  return null;
}
