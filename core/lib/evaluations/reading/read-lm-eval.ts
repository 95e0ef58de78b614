// results_*.json of lm-evaluation-harness: the layout of 0.4 (`acc,none`), the one before it (`acc` beside `acc_stderr`), and the
// Portuguese fork (`f1_macro,all`). From JSON alone; knows no files.
import { type JsonObject, numberAt, numberOf, objectAt, objectOf, textAt, versionOf } from './json-values.ts';
import { commonShots, groupsAbove, partsOfGroups, shotsOf } from './groups-of-tasks.ts';
import type { EvaluationResult, MeasuredFile, ReadingProblem, ReadResults, ResultSource } from '../result.ts';

/** Beside the metrics in a task's record; numbers, but no results. */
const NO_METRICS: ReadonlySet<string> = new Set([
  'alias',
  'name',
  'sample_len',
  'sample_count',
  'samples',
  'main_score',
]);

/** The JSON of a whole file. What is no result is a problem; a file without any has none. */
export function readLmEval(file: JsonObject, source: ResultSource): ReadResults {
  const results: EvaluationResult[] = [];
  const problems: ReadingProblem[] = [];
  const note = (where: string, text: string) => problems.push({ path: source.path, where, text });
  const tasks = objectOf(file['results']);
  if (tasks === null) {
    note('', 'It holds no results');
    return { results, problems };
  }
  const shared = sharedFacts(file, source);
  const parts = partsOfGroups(file);
  const groups = new Set([...Object.keys(objectAt(file, 'groups') ?? {}), ...parts.keys()]);
  // A group that is printed in its own part alone is still a result.
  const records = { ...objectAt(file, 'groups'), ...tasks };
  for (const [task, value] of Object.entries(records)) {
    const record = objectOf(value);
    if (task === '' || record === null) {
      note(`results.${task}`, 'It is no record of metrics');
      continue;
    }
    const own = taskFacts(file, task, record);
    const above = groupsAbove(task, parts);
    const facts = {
      ...shared,
      ...own,
      shots: own.shots ?? commonShots(file, task, parts),
      task,
      isGroup: groups.has(task),
      ...(above.length > 0 && { groups: above }),
    };
    const found = metricsOf(record, (key, text) => note(`results.${task}.${key}`, text));
    if (found.length === 0) note(`results.${task}`, 'It holds no metric');
    const cut = cutExamples(file, task);
    if (cut !== null) note(`results.${task}`, cut);
    const better = objectAt(objectAt(file, 'higher_is_better'), task);
    for (const metric of found) {
      const direction = better?.[metric.metric];
      results.push({
        ...facts,
        ...metric,
        higherIsBetter: typeof direction === 'boolean' ? direction : null,
      });
    }
  }
  return { results, problems, measured: measuredFile(file) };
}

/** Keys of the studio beside those of the harness. */
const measuredFile = (file: JsonObject): MeasuredFile => ({
  modelPath: textAt(file, 'nesso_model_path'),
  weightsSha256: textAt(file, 'nesso_weights_sha256'),
  type: textAt(file, 'nesso_model_type'),
});

type Metric = Pick<EvaluationResult, 'metric' | 'filter' | 'value' | 'standardError'>;

/** `acc,none` with `acc_stderr,none`; without a comma in the older layout. */
function metricsOf(record: JsonObject, note: (key: string, text: string) => void): Metric[] {
  const found: Metric[] = [];
  for (const [key, value] of Object.entries(record)) {
    const comma = key.indexOf(',');
    const metric = comma === -1 ? key : key.slice(0, comma);
    const filter = comma === -1 ? 'none' : key.slice(comma + 1);
    if (metric.trim() === '' || NO_METRICS.has(metric) || metric.endsWith('_stderr')) continue;
    if (value === null || typeof value === 'object' || (typeof value === 'string' && comma === -1)) {
      if (value === null) note(key, 'Its value is no number');
      continue;
    }
    const number = numberOf(value);
    if (number === null) {
      note(key, `Its value is no number: ${JSON.stringify(value).slice(0, 40)}`);
      continue;
    }
    const error = record[comma === -1 ? `${metric}_stderr` : `${metric}_stderr,${filter}`];
    // Aggregations without a known error have the text N/A there.
    found.push({ metric, filter, value: number, standardError: errorOf(error) });
  }
  return found;
}

/** Null for N/A, for numbers that are none, and for what cannot be one. */
export function errorOf(value: unknown): number | null {
  const number = numberOf(value);
  return number !== null && number >= 0 ? number : null;
}

type SharedFacts = Omit<
  EvaluationResult,
  | 'task'
  | 'isGroup'
  | 'version'
  | 'shots'
  | 'samples'
  | 'available'
  | 'taskHash'
  | 'higherIsBetter'
  | keyof Metric
>;

function sharedFacts(file: JsonObject, source: ResultSource): SharedFacts {
  const config = objectAt(file, 'config');
  const dateSeconds = numberAt(file, 'date');
  const general = objectAt(file, 'config_general');
  // What the studio measures itself is laid out in the same way.
  const own = textAt(file, 'nesso_version');
  const isPortuguese = general !== null || objectAt(file, 'model_meta') !== null;
  return {
    harness: own !== null ? 'nesso' : isPortuguese ? 'lm-eval-pt' : 'lm-eval',
    harnessVersion: own ?? textAt(file, 'lm_eval_version') ?? textAt(file, 'git_hash'),
    chatTemplate: templateOf(file),
    systemPrompt: settingOf(file, 'system_instruction'),
    limit: limitOf(config),
    model: modelOf(file, config, general),
    measuredMs: dateSeconds === null ? null : Math.round(dateSeconds * 1000),
    source,
  };
}

function taskFacts(file: JsonObject, task: string, record: JsonObject) {
  const counts = objectAt(objectAt(file, 'n-samples'), task);
  const given = objectAt(file, 'config');
  return {
    version: versionOf(objectAt(file, 'versions')?.[task]),
    shots: shotsOf(file, task) ?? numberAt(given, 'num_fewshot'),
    samples:
      numberAt(counts, 'effective') ??
      numberAt(record, 'sample_len') ??
      numberAt(record, 'samples') ??
      numberAt(objectAt(objectAt(file, 'task_model_meta'), task), 'sample_size'),
    available: numberAt(counts, 'original'),
    taskHash: textAt(objectAt(file, 'task_hashes'), task),
  };
}

/** The first 16 digits of a hash tell two templates apart and can be read. */
const HASH_DIGITS = 16;

/** Files from before 0.4.3 do not know the key. */
function settingOf(file: JsonObject, key: string): string {
  const hash = textAt(file, `${key}_sha`);
  if (hash !== null) return hash.slice(0, HASH_DIGITS);
  if (!(key in file)) return 'unknown';
  return file[key] === null || file[key] === '' || file[key] === false ? 'none' : 'given';
}

/** The Portuguese fork uses the template of every tokenizer that has one, and says so in its own place. */
function templateOf(file: JsonObject): string {
  const used = objectAt(file, 'model_meta')?.['has_chat_template'];
  if ('chat_template' in file || typeof used !== 'boolean') return settingOf(file, 'chat_template');
  return used ? 'given' : 'none';
}

/** It leaves out the examples that a short context cannot hold: such a value is of fewer than it was asked with. */
function cutExamples(file: JsonObject, task: string): string | null {
  const meta = objectAt(objectAt(file, 'task_model_meta'), task);
  const [asked, shown] = [
    numberAt(meta, 'mean_original_fewshots_size'),
    numberAt(meta, 'mean_effective_fewshot_size'),
  ];
  if (asked === null || shown === null || shown >= asked) return null;
  return `Of ${asked} examples a question only ${Number(shown.toFixed(1))} fitted into the context on average`;
}

function limitOf(config: JsonObject | null): EvaluationResult['limit'] {
  if (config === null || !('limit' in config)) return 'unknown';
  return config['limit'] === null ? 'none' : (numberOf(config['limit']) ?? 'unknown');
}

function modelOf(file: JsonObject, config: JsonObject | null, general: JsonObject | null): string {
  const given = config?.['model_args'];
  return (
    textAt(file, 'model_name') ??
    textAt(general, 'model_name') ??
    textAt(given, 'pretrained') ??
    textAt(given, 'model') ??
    (typeof given === 'string' ? modelOfArguments(given) : null) ??
    textAt(config, 'model') ??
    'unknown'
  );
}

/** `pretrained=a/b,dtype=bfloat16` → `a/b`. */
export function modelOfArguments(text: string): string | null {
  return (
    /(?:^|[\s,({'"])(?:pretrained|model|model_name|path)['"]?\s*[=:]\s*['"]?([^,'")}\s]+)/.exec(text)?.[1] ??
    null
  );
}
