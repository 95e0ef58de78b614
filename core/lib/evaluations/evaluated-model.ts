// Who a result belongs to: a checkpoint of a run where a record, a path or a hash says so, and otherwise only what the file calls its
// model. A name that looks like a step is not enough. Pure.
import type { EvaluatedModel } from '../../api/evaluations.ts';
import { stepOfModel } from './checkpoint-of.ts';

/** One checkpoint that is known here. */
export interface CheckpointPlace {
  readonly step: number;
  readonly tokens: number | null;
  /** Absolute where it lies, or from the workspace. */
  readonly path: string | null;
  readonly models: readonly {
    readonly file: string;
    readonly type: string;
    readonly weightsSha256: string;
  }[];
}

export interface RunPlace {
  readonly id: string;
  readonly name: string;
  /** Where its checkpoints lie, absolute there. */
  readonly folders: readonly string[];
  readonly checkpoints: readonly CheckpointPlace[];
  /** Of a job that evaluates: whose checkpoint. */
  readonly evaluates?: { readonly run: string; readonly step: number } | null;
}

/** What is known of runs and their checkpoints. `root` is absolute, as are paths in results that were measured here. */
export interface Places {
  readonly root: string;
  readonly runs: ReadonlyMap<string, RunPlace>;
}

/** What a file of results says about its model. */
export interface MeasuredFacts {
  /** As the source names it. */
  readonly model: string;
  /** Of the record beside it. */
  readonly run: string | null;
  readonly step: number | null;
  /** Where the results lie, from the workspace. */
  readonly source?: string;
  /** Of the file that was measured, where the studio measured it: a path in the workspace. */
  readonly modelPath: string | null;
  readonly weightsSha256: string | null;
  readonly type: string | null;
}

export function evaluatedModel(facts: MeasuredFacts, places: Places): EvaluatedModel {
  const job = facts.run === null ? evaluatedBy(facts.source ?? '', places) : null;
  const { run, step } = job ?? facts;
  const type = facts.type?.toLowerCase() ?? null;
  const modelPath = facts.modelPath ?? insideOf(places.root, facts.model);
  const path = modelPath !== null && isModelFile(modelPath) ? modelPath : null;
  if (run !== null && step !== null) {
    const known = places.runs.get(run) ?? { id: run, name: run, folders: [], checkpoints: [] };
    return checkpointModel(known, { step, type: type ?? typeInName(facts.model), modelPath: path });
  }
  const found =
    byPath(modelPath ?? facts.model, places) ??
    (modelPath === null ? null : byPath(facts.model, places)) ??
    byHash(facts, places);
  if (found !== null)
    return checkpointModel(found.run, { ...found, type: type ?? found.type, modelPath: path });
  return {
    key: `model:${facts.model}`,
    name: shownName(facts.model),
    run: null,
    modelPath: path,
    type,
    reference: null,
  };
}

/** Results below the folder of a job belong to the checkpoint that the job was given. */
function evaluatedBy(source: string, { runs }: Places) {
  const [, id = ''] = OF_RUN.exec(source) ?? [];
  return runs.get(id)?.evaluates ?? null;
}

interface FoundCheckpoint {
  readonly run: RunPlace;
  readonly step: number;
  readonly type: string | null;
}

/** checkpoints/<run>/<step>/… of the workspace; otherwise the folders of the runs. */
const BORN_HERE = /^checkpoints\/([^/]+)\/(\d{1,15})(?:\/(.*))?$/;
const OF_RUN = /^runs\/([^/]+)\/(.+)$/;

function byPath(path: string, { root, runs }: Places): FoundCheckpoint | null {
  const plain = plainPath(path);
  const inside = insideOf(root, plain) ?? plain;
  const [, id = '', step = '', rest = ''] = BORN_HERE.exec(inside) ?? [];
  const run = runs.get(id);
  if (run !== undefined) return { run, step: Number(step), type: typeIn(run, Number(step), rest) };
  const [, ownId = '', below = ''] = OF_RUN.exec(inside) ?? [];
  const own = runs.get(ownId);
  const ownStep = own === undefined ? null : stepOfModel(below);
  if (own !== undefined && ownStep !== null) return { run: own, step: ownStep.step, type: typeInName(below) };
  for (const one of runs.values()) {
    const at = one.checkpoints.find(
      ({ path: folder }) => folder !== null && isBelow(plainPath(folder), plain, inside),
    );
    if (at !== undefined) return { run: one, step: at.step, type: typeInName(plain) };
    const folder = one.folders.find((name) => isBelow(plainPath(name), plain, inside));
    if (folder === undefined) continue;
    const next = plain.slice(plainPath(folder).length + 1).split('/')[0] ?? '';
    const named = /^(?:checkpoint-|step[-_]?|global_step)?(\d{1,15})$/.exec(next)?.[1];
    if (named !== undefined) return { run: one, step: Number(named), type: typeInName(plain) };
  }
  return null;
}

function byHash({ weightsSha256, type }: MeasuredFacts, { runs }: Places): FoundCheckpoint | null {
  if (weightsSha256 === null || !/^[0-9a-f]{64}$/.test(weightsSha256)) return null;
  for (const run of runs.values()) {
    for (const { step, models } of run.checkpoints) {
      const same = models.filter((model) => model.weightsSha256 === weightsSha256);
      const only = same.length === 1 ? (same[0]?.type ?? null) : null;
      if (same.length > 0) return { run, step, type: type ?? only };
    }
  }
  return null;
}

function typeIn({ checkpoints }: RunPlace, step: number, rest: string): string | null {
  const known = checkpoints.find((one) => one.step === step);
  return known?.models.find(({ file }) => file === rest)?.type ?? typeInName(rest);
}

/** `model-q8_0.gguf`. */
const typeInName = (path: string): string | null =>
  /(?:^|\/)model-([a-z0-9_]+)\.gguf$/i.exec(path)?.[1]?.toLowerCase() ?? null;

/** Runs of one kind are written alike: `zagreus-ita · step 12,000 · q8_0`. */
function checkpointModel(
  run: RunPlace,
  {
    step,
    type,
    modelPath,
  }: { readonly step: number; readonly type: string | null; readonly modelPath: string | null },
): EvaluatedModel {
  const known = run.checkpoints.find((one) => one.step === step);
  return {
    key: `run:${run.id}/${step}${type === null ? '' : `/${type}`}`,
    name: `${run.name} · step ${step.toLocaleString('en-US')}${type === null ? '' : ` · ${type}`}`,
    run: { id: run.id, name: run.name, step, tokens: known?.tokens ?? null },
    modelPath,
    type,
    reference: null,
  };
}

const isModelFile = (path: string): boolean => /\.gguf$/i.test(path);

const plainPath = (path: string): string =>
  path
    .replaceAll('\\', '/')
    .replace(/^\.\//, '')
    .replace(/(?<=.)\/+$/, '');

/** From the workspace; null for what lies elsewhere. */
function insideOf(root: string, path: string): string | null {
  const [folder, plain] = [plainPath(root), plainPath(path)];
  if (folder !== '' && plain.startsWith(`${folder}/`)) return plain.slice(folder.length + 1);
  return /^(checkpoints|runs|models)\//.test(plain) ? plain : null;
}

const isBelow = (folder: string, ...paths: readonly string[]): boolean =>
  folder !== '' && paths.some((path) => path === folder || path.startsWith(`${folder}/`));

/** Of a long path the last two parts; the name of a hub has no more. */
function shownName(model: string): string {
  const plain = plainPath(model);
  const parts = plain.split('/').filter((part) => part !== '');
  return parts.length <= 2 && !plain.startsWith('/') ? model : parts.slice(-2).join('/');
}
