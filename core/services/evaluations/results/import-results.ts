// Brings results into a workspace: copies them and their answers to evals/results/<name>/, unchanged, with a record of whose they
// are and of their hashes. A table that was pasted is kept as the text it was.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { grouped } from '../../../lib/evaluations/grouped.ts';
import { readTable } from '../../../lib/evaluations/reading/read-table.ts';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { IMPORT_FILE, type ImportRecord, readImportRecord } from './import-record.ts';
import { type FoundResults, readEvaluations } from './read-files.ts';

export interface ImportRequest {
  /** Absolute. */
  readonly paths: readonly string[];
  /** A table that was pasted; beside the paths. */
  readonly table: string | null;
  readonly model: string | null;
  readonly run: string | null;
  readonly step: number | null;
  /** Of the folder; from the model's name without one. */
  readonly name: string | null;
  /** Files with answers may be large: they can stay where they are. */
  readonly withAnswers: boolean;
}

export interface ImportedResults {
  /** In the workspace. */
  readonly folder: string;
  readonly model: string;
  readonly files: readonly string[];
  readonly results: number;
  /** The same bytes lay there already. */
  readonly alreadyThere: boolean;
}

export interface ImportOutcome {
  readonly imported: readonly ImportedResults[];
  readonly problems: readonly ReadingProblem[];
}

export const RESULTS_FOLDER = 'evals/results';

/** One folder a result file. Throws INVALID_INPUT when nothing there is a result. */
export async function importResults(
  root: string,
  request: ImportRequest,
  signal?: AbortSignal,
): Promise<ImportOutcome> {
  const found = await readEvaluations(request.paths, { model: request.model, signal });
  const imported: ImportedResults[] = [];
  const problems = [...found.problems];
  const byFile = [...grouped(found.results, ({ file }) => file)];
  for (const [file, results] of byFile) {
    signal?.throwIfAborted();
    const model = request.model ?? results[0]?.model ?? 'unknown';
    const answers = request.withAnswers ? await answersBeside(file) : [];
    if (request.withAnswers) problems.push(...(await listsBeside(file, results)));
    const name = request.name ?? sanitised(model);
    const folder =
      byFile.length === 1 ? name : `${name}-${sanitised(basename(file, '.json').replace(/^results_?/, ''))}`;
    imported.push({
      ...(await copyIn({ root, name: folder }, [file, ...answers], request, signal)),
      model,
      results: results.length,
    });
  }
  if (request.table !== null) {
    const one = await importTable(root, request.table, request);
    imported.push(...one.imported);
    problems.push(...one.problems);
  }
  if (imported.length === 0) throw nothingThere(found, problems);
  return { imported, problems };
}

async function importTable(root: string, text: string, request: ImportRequest): Promise<ImportOutcome> {
  const { results, problems } = readTable(text, { path: 'table.txt', sha256: null }, request.model);
  if (results.length === 0) return { imported: [], problems };
  const model = request.model ?? results[0]?.model ?? 'unknown';
  const sha256 = createHash('sha256').update(text).digest('hex');
  const fileName = `table-${sha256.slice(0, 8)}.txt`;
  const name = request.name ?? sanitised(model);
  const folder = join(root, RESULTS_FOLDER, name);
  const record = await recordFor(folder, name, request, [{ name: fileName, sha256 }]);
  const shown = { folder: `${RESULTS_FOLDER}/${name}`, model, files: [fileName], results: results.length };
  if (record === null) return { imported: [{ ...shown, alreadyThere: true }], problems };
  await writeFileAtomic(join(folder, fileName), text);
  await writeRecord(folder, record);
  return { imported: [{ ...shown, alreadyThere: false }], problems };
}

async function copyIn(
  { root, name }: { readonly root: string; readonly name: string },
  files: readonly string[],
  request: ImportRequest,
  signal: AbortSignal | undefined,
): Promise<Pick<ImportedResults, 'folder' | 'files' | 'alreadyThere'>> {
  const folder = join(root, RESULTS_FOLDER, name);
  const hashed: { name: string; sha256: string }[] = [];
  for (const file of files) hashed.push({ name: basename(file), sha256: await hashOf(file, signal) });
  const names = hashed.map((file) => file.name);
  const shown = { folder: `${RESULTS_FOLDER}/${name}`, files: names };
  const record = await recordFor(folder, name, request, hashed);
  if (record === null) return { ...shown, alreadyThere: true };
  await makeFolder(folder);
  for (const file of files) {
    const target = join(folder, basename(file));
    if (target === file) continue;
    const part = `${target}.part`;
    try {
      await copyFile(file, part);
      await rename(part, target);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }
  await writeRecord(folder, record);
  return { ...shown, alreadyThere: false };
}

/** With the files that lie there already. Null when all are there with the same bytes; ALREADY_EXISTS for others under a name. */
async function recordFor(
  folder: string,
  name: string,
  { model, run, step }: ImportRequest,
  files: ImportRecord['files'],
): Promise<ImportRecord | null> {
  const there = await readImportRecord(join(folder, IMPORT_FILE));
  const known = new Map(there?.files.map((file) => [file.name, file.sha256]));
  const isOther = files.some((file) => known.has(file.name) && known.get(file.name) !== file.sha256);
  if (isOther) {
    throw new StudioError(
      'ALREADY_EXISTS',
      `${RESULTS_FOLDER}/${name} holds other results under the same name`,
      {
        hint: 'Give these another --name',
        path: folder,
      },
    );
  }
  const asked = {
    model: model ?? there?.model ?? null,
    run: run ?? there?.run ?? null,
    step: step ?? there?.step ?? null,
  };
  const isSame =
    there !== null && there.model === asked.model && there.run === asked.run && there.step === asked.step;
  if (isSame && files.every((file) => known.has(file.name))) return null;
  const added = files.filter((file) => !known.has(file.name));
  return { format: 1, ...asked, files: [...(there?.files ?? []), ...added] };
}

const writeRecord = (folder: string, record: ImportRecord) =>
  writeFileAtomic(join(folder, IMPORT_FILE), `${JSON.stringify(record, null, 2)}\n`);

/** What lm-eval wrote at the same time; the details of lighteval stay where they are. */
async function answersBeside(file: string): Promise<readonly string[]> {
  const time = /^results_(.+)\.json$/.exec(basename(file))?.[1];
  if (time === undefined) return [];
  const names = await readdir(dirname(file));
  return names
    .filter((name) => name.startsWith('samples_') && name.endsWith(`_${time}.jsonl`))
    .toSorted()
    .map((name) => join(dirname(file), name));
}

/** The Portuguese fork writes results.json and, of each task, one list of answers instead of lines: those are not taken along. */
async function listsBeside(
  file: string,
  results: readonly { readonly task: string }[],
): Promise<readonly ReadingProblem[]> {
  if (basename(file) !== 'results.json') return [];
  const tasks = [...new Set(results.map(({ task }) => task))];
  const lists = (await readdir(dirname(file))).filter((name) =>
    tasks.some((task) => name.endsWith(`_${task}.jsonl`)),
  );
  if (lists.length === 0) return [];
  const [are, were] = lists.length === 1 ? ['is a list', 'was'] : ['are lists', 'were'];
  return [
    {
      path: basename(file),
      where: '',
      text: `The answers beside it ${are} as the Portuguese fork writes them, and ${were} left there: the recipe Evaluate in Portuguese keeps them as lines`,
    },
  ];
}

async function hashOf(path: string, signal: AbortSignal | undefined): Promise<string> {
  if (!(await stat(path)).isFile()) {
    throw new StudioError('INVALID_INPUT', `${basename(path)} is no file`, {
      hint: 'Name a results file',
      path,
    });
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, signal === undefined ? {} : { signal }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}

const MAX_NAME = 100;

/** As a folder may be called on every system. */
function sanitised(name: string): string {
  const plain = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '')
    .slice(0, MAX_NAME);
  return plain === '' ? 'results' : plain;
}

function nothingThere(found: FoundResults, problems: readonly ReadingProblem[]): StudioError {
  const [first] = problems;
  return new StudioError(
    'INVALID_INPUT',
    found.files === 0 && first === undefined
      ? 'No results are there'
      : `No results could be read: ${first?.text ?? ''}`,
    {
      hint: 'Results of lm-eval and lighteval are files results_….json; a printed table can be given as text',
      ...(first === undefined ? {} : { path: first.path }),
    },
  );
}
