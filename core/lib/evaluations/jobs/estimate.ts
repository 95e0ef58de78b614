// What an evaluation will cost before it is launched: tokens from the sizes of its tasks, time from the size of the model and of the
// GPU, mended by what earlier evaluations of the same set took. Knows no files.
import type { AskedTask, TaskSize } from './presets.ts';

/**
 * Milliseconds of one pass of the harness where the model is small: the Zagreus report shows 41,447 requests of a 0.4B model with a
 * batch of one in 18:24 minutes, and 13,237 questions of m_mmlu_it in 6:14 to 6:43.
 */
export const PASS_MS = 27;
/** Python, the harness, the weights and the data set, before the first question of a task. An assumption. */
export const START_SECONDS = 60;
/** Of a GPU's peak in 16 bits. An assumption: batches of unlike lengths reach no more. */
export const PEAK_SHARE = 0.25;
/** Of an NVIDIA A100 in 16 bits, where nobody says which GPU it is. */
export const ASSUMED_PEAK_FLOPS = 312e12;
/** Without earlier evaluations the truth may lie this many times off. */
const UNCERTAINTY = 2.5;
/** With them. */
const CALIBRATED_UNCERTAINTY = 1.4;

export interface EstimateRequest {
  readonly tasks: readonly AskedTask[];
  readonly sizes: Readonly<Record<string, TaskSize>>;
  /** Of the model; null where it is not known. */
  readonly parameters: number | null;
  readonly batch: number;
  /** Copies of the model at work at once. */
  readonly gpus: number;
  /** Questions of each task; null for all. */
  readonly limit: number | null;
  readonly peakFlops: number | null;
  /** Of earlier evaluations of the same tasks: measured by estimated seconds of one GPU. */
  readonly earlier: readonly number[];
}

export interface TaskCost {
  readonly name: string;
  readonly questions: number;
  readonly passes: number;
  /** Read by the model, over all passes. */
  readonly readTokens: number;
  readonly writtenTokens: number;
  /** On one GPU, with its start. */
  readonly seconds: number;
  /** False where the number of questions is assumed. */
  readonly counted: boolean;
}

export interface EvaluationEstimate {
  readonly tasks: readonly TaskCost[];
  /** Tasks of which nothing is known; they are not counted. */
  readonly unknown: readonly string[];
  readonly passes: number;
  readonly readTokens: number;
  readonly writtenTokens: number;
  /** Null where the model's size is not known, or no task is. */
  readonly gpuHours: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Of the clock, with the GPUs asked for; without the queue. */
  readonly wallSeconds: number | null;
  /** Earlier evaluations that mended it. */
  readonly calibratedBy: number;
  /** What was assumed, as sentences. */
  readonly assumptions: readonly string[];
}

function costOf(task: AskedTask, size: TaskSize, request: EstimateRequest): TaskCost {
  const { parameters, batch, limit, peakFlops } = request;
  const questions = limit === null ? size.questions : Math.min(size.questions, limit);
  const shots = task.shots ?? size.shots ?? 0;
  const passes = questions * size.passes;
  const readTokens = passes * ((shots + 1) * size.questionTokens + size.answerTokens);
  const writtenTokens = questions * size.writtenTokens;
  // A forward pass does two operations a parameter and token.
  const flops = 2 * (parameters ?? 0) * (readTokens + writtenTokens);
  const computing = flops / ((peakFlops ?? ASSUMED_PEAK_FLOPS) * PEAK_SHARE);
  // What is written comes a token a pass.
  const calls = Math.ceil(passes / batch) + Math.ceil(questions / batch) * size.writtenTokens;
  const seconds = START_SECONDS + Math.max(computing, (calls * PASS_MS) / 1000);
  return { name: task.name, questions, passes, readTokens, writtenTokens, seconds, counted: size.counted };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Seconds of one GPU that the tasks take together before anything mends them. */
export function plainSeconds(request: EstimateRequest): number {
  return request.tasks.reduce((sum, task) => {
    const size = request.sizes[task.name];
    return size === undefined ? sum : sum + costOf(task, size, request).seconds;
  }, 0);
}

export function estimateEvaluation(request: EstimateRequest): EvaluationEstimate {
  const { sizes, parameters, gpus } = request;
  const tasks: TaskCost[] = [];
  const unknown: string[] = [];
  for (const task of request.tasks) {
    const size = sizes[task.name];
    if (size === undefined) unknown.push(task.name);
    else tasks.push(costOf(task, size, request));
  }
  const total = (of: (cost: TaskCost) => number) => tasks.reduce((sum, cost) => sum + of(cost), 0);
  const factor = median(request.earlier.filter((one) => Number.isFinite(one) && one > 0));
  const isKnown = parameters !== null && tasks.length > 0;
  const seconds = total((cost) => cost.seconds) * (factor ?? 1);
  // Starts are not shared among GPUs: each loads the model.
  const starts = tasks.length * START_SECONDS * (factor ?? 1);
  const wallSeconds = starts + (seconds - starts) / Math.max(1, gpus);
  const gpuHours = (wallSeconds * Math.max(1, gpus)) / 3600;
  const around = factor === null ? UNCERTAINTY : CALIBRATED_UNCERTAINTY;
  return {
    tasks,
    unknown,
    passes: total((cost) => cost.passes),
    readTokens: total((cost) => cost.readTokens),
    writtenTokens: total((cost) => cost.writtenTokens),
    gpuHours: isKnown ? gpuHours : null,
    low: isKnown ? gpuHours / around : null,
    high: isKnown ? gpuHours * around : null,
    wallSeconds: isKnown ? wallSeconds : null,
    calibratedBy: factor === null ? 0 : request.earlier.length,
    assumptions: assumptionsOf(request, tasks, factor),
  };
}

function assumptionsOf(
  { peakFlops, batch, earlier }: EstimateRequest,
  tasks: readonly TaskCost[],
  factor: number | null,
): readonly string[] {
  const share = Math.round(PEAK_SHARE * 100);
  const gpu =
    peakFlops === null
      ? `${ASSUMED_PEAK_FLOPS / 1e12} TFLOPS as of an A100, for the GPU is not known`
      : `${Math.round(peakFlops / 1e12)} TFLOPS of the GPU`;
  return [
    `${share} % of ${gpu}, and at least ${PASS_MS} ms for each batch of ${batch}, as the Zagreus report shows for one`,
    `${START_SECONDS} s to start each task`,
    ...(tasks.some(({ counted }) => !counted)
      ? ['Sizes of some test sets are assumed, for they were not counted']
      : []),
    ...(factor === null
      ? ['Prompts have lengths that were assumed for each task; the truth may be off by a factor of 2.5']
      : [
          `Times ${factor.toFixed(2)}: what ${earlier.length === 1 ? 'an earlier evaluation' : `${earlier.length} earlier evaluations`} of these tasks took`,
        ]),
  ];
}
