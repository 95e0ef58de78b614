// The text of a result file of any harness. Which one it is, is told from what stands in it, not from its name.
import { readBrokenJson } from './broken-json.ts';
import { type JsonObject, objectAt, objectOf } from './json-values.ts';
import { readLighteval } from './read-lighteval.ts';
import { readLmEval } from './read-lm-eval.ts';
import { type RepeatedKey, repeatedKeys } from './repeated-keys.ts';
import type { ReadingProblem, ReadResults, ResultSource } from '../result.ts';

/** mmlu with its 57 subjects and their prompts writes 0.6 MB; more than this is no result file. */
export const MAX_RESULT_BYTES = 64_000_000;

export function readResults(text: string, source: ResultSource): ReadResults {
  const whole = (problem: string): ReadResults => ({
    results: [],
    problems: [{ path: source.path, where: '', text: problem }],
  });
  let parsed: ReturnType<typeof readBrokenJson>;
  try {
    parsed = readBrokenJson(text);
  } catch {
    return whole(text.trim() === '' ? 'It is empty' : 'It is not JSON');
  }
  const file = objectOf(parsed.value);
  if (file === null) return whole('It is no result file: its JSON is no object');
  const read = isLighteval(file) ? readLighteval(file, source) : readLmEval(file, source);
  const { results, problems } = read;
  return {
    ...read,
    results,
    problems: [
      ...parsed.problems.map((problem) => ({ path: source.path, where: '', text: problem })),
      ...repeatedKeys(text).map((repeated) => repeatedProblem(repeated, source)),
      ...problems,
    ],
  };
}

/** The parser kept the last of them. */
function repeatedProblem({ inside, key, times }: RepeatedKey, { path }: ResultSource): ReadingProblem {
  const count = times === 2 ? 'twice' : `${times} times`;
  const isTask = inside.length === 1 && /^(results|groups)$/.test(inside[0] ?? '');
  return {
    path,
    where: [...inside, key].join('.'),
    text: isTask
      ? `${times} tasks have this name; the last counts`
      : `It stands there ${count}; the last counts`,
  };
}

/** The Portuguese fork of lm-eval has a `config_general` too, but names tasks plainly. */
function isLighteval(file: JsonObject): boolean {
  const general = objectAt(file, 'config_general');
  if (general === null) return false;
  if ('lighteval_sha' in general || 'lighteval_version' in general) return true;
  return Object.keys(objectAt(file, 'results') ?? {}).some((name) => name.includes('|'));
}
