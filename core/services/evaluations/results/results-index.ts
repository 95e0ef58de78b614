// The results of the open workspace, read once each: a file is read again only when it changed. One index a core; whoever needs results
// asks it. Holds numbers, never answers.
import { basename, join } from 'node:path';
import type { EvaluatedModel } from '../../../api/evaluations.ts';
import { comparabilityKey } from '../../../lib/evaluations/comparability.ts';
import { evaluatedModel, type Places } from '../../../lib/evaluations/evaluated-model.ts';
import { samplesFileName } from '../../../lib/evaluations/reading/read-sample.ts';
import type { ReferenceTable } from '../../../lib/evaluations/reference.ts';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import type { CoreContext } from '../../context.ts';
import { createSignalBus, type SignalBus } from '../../signal-bus.ts';
import { createPlaceReader } from './checkpoint-places.ts';
import { findResultFiles, type ResultFile } from './find-result-files.ts';
import { type FoundResult, readResultFile } from './read-files.ts';
import { findAnswers } from './read-scores.ts';
import { stepOfJob } from './job-of-results.ts';
import { readReferenceTables } from './references.ts';

export interface ResultsIndex {
  /** Looks for what changed since the last call, then all results; `source.path` is a path of the workspace. */
  results(signal?: AbortSignal): Promise<readonly FoundResult[]>;
  /** The same with what could not be read. */
  read(signal?: AbortSignal): Promise<ResultsState>;
  /** Whose result it is; of one that `results` gave. */
  modelOf(result: FoundResult): EvaluatedModel;
  /** Whether the answers to its questions lie beside it. */
  hasAnswers(result: FoundResult): boolean;
  /** The published tables that come with the studio. */
  references(): Promise<readonly ReferenceTable[]>;
  /** A greater version each time results came, changed or went; while somebody listens, the files are watched. */
  readonly changes: SignalBus<number>;
  /** Looks regularly until the returned function is called. */
  watch(): () => void;
  dispose(): Promise<void>;
}

export interface ResultsState {
  readonly version: number;
  readonly files: number;
  readonly results: readonly FoundResult[];
  readonly problems: readonly ReadingProblem[];
}

interface KnownFile {
  readonly stamp: string;
  readonly results: readonly FoundResult[];
  readonly problems: readonly ReadingProblem[];
}

/** Outputs of jobs are not watched by the system: they are looked at this often while somebody looks at results. */
const LOOK_EVERY_MS = 3_000;
/** A burst of files is looked at once. */
const SOON_MS = 150;
/** Files that wait for the disk together. */
const AT_ONCE = 8;

const indexes = new WeakMap<CoreContext, ResultsIndex>();

/** The index of this core: everybody gets the same. */
export function openResults(context: CoreContext): ResultsIndex {
  const known = indexes.get(context) ?? createIndex(context);
  indexes.set(context, known);
  return known;
}

function createIndex(context: CoreContext): ResultsIndex {
  const changes = createSignalBus<number>();
  const readPlaces = createPlaceReader();
  let root: string | null = null;
  let known = new Map<string, KnownFile>();
  let files = new Map<string, ResultFile>();
  let places: Places = { root: '', runs: new Map() };
  let models = new WeakMap<FoundResult, EvaluatedModel>();
  let withDetails = new WeakSet<FoundResult>();
  let state: ResultsState = { version: 0, files: 0, results: [], problems: [] };
  let digest = '';
  let looking: Promise<ResultsState> | null = null;
  let references: Promise<readonly ReferenceTable[]> | null = null;
  let watchers = 0;
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;

  const readOne = async (here: string, { path, stamp }: ResultFile): Promise<KnownFile> => {
    const read = await readResultFile({ path: join(here, path), shown: path }, null);
    const results: FoundResult[] = [];
    const problems = [...read.problems];
    const seen = new Set<string>();
    const job = await stepOfJob(here, path);
    for (const found of read.results) {
      const result = job !== null && found.run === null && found.step === null ? { ...found, ...job } : found;
      const key = comparabilityKey(result);
      if (seen.has(key)) {
        problems.push({
          path,
          where: result.task,
          text: 'Two of its tasks have this name; the first counts',
        });
        continue;
      }
      seen.add(key);
      results.push(result);
      if (result.harness === 'lighteval' && (await findAnswers(result)) !== null) withDetails.add(result);
    }
    return { stamp, results, problems };
  };

  const look = async (): Promise<ResultsState> => {
    const here = context.workspace.require().path;
    if (here !== root) {
      root = here;
      known = new Map();
    }
    const [found, nextPlaces] = await Promise.all([findResultFiles(here), readPlaces(here)]);
    const next = new Map<string, KnownFile>();
    const stale = found.files.filter(({ path, stamp }) => known.get(path)?.stamp !== stamp);
    for (let at = 0; at < stale.length; at += AT_ONCE) {
      const part = stale.slice(at, at + AT_ONCE);
      const read = await Promise.all(part.map((file) => readOne(here, file)));
      for (const [index, file] of part.entries()) {
        const one = read[index];
        if (one !== undefined) next.set(file.path, one);
      }
    }
    for (const { path } of found.files) {
      const before = known.get(path);
      if (!next.has(path) && before !== undefined) next.set(path, before);
    }
    const nextDigest = digestOf(found.files, found.problems, nextPlaces);
    if (nextDigest === digest) return state;
    digest = nextDigest;
    known = next;
    places = nextPlaces;
    models = new WeakMap();
    files = new Map(found.files.map((file) => [file.path, file]));
    const inOrder = found.files.flatMap(({ path }) => next.get(path) ?? []);
    state = {
      version: state.version + 1,
      files: found.files.length,
      results: inOrder.flatMap(({ results }) => results),
      problems: [...found.problems, ...inOrder.flatMap(({ problems }) => problems)],
    };
    changes.emit(state.version);
    return state;
  };
  /** Never two looks at once: who asks meanwhile waits for one that began after the question. */
  let waiting: Promise<ResultsState> | null = null;
  const lookNow = (): Promise<ResultsState> => {
    if (looking === null) {
      looking = look().finally(() => {
        looking = null;
      });
      return looking;
    }
    waiting ??= looking
      .catch(() => undefined)
      .then(() => {
        waiting = null;
        return lookNow();
      });
    return waiting;
  };
  const schedule = (afterMs: number) => {
    clearTimeout(timer);
    if (watchers === 0 || disposed) return;
    timer = setTimeout(() => {
      // Without a workspace there is nothing to look at; the next turn may find one.
      void lookNow()
        .catch(() => undefined)
        .finally(() => schedule(LOOK_EVERY_MS));
    }, afterMs);
  };

  const index: ResultsIndex = {
    changes,
    async results(signal) {
      return (await index.read(signal)).results;
    },
    async read(signal) {
      signal?.throwIfAborted();
      const found = await lookNow();
      signal?.throwIfAborted();
      return found;
    },
    modelOf(result) {
      const before = models.get(result);
      if (before !== undefined) return before;
      const { model, run, step, measured } = result;
      const facts = measured ?? { modelPath: null, weightsSha256: null, type: null };
      const made = evaluatedModel({ model, run, step, source: result.source.path, ...facts }, places);
      models.set(result, made);
      return made;
    },
    hasAnswers(result) {
      if (withDetails.has(result)) return true;
      const name = samplesFileName(result.task, basename(result.file));
      return name !== null && (files.get(result.source.path)?.answers.has(name) ?? false);
    },
    references() {
      references ??= readReferenceTables(context.options.appFolder);
      return references;
    },
    watch() {
      watchers += 1;
      const open = context.workspace.current;
      const unsubscribe = open?.changes.subscribe((paths) => {
        if (paths.some((path) => /^(evals|runs|checkpoints)(\/|$)/.test(path))) schedule(SOON_MS);
      });
      if (watchers === 1) schedule(LOOK_EVERY_MS);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        watchers -= 1;
        unsubscribe?.();
        if (watchers === 0) clearTimeout(timer);
      };
    },
    async dispose() {
      disposed = true;
      clearTimeout(timer);
      await looking?.catch(() => undefined);
    },
  };
  return index;
}

/** Differs whenever a table would. */
function digestOf(
  files: readonly ResultFile[],
  problems: readonly ReadingProblem[],
  { root, runs }: Places,
): string {
  return JSON.stringify([
    root,
    files.map(({ path, stamp, answers }) => [path, stamp, answers.size]),
    problems,
    [...runs.values()].map(({ id, name, checkpoints, evaluates }) => [id, name, checkpoints, evaluates]),
  ]);
}
