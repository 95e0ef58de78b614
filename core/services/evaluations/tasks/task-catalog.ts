// Everything that can be evaluated here, by name: benchmarks that are built in, tasks that come with the studio, tasks of the
// workspace, and groups of all of them.
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { CHOICE_TASK_NAMES, choiceTask } from '../../../lib/evaluations/tasks/choice-tasks.ts';
import { benchmark, benchmarkGroup, LISTED_BENCHMARKS } from '../../../lib/evaluations/tasks/benchmarks.ts';
import { ofChoiceTask } from '../../../lib/evaluations/tasks/choice-task.ts';
import { ofDefinition } from '../../../lib/evaluations/tasks/defined-task.ts';
import { ifevalTask } from '../../../lib/evaluations/tasks/ifeval-task.ts';
import type { GroupMetric } from '../../../lib/evaluations/tasks/task-scores.ts';
import { type LocalTask, type TaskQuestion, TemplateFault } from '../../../lib/evaluations/tasks/task.ts';
import { loadLanguageIdentifier } from '../ifeval/language-identifier.ts';
import type { OpenEngine } from './read-rows.ts';
import { filesOfBenchmark, filesOfDefinition, noData, readAllRows, type TaskFiles } from './task-data.ts';
import { SHIPPED_TASKS, type TaskFile, taskFilesIn, TASKS_FOLDER } from './task-files.ts';

export type TaskOrigin = 'benchmark' | 'shipped' | 'workspace';

export interface CatalogEntry {
  readonly name: string;
  readonly origin: TaskOrigin;
  /** Null for what is built in. */
  readonly file: TaskFile | null;
}

export interface CatalogPlace {
  readonly appFolder: string;
  /** Null for the command line outside of a workspace. */
  readonly root: string | null;
}

/** A task with where its rows are. */
export interface FoundTask {
  readonly task: LocalTask;
  readonly files: TaskFiles | null;
  /** What to say when there are none. */
  readonly missing: StudioError;
  /** To download where the rows are not here; null where that is no data set of the hub. */
  readonly repository: {
    readonly name: string;
    readonly config: string | null;
    readonly splits: readonly string[];
  } | null;
}

export interface FoundGroup {
  readonly name: string;
  readonly version: number | string;
  readonly tasks: readonly string[];
  readonly metrics: readonly GroupMetric[];
}

export async function taskFilesOf({ appFolder, root }: CatalogPlace, signal?: AbortSignal) {
  const shipped = await taskFilesIn(join(appFolder, SHIPPED_TASKS), signal);
  const own = root === null ? [] : await taskFilesIn(join(root, TASKS_FOLDER), signal);
  return { shipped, own };
}

/** One entry a name; a task of the workspace stands in the place of one that comes along. */
export async function listEntries(
  place: CatalogPlace,
  signal?: AbortSignal,
): Promise<readonly CatalogEntry[]> {
  const { shipped, own } = await taskFilesOf(place, signal);
  const entries = new Map<string, CatalogEntry>();
  for (const name of LISTED_BENCHMARKS) entries.set(name, { name, origin: 'benchmark', file: null });
  for (const [origin, files] of [
    ['shipped', shipped],
    ['workspace', own],
  ] as const) {
    for (const file of files) {
      const name = file.definition?.name ?? file.shown;
      entries.set(name, { name, origin, file });
    }
  }
  return [...entries.values()];
}

/** A group's name, or a tag that several tasks carry; null for a task. Throws INVALID_INPUT for a name that is neither. */
export async function findGroup(place: CatalogPlace, name: string): Promise<FoundGroup | null> {
  const { shipped, own } = await taskFilesOf(place);
  const files = [...own, ...shipped];
  const defined = files.find(({ definition }) => definition?.name === name)?.definition;
  if (defined?.kind === 'group') return defined;
  if (defined) return null;
  const builtIn = benchmarkGroup(name);
  if (builtIn !== null) return builtIn;
  if (benchmark(name) !== null) return null;
  const tagged = files.flatMap(({ definition }) =>
    definition?.kind === 'task' && definition.tags.includes(name) ? [definition.name] : [],
  );
  if (tagged.length > 0) return { name, version: 0, tasks: [...new Set(tagged)], metrics: [] };
  const broken = files.find(({ definition, shown }) => definition === null && shown === name);
  if (broken) {
    const [first] = broken.problems.filter(({ isFatal }) => isFatal);
    const line = first?.line == null ? '' : `, line ${first.line}`;
    throw new StudioError(
      'INVALID_INPUT',
      `${first?.path ?? broken.shown}${line}: ${first?.text ?? 'it is no task'}`,
      {
        hint: 'Only the declarative part of the format can be run here',
        path: broken.path,
      },
    );
  }
  throw new StudioError('INVALID_INPUT', `${name} is no task that can be run here`, {
    hint: `There are ${CHOICE_TASK_NAMES}, mmlu, ifeval, ifeval_it, and task files in ${TASKS_FOLDER}/`,
  });
}

/** Throws INVALID_INPUT. */
export async function findTask(place: CatalogPlace, name: string): Promise<FoundTask> {
  const { shipped, own } = await taskFilesOf(place);
  for (const file of [...own, ...shipped]) {
    const { definition } = file;
    if (definition?.kind !== 'task' || definition.name !== name) continue;
    const { data } = definition;
    const isHub = /^[\w.-]+\/[\w.-]+$/.test(data.path);
    return {
      task: ofDefinition(definition),
      files: await filesOfDefinition(data, { root: place.root, taskFile: file.path }),
      missing: isHub
        ? noData(name, { repository: data.path, config: data.name })
        : new StudioError('NOT_FOUND', `The files with the questions of ${name} are not there`, {
            hint: 'Its data_files are looked for beside the task file and in the workspace',
            path: file.path,
          }),
      repository: isHub
        ? {
            name: data.path,
            config: data.name,
            splits: [data.testSplit, data.exampleSplit].filter((one): one is string => one !== null),
          }
        : null,
    };
  }
  const known = benchmark(name);
  const choice = choiceTask(name);
  if (known === null)
    throw (
      (await findGroup(place, name),
      new StudioError('INVALID_INPUT', `${name} is a group`, { hint: 'Name its tasks' }))
    );
  const { data } = known;
  const task =
    choice === null
      ? ifevalTask(name, {
          language: name.endsWith('_it') ? 'it' : 'en',
          languages: await loadLanguageIdentifier(),
        })
      : ofChoiceTask(choice);
  return {
    task,
    files: place.root === null ? null : await filesOfBenchmark(place.root, data),
    missing: noData(name, data),
    repository: {
      name: data.repository,
      config: data.config,
      splits: [data.questions, ...(data.examples === null ? [] : [data.examples])],
    },
  };
}

export interface PreparedQuestions {
  readonly questions: readonly TaskQuestion[];
  readonly examples: readonly TaskQuestion[];
  /** Of the whole test set. */
  readonly available: number;
  /** Rows that are none of this task. */
  readonly leftOut: number;
}

/** Throws INVALID_INPUT for too few examples, and for a template that fails on a row. */
export async function prepareQuestions(
  { task, files, missing }: FoundTask,
  options: { readonly shots: number; readonly limit: number | null },
  openEngine: OpenEngine,
  signal?: AbortSignal,
): Promise<PreparedQuestions> {
  if (files === null) throw missing;
  if (options.shots > 0 && task.noShots !== null) {
    throw new StudioError('INVALID_INPUT', `${task.name} can be run without examples only`, {
      hint: task.noShots,
    });
  }
  const rows = await readAllRows(files.questions, openEngine, signal);
  const all = questionsOf(task, rows);
  const isSame = files.examples.join('\n') === files.questions.join('\n');
  let examples: readonly TaskQuestion[] = [];
  if (options.shots > 0) {
    const from = isSame ? all : questionsOf(task, await readAllRows(files.examples, openEngine, signal));
    examples = from.slice(0, options.shots);
    if (examples.length < options.shots) {
      throw new StudioError(
        'INVALID_INPUT',
        `${task.name} has ${examples.length} examples here, not ${options.shots}`,
        {
          hint: 'Ask for fewer, or name a file with its examples',
        },
      );
    }
    if (isSame)
      throw new StudioError('INVALID_INPUT', `The examples of ${task.name} are its questions`, {
        hint: 'Give the task a fewshot_split of its own',
      });
  }
  const questions = all.slice(0, options.limit ?? all.length);
  return { questions, examples, available: all.length, leftOut: rows.length - all.length };
}

function questionsOf(task: LocalTask, rows: readonly unknown[]): readonly TaskQuestion[] {
  return rows.flatMap((row, index) => {
    try {
      const question = task.questionOf(row);
      // Also says that the right choice is one of them.
      question?.ask('');
      return question === null ? [] : [question];
    } catch (error) {
      if (!(error instanceof TemplateFault)) throw error;
      throw new StudioError('INVALID_INPUT', `Row ${index + 1} of ${task.name}: ${error.message}`, {
        hint: 'Templates may use the columns of the data',
      });
    }
  });
}
