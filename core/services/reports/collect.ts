// The facts of one run, gathered from its files and from what was made of it: for reports and for model cards. Every file that was read
// is named with its length and hash.
import { basename, join, relative } from 'node:path';
import { stat } from 'node:fs/promises';
import type { Run } from '../../api/runs.ts';
import type { SuiteOfRun } from '../../api/suites.ts';
import { CHECKPOINTS_FOLDER, LIFE_FILE } from '../../lib/checkpoints/life-files.ts';
import { type Quantity, tagOf } from '../../lib/derived/known-tags.ts';
import { computeRunNumbers, type RunPoints } from '../../lib/derived/run-numbers.ts';
import { formatShare } from '../../lib/format/numbers.ts';
import { datasetsOf } from '../../lib/reports/datasets-of.ts';
import type { ReportSource } from '../../lib/reports/document.ts';
import type {
  ReportCheckpoint,
  ReportCurve,
  ReportEvaluation,
  ReportFacts,
} from '../../lib/reports/facts.ts';
import { measureInfo, type MeasureKind } from '../../lib/suites/measures.ts';
import type { CheckpointService } from '../checkpoints/service.ts';
import { listLives } from '../checkpoints/life-store.ts';
import type { CoreContext } from '../context.ts';
import { openResults } from '../evaluations/results/results-index.ts';
import { factsOf, readRecord } from '../runs/run-facts.ts';
import { readRunPoints } from '../monitor/run-points.ts';
import { curveFilesOf } from '../series/curve-files.ts';
import { hashFile } from './hash-file.ts';
import { lineageOf } from './lineage.ts';
import { sampleAnswers } from './sample-answers.ts';

export interface CollectPlaces {
  readonly context: CoreContext;
  readonly checkpoints: CheckpointService;
  readonly listRuns: () => Promise<readonly Run[]>;
  readonly suitesOf: (run: Run['id']) => Promise<readonly SuiteOfRun[]>;
}

export interface Collected {
  readonly facts: ReportFacts;
  readonly sources: readonly ReportSource[];
}

const quantities: readonly (readonly [Quantity, string])[] = [
  ['loss', 'Loss'],
  ['rate', 'Learning rate'],
  ['gradNorm', 'Norm of the gradient'],
  ['tokensPerSecond', 'Throughput, tokens per second'],
];
/** More main metrics than these are a table of another kind. */
const MAX_CURVES = 10;

/** NOT_FOUND for a run that is not there, CORRUPT_FILE for a record that cannot be read. */
export async function collectRun(
  places: CollectPlaces,
  id: string,
  signal?: AbortSignal,
): Promise<Collected> {
  const { context } = places;
  const root = context.workspace.require().path;
  const record = await readRecord(root, id);
  const runs = await places.listRuns();
  const run = runs.find((one) => one.id === id);
  if (run === undefined) throw new TypeError(`${id} has a record and is not listed`);
  const wanted = new Map<string, string>([
    [`runs/${id}/run.json`, 'what was launched, its config and its end'],
  ]);
  for (const { path } of await curveFilesOf(join(root, 'runs', id))) {
    if (!(await isThere(path))) continue;
    const isLog = /\.(?:txt|log|out|err)$/i.test(path);
    wanted.set(
      relative(root, path).replaceAll('\\', '/'),
      isLog ? 'values and times of the log' : 'values as they were logged',
    );
  }
  // Of files that grow, what is read is what is hashed, or less.
  const lengths = new Map<string, number>();
  for (const path of wanted.keys()) lengths.set(path, (await stat(join(root, path))).size);

  const facts = await factsOf(root, record, await context.settings.read());
  const points = await readRunPoints(join(root, 'runs', id), signal);
  const list = await places.checkpoints.list(run.id, signal).catch(() => null);
  const lives = await listLives(root, id);
  for (const life of lives)
    wanted.set(
      `${CHECKPOINTS_FOLDER}/${id}/${life.step}/${LIFE_FILE}`,
      'what was made of the checkpoint here',
    );
  const datasets = record.config === null ? [] : datasetsOf(record.config.text);
  const lineage = await lineageOf(root, runs, { target: run.target, datasets });
  for (const { filter } of lineage) if (filter !== null) wanted.set(filter.path, 'filter recipe');

  const index = openResults(context);
  const evaluations: ReportEvaluation[] = [];
  for (const result of await index.results(signal)) {
    const model = index.modelOf(result);
    if (model.run?.id !== id) continue;
    wanted.set(result.source.path, 'results of an evaluation');
    const jobId = /^runs\/([^/]+)\//.exec(result.source.path)?.[1];
    const job = runs.find((one) => one.id === jobId);
    evaluations.push({
      step: model.run.step,
      tokens: model.run.tokens,
      type: model.type,
      result,
      job: job === undefined ? null : { id: job.id, preset: job.evaluates?.preset ?? null },
    });
  }
  const suites = await places.suitesOf(run.id).catch(() => []);
  const sampled = await sampleAnswers(root, id, signal);
  for (const path of sampled.files) wanted.set(path, 'answers to a prompt suite');

  const sources: ReportSource[] = [];
  for (const [path, what] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
    signal?.throwIfAborted();
    const hashed = await hashFile(join(root, path), lengths.get(path) ?? null, signal).catch(() => null);
    if (hashed !== null) sources.push({ path, what, ...hashed });
  }
  return {
    sources,
    facts: {
      run,
      command: record.command,
      git: record.git,
      host: record.host,
      config: record.config,
      facts,
      numbers: computeRunNumbers(points, facts, run.end === null),
      curves: curvesOf(points, record.mainMetrics),
      checkpoints: (list?.checkpoints ?? []).map((checkpoint): ReportCheckpoint => {
        const life = lives.find(({ step }) => step === checkpoint.step);
        return {
          step: checkpoint.step,
          tokens: checkpoint.tokens,
          sizeBytes: checkpoint.sizeBytes,
          savedMs: checkpoint.savedMs,
          problem: checkpoint.problem,
          models: (life?.models ?? []).map(({ type, weightsSha256, verified }) => ({
            type,
            sha256: weightsSha256,
            verified: verified === null ? 'not verified' : verified.verdict,
          })),
        };
      }),
      datasets,
      lineage,
      evaluations,
      references: await index.references(),
      suites: suites.map(({ suite, title, points: own }) => ({
        name: suite,
        title,
        points: own.map(({ step, type, measures }) => ({
          step,
          type,
          measures: measures.map(({ kind, value, units }) => ({
            label: measureInfo[kind].title,
            value: measureText(kind, value),
            units,
          })),
        })),
      })),
      answers: sampled.answers,
      allAnswers: sampled.all,
      writtenMs: Date.now(),
    },
  };
}

function measureText(kind: MeasureKind, value: number): string {
  return measureInfo[kind].unit === 'share' ? formatShare(value) : String(Number(value.toPrecision(4)));
}

/** The known quantities first, then what the recipe calls its main metrics. */
function curvesOf(points: RunPoints, mainMetrics: readonly string[]): readonly ReportCurve[] {
  const curves: ReportCurve[] = [];
  const add = (tag: string, title: string): void => {
    const column = points.column(tag);
    if (column === undefined || column.values.length === 0) return;
    if (curves.some((curve) => curve.tag === tag) || curves.length >= MAX_CURVES) return;
    curves.push({
      title,
      tag,
      steps: Float64Array.from(column.steps),
      values: Float64Array.from(column.values),
    });
  };
  for (const [quantity, title] of quantities) {
    const tag = tagOf(quantity, (one) => points.column(one) !== undefined);
    if (tag !== null) add(tag, title);
  }
  for (const tag of mainMetrics) add(tag, basename(tag));
  return curves;
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}
