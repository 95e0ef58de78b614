// One line of samples_*.jsonl of lm-eval: a question, the requests as they were sent, what the model gave, and the scores.
// From JSON alone; the file is read line by line elsewhere, for it may be larger than the memory.
import { numberOf, objectOf, textAt } from './json-values.ts';

export interface SampleChoice {
  readonly text: string;
  /** Sum of natural logarithms over the tokens of the choice; NaN where the file has no number. */
  readonly logLikelihood: number;
  readonly isGreedy: boolean;
}

export interface EvaluationSample {
  readonly id: number;
  readonly filter: string;
  /** What tells the question apart from others: of the data, and of the prompt. */
  readonly documentHash: string | null;
  readonly promptHash: string | null;
  readonly prompt: string | null;
  readonly target: string;
  /** Empty for tasks in which the model writes. */
  readonly choices: readonly SampleChoice[];
  /** What was cut out of the answer; null for likelihoods. */
  readonly answer: string | null;
  /** One number a metric; lists (the instructions of IFEval) as their mean. */
  readonly scores: ReadonlyMap<string, number>;
}

/** Null for a line that is no sample. */
export function readSample(value: unknown): EvaluationSample | null {
  const line = objectOf(value);
  const id = numberOf(line?.['doc_id']);
  if (line === null || id === null) return null;
  const requests = requestsOf(line['arguments']);
  const replies = Array.isArray(line['filtered_resps']) ? (line['filtered_resps'] as readonly unknown[]) : [];
  const choices = requests.flatMap(({ continuation }, index) => {
    const reply = replies[index];
    if (continuation === null || !Array.isArray(reply)) return [];
    const logLikelihood = numberOf(reply[0]) ?? Number.NaN;
    return [{ text: continuation, logLikelihood, isGreedy: String(reply[1]).toLowerCase() === 'true' }];
  });
  const first = replies[0];
  return {
    id,
    filter: textAt(line, 'filter') ?? 'none',
    documentHash: textAt(line, 'doc_hash'),
    promptHash: textAt(line, 'prompt_hash'),
    prompt: requests[0]?.context ?? null,
    target: typeof line['target'] === 'string' ? line['target'] : JSON.stringify(line['target'] ?? null),
    choices,
    answer: choices.length > 0 ? null : typeof first === 'string' ? first : null,
    scores: scoresOf(line),
  };
}

interface SampleRequest {
  readonly context: string;
  readonly continuation: string | null;
}

/** `{gen_args_0: {arg_0, arg_1}}`; a list of lists in files from before 0.4.3. */
function requestsOf(value: unknown): readonly SampleRequest[] {
  const record = objectOf(value);
  const lists: readonly unknown[] = Array.isArray(value) ? value : [];
  const pairs = record
    ? Object.values(record).map((one) => [objectOf(one)?.['arg_0'], objectOf(one)?.['arg_1']])
    : lists.map((one): readonly unknown[] => (Array.isArray(one) ? one : []));
  return pairs.map(([context, continuation]) => ({
    context: typeof context === 'string' ? context : '',
    continuation: typeof continuation === 'string' ? continuation : null,
  }));
}

/** `metrics` names them; older files do not, and every number or yes of the record beside the known keys is one. */
function scoresOf(line: Readonly<Record<string, unknown>>): ReadonlyMap<string, number> {
  const named = Array.isArray(line['metrics']) ? (line['metrics'] as readonly unknown[]).map(String) : null;
  const keys = named ?? Object.keys(line).filter((key) => !NO_SCORES.has(key));
  return new Map(
    keys.flatMap((key) => {
      const score = scoreOf(line[key]);
      return score === null ? [] : [[key, score] as const];
    }),
  );
}

const NO_SCORES: ReadonlySet<string> = new Set([
  'doc_id',
  'doc',
  'target',
  'arguments',
  'resps',
  'filtered_resps',
  'filter',
]);

function scoreOf(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (!Array.isArray(value) || value.length === 0) return null;
  const parts = (value as readonly unknown[]).map(scoreOf);
  let sum = 0;
  for (const part of parts) {
    if (part === null) return null;
    sum += part;
  }
  return sum / parts.length;
}

/** A question and the score of it, as two results are paired: nothing else is kept of a large file. */
export interface ScoredQuestion {
  readonly id: number;
  readonly documentHash: string | null;
  readonly score: number;
}

/** The files that lm-eval writes beside `results_<time>.json`. */
export function samplesFileName(task: string, resultFileName: string): string | null {
  const time = /^results_(.+)\.json$/.exec(resultFileName)?.[1];
  return time === undefined ? null : `samples_${task}_${time}.jsonl`;
}
