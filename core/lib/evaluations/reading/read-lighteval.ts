// results_*.json of lighteval: tasks named `task|shots` (before 0.11 `suite|task|shots|0`). From JSON alone; knows no files.
import { type JsonObject, numberAt, numberOf, objectAt, objectOf, textAt, versionOf } from './json-values.ts';
import { errorOf } from './read-lm-eval.ts';
import type { EvaluationResult, ReadingProblem, ReadResults, ResultSource } from '../result.ts';

/** Its means over tasks are named so, or have `_average` in the place of a subset. */
const MEAN_OF_ALL = 'all';

export function readLighteval(file: JsonObject, source: ResultSource): ReadResults {
  const results: EvaluationResult[] = [];
  const problems: ReadingProblem[] = [];
  const note = (where: string, text: string) => problems.push({ path: source.path, where, text });
  const general = objectAt(file, 'config_general');
  const endSeconds = numberAt(general, 'start_time');
  const model = objectAt(general, 'model_config');
  const limit = general?.['max_samples'];
  const isChat =
    model?.['use_chat_template'] ?? model?.['override_chat_template'] ?? general?.['use_chat_template'];
  const shared = {
    harness: 'lighteval' as const,
    harnessVersion: textAt(general, 'lighteval_version') ?? commitOf(textAt(general, 'lighteval_sha')),
    chatTemplate: typeof isChat === 'boolean' ? (isChat ? 'given' : 'none') : 'unknown',
    systemPrompt: promptOf(model, general),
    limit: limit === null ? ('none' as const) : (numberOf(limit) ?? ('unknown' as const)),
    model: textAt(general, 'model_name') ?? textAt(model, 'model_name') ?? 'unknown',
    // Seconds since the computer started in some versions; those are no date.
    measuredMs: endSeconds !== null && endSeconds > 1e9 ? Math.round(endSeconds * 1000) : null,
    source,
  };
  const tasks = objectOf(file['results']);
  if (tasks === null) note('', 'It holds no results');
  for (const [name, value] of Object.entries(tasks ?? {})) {
    const record = objectOf(value);
    if (record === null) {
      note(`results.${name}`, 'It is no record of metrics');
      continue;
    }
    // With one task, `all` says the same again.
    if (name === MEAN_OF_ALL && Object.keys(tasks ?? {}).length <= 2) continue;
    const { task, shots } = taskOf(name);
    const config =
      objectAt(objectAt(file, 'config_tasks'), name) ?? objectAt(objectAt(file, 'config_tasks'), task);
    const versions = objectAt(file, 'versions');
    for (const [metric, given] of Object.entries(record)) {
      if (metric.endsWith('_stderr')) continue;
      const number = numberOf(given);
      if (number === null) {
        note(`results.${name}.${metric}`, 'Its value is no number');
        continue;
      }
      results.push({
        ...shared,
        task,
        isGroup: name === MEAN_OF_ALL || task.endsWith('_average'),
        version: versionOf(versions?.[name] ?? config?.['version']),
        shots: shots ?? numberAt(config, 'num_fewshots'),
        filter: 'none',
        metric,
        value: number,
        standardError: errorOf(record[`${metric}_stderr`]),
        samples: countOf(config, 'effective_num_docs'),
        available: countOf(config, 'original_num_docs'),
        higherIsBetter: directionOf(config, metric),
        taskHash: textAt(objectAt(objectAt(file, 'summary_tasks'), name)?.['hashes'], 'hash_examples'),
      });
    }
  }
  return { results, problems };
}

/** `?` where it was installed as a package. */
const commitOf = (sha: string | null): string | null => (sha === '?' ? null : sha);

/** −1 where the harness did not count. */
function countOf(config: JsonObject | null, key: string): number | null {
  const count = numberAt(config, key);
  return count !== null && count >= 0 ? count : null;
}

function promptOf(model: JsonObject | null, general: JsonObject | null): string {
  for (const part of [model, general]) {
    if (part !== null && 'system_prompt' in part) return part['system_prompt'] ? 'given' : 'none';
  }
  return 'unknown';
}

/** `leaderboard|arc:challenge|25|0`, `mlmm_arc_ita_cf|0`; the suite is no part of the name any more. */
export function taskOf(name: string): { readonly task: string; readonly shots: number | null } {
  const parts = name.split('|');
  const isOld = parts.length >= 3;
  const task = (isOld ? parts[1] : parts[0]) ?? name;
  return { task: task === '' ? name : task, shots: numberOf(isOld ? parts[2] : parts[1]) };
}

function directionOf(config: JsonObject | null, metric: string): boolean | null {
  const metrics: unknown = config?.['metrics'] ?? config?.['metric'];
  if (!Array.isArray(metrics)) return null;
  for (const one of metrics as readonly unknown[]) {
    const record = objectOf(one);
    const better = record?.['higher_is_better'];
    if (textAt(record, 'metric_name') === metric && typeof better === 'boolean') return better;
    const own = objectOf(better)?.[metric];
    if (typeof own === 'boolean') return own;
  }
  return null;
}
