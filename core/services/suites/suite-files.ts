// Suites as files: suites/<name>.yaml or .jsonl of a workspace, and the shipped examples.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SuiteFile } from '../../api/suites.ts';
import { StudioError } from '../../api/errors.ts';
import { fileSafeName } from '../../lib/annotations/campaign.ts';
import { MAX_SUITE_BYTES, readSuite, type SuiteFormat } from '../../lib/suites/read-suite.ts';
import type { Suite } from '../../lib/suites/suite.ts';
import { makeFolder } from '../files/make-folder.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { exists } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

export const SUITE_FOLDER = 'suites';
const MAX_SUITES = 500;
const endings: readonly (readonly [string, SuiteFormat])[] = [
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.jsonl', 'jsonl'],
];

interface Place {
  readonly name: string;
  readonly file: string;
  readonly format: SuiteFormat;
}

/** Of two files with one name the first ending counts. Names that no link can hold are left out. */
async function placesIn(folder: string): Promise<readonly Place[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = new Map<string, Place>();
  for (const [ending, format] of endings) {
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith(ending)) continue;
      const name = entry.name.slice(0, -ending.length);
      if (!fileSafeName.safeParse(name).success || found.has(name)) continue;
      found.set(name, { name, file: entry.name, format });
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MAX_SUITES);
}

export async function suiteNames(root: string): Promise<readonly string[]> {
  return (await placesIn(await resolveInside(root, SUITE_FOLDER))).map(({ name }) => name);
}

/** NOT_FOUND, or what reading a text file throws. A suite with problems is read all the same. */
export async function readSuiteFile(root: string, name: string): Promise<SuiteFile> {
  const places = await placesIn(await resolveInside(root, SUITE_FOLDER));
  const place = places.find((one) => one.name === name);
  if (!place) {
    throw new StudioError('NOT_FOUND', `There is no suite ${name}`, {
      hint:
        places.length === 0
          ? 'Add the shipped examples, or put a YAML file into suites/'
          : `There are: ${places.map((one) => one.name).join(', ')}`,
    });
  }
  const path = `${SUITE_FOLDER}/${place.file}`;
  const file = await readTextFile(await resolveInside(root, path), MAX_SUITE_BYTES);
  return {
    name,
    path,
    format: place.format,
    text: file.text,
    version: file.version,
    ...checked(file.text, place.format, name),
  };
}

export function checked(
  text: string,
  format: SuiteFormat,
  name: string,
): Pick<SuiteFile, 'suite' | 'problems'> {
  const read = readSuite(text, format, name);
  return read.kind === 'suite'
    ? { suite: read.suite, problems: [] }
    : { suite: null, problems: [...read.problems] };
}

/** INVALID_INPUT that names the first problem and its line. */
export function requireSuite(file: SuiteFile): Suite {
  if (file.suite !== null) return file.suite;
  const [first] = file.problems;
  const where = first?.line === null || first === undefined ? '' : ` (line ${first.line})`;
  const more = file.problems.length > 1 ? `, and ${file.problems.length - 1} more` : '';
  throw new StudioError(
    'INVALID_INPUT',
    `${file.path} cannot be used: ${first?.message ?? 'it is empty'}${where}${more}`,
    {
      hint: 'Mend the suite in its editor; docs and the shipped examples show what it may hold',
      path: file.path,
    },
  );
}

/** CONFLICT when the file changed since `basedOn` was read; null for a new one. */
export async function saveSuiteFile(
  root: string,
  own: {
    readonly suite: string;
    readonly format: SuiteFormat;
    readonly text: string;
    readonly basedOn: string | null;
  },
): Promise<SuiteFile> {
  const places = await placesIn(await resolveInside(root, SUITE_FOLDER));
  const known = places.find((one) => one.name === own.suite);
  const file = known?.format === own.format ? known.file : `${own.suite}.${own.format}`;
  const path = await resolveInside(root, `${SUITE_FOLDER}/${file}`);
  await makeFolder(await resolveInside(root, SUITE_FOLDER));
  await withFileLock(root, path, async () => {
    const now = await readTextFile(path, MAX_SUITE_BYTES).catch(() => null);
    if (now !== null && now.version !== own.basedOn) {
      throw new StudioError('CONFLICT', `suites/${file} has changed on disk`, {
        hint: 'Open it again and repeat the change, or save under another name',
        path,
      });
    }
    await writeFileAtomic(path, own.text);
  });
  return readSuiteFile(root, own.suite);
}

/** Copies what is shipped into the workspace; files that are there stay as they are. */
export async function addExamples(root: string, appFolder: string): Promise<readonly string[]> {
  const shipped = join(appFolder, 'resources', 'sample-workspace', SUITE_FOLDER);
  const there = new Set(await suiteNames(root));
  const added: string[] = [];
  for (const { name, file } of await placesIn(shipped)) {
    const target = await resolveInside(root, `${SUITE_FOLDER}/${file}`);
    if (there.has(name) || (await exists(target))) continue;
    const { text } = await readTextFile(join(shipped, file), MAX_SUITE_BYTES);
    await writeFileAtomic(target, text);
    added.push(name);
  }
  return added;
}
