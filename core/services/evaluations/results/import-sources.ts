// What a person brings in: paths of this computer, files whose text the window has, and a pasted table. Shown before it is saved.
import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ImportPreview } from '../../../api/evaluations.ts';
import { StudioError } from '../../../api/errors.ts';
import { checkpointNamed } from '../../../lib/evaluations/checkpoint-of.ts';
import { readTable } from '../../../lib/evaluations/reading/read-table.ts';
import type { EvaluationResult, ReadingProblem } from '../../../lib/evaluations/result.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { plainName } from '../../files/plain-name.ts';
import { expandPath } from '../../workspace/browse.ts';
import { readPlaces } from './checkpoint-places.ts';
import { importResults } from './import-results.ts';
import { readEvaluations } from './read-files.ts';

export interface BroughtSources {
  readonly paths: readonly string[];
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly table: string | null;
  readonly model: string | null;
}

/** Enough to see that it was read as it was meant. */
const SHOWN_RESULTS = 500;

export async function previewSources(
  root: string,
  sources: BroughtSources,
  signal?: AbortSignal,
): Promise<ImportPreview> {
  return withPaths(root, sources, async (paths) => {
    const found = await readEvaluations(paths, { model: sources.model, signal });
    const table =
      sources.table === null
        ? { results: [], problems: [] }
        : readTable(sources.table, { path: 'the pasted table', sha256: null }, sources.model);
    const results: readonly EvaluationResult[] = [...found.results, ...table.results].map((result) =>
      sources.model === null ? result : { ...result, model: sources.model },
    );
    const problems: ReadingProblem[] = [...found.problems, ...table.problems];
    const models = [...new Set(results.map(({ model }) => model))];
    const { runs } = await readPlaces(root, signal);
    const [only] = models;
    return {
      results: results.slice(0, SHOWN_RESULTS).map((result) => ({
        model: result.model,
        task: result.task,
        metric: result.metric,
        filter: result.filter,
        shots: result.shots,
        value: result.value,
        standardError: result.standardError,
        samples: result.samples,
      })),
      count: results.length,
      files: found.files + (table.results.length > 0 ? 1 : 0),
      harnesses: [...new Set(results.map(({ harness }) => harness))],
      models,
      named: only === undefined || models.length > 1 ? null : checkpointNamed(only, (id) => runs.has(id)),
      problems,
    };
  });
}

export async function importSources(
  root: string,
  sources: BroughtSources & {
    readonly run: string | null;
    readonly step: number | null;
    readonly name: string | null;
    readonly withAnswers: boolean;
  },
  signal?: AbortSignal,
) {
  return withPaths(root, sources, async (paths) => {
    const { imported, problems } = await importResults(root, { ...sources, paths }, signal);
    return {
      imported: imported.map((one) => ({ ...one, files: [...one.files] })),
      problems: [...problems],
    };
  });
}

/** Texts are laid aside in the workspace's own folder for caches for as long as `work` takes. */
async function withPaths<T>(
  root: string,
  { paths, files }: BroughtSources,
  work: (paths: readonly string[]) => Promise<T>,
): Promise<T> {
  const given = paths.map((path) => expandPath(path));
  if (files.length === 0) return work(given);
  const folder = join(root, '.studio', 'imports', randomBytes(6).toString('hex'));
  await makeFolder(folder);
  try {
    const named: string[] = [];
    for (const { name, text } of files) {
      const path = join(folder, plainName(name));
      await writeFile(path, text, { flag: 'wx' }).catch((error: unknown) => {
        throw new StudioError('INVALID_INPUT', `Two of the files are called ${basename(path)}`, {
          hint: 'Bring files of one name one after another',
          cause: error,
        });
      });
      // Answers are found beside their results.
      if (!/^samples_.*\.jsonl$/.test(plainName(name))) named.push(path);
    }
    return await work([...given, ...named]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
