// The checkpoints and runs of a workspace, as far as results may belong to them: what was pulled, what runs have saved, and where.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Places, RunPlace } from '../../../lib/evaluations/evaluated-model.ts';
import type { RunRecord } from '../../../lib/runs/run-files.ts';
import { readMemory } from '../../checkpoints/service.ts';
import { listLives } from '../../checkpoints/life-store.ts';
import { readRecord } from '../../runs/run-facts.ts';

/** A workspace lists no more runs. */
const MAX_RUNS = 5000;

/** Damaged files are left out: they are named where runs and checkpoints are shown. */
export async function readPlaces(root: string, signal?: AbortSignal): Promise<Places> {
  return createPlaceReader()(root, signal);
}

/** Reads a run again only when its record, or what is known of its checkpoints, changed. */
export function createPlaceReader(): (root: string, signal?: AbortSignal) => Promise<Places> {
  let known = new Map<string, { readonly stamp: string; readonly run: RunPlace }>();
  return async (root, signal) => {
    const next = new Map<string, { readonly stamp: string; readonly run: RunPlace }>();
    const folders = await readdir(join(root, 'runs'), { withFileTypes: true }).catch(() => []);
    for (const entry of folders.slice(0, MAX_RUNS)) {
      if (!entry.isDirectory()) continue;
      signal?.throwIfAborted();
      const stamp = await stampOf(root, entry.name);
      const before = known.get(entry.name);
      const run = before?.stamp === stamp ? before.run : await readRun(root, entry.name);
      if (run !== null) next.set(entry.name, { stamp, run });
    }
    known = next;
    const runs = new Map([...known].map(([id, { run }]) => [id, run]));
    for (const life of await listLives(root, null)) {
      const { runId, runName, step, tokens, source, models } = life;
      const run = runs.get(runId) ?? { id: runId, name: runName, folders: [], checkpoints: [] };
      const saved = run.checkpoints.find((one) => one.step === step);
      const place = { step, tokens: tokens ?? saved?.tokens ?? null, path: source.path, models };
      runs.set(runId, {
        ...run,
        checkpoints: [...run.checkpoints.filter((one) => one.step !== step), place],
      });
    }
    return { root, runs };
  };
}

async function readRun(root: string, id: string): Promise<RunPlace | null> {
  const record = await readRecord(root, id).catch(() => null);
  if (record === null) return null;
  const saved = await readMemory(root, id);
  return {
    id,
    name: record.name,
    folders: saved.folders,
    evaluates: evaluated(record.evaluates),
    checkpoints: saved.checkpoints.map(({ step, tokens, path }) => ({ step, tokens, path, models: [] })),
  };
}

const evaluated = (job: RunRecord['evaluates']): { readonly run: string; readonly step: number } | null =>
  job === null || job.run === null || job.step === null ? null : { run: job.run, step: job.step };

async function stampOf(root: string, id: string): Promise<string> {
  const paths = [join(root, 'runs', id, 'run.json'), join(root, '.studio', 'checkpoints', `${id}.json`)];
  const parts = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (info) => `${info.mtimeMs}:${info.size}:${info.ino}`,
        () => '-',
      ),
    ),
  );
  return `${root} ${parts.join(' ')}`;
}
