// Which groups of lm-eval a task is a part of: mmlu_anatomy of mmlu_stem, that of mmlu. From a results file as JSON; knows no names.
import { type JsonObject, numberAt, objectAt } from './json-values.ts';
import type { EvaluationResult } from '../result.ts';

/** By group its direct parts; a group without any is a task that can be cut into none. */
export type GroupParts = ReadonlyMap<string, readonly string[]>;

export function partsOfGroups(file: JsonObject): GroupParts {
  const found = new Map<string, readonly string[]>();
  for (const [group, parts] of Object.entries(objectAt(file, 'group_subtasks') ?? {})) {
    const names = Array.isArray(parts) ? parts.filter((one): one is string => typeof one === 'string') : [];
    if (names.length > 0) found.set(group, names);
  }
  return found;
}

/** The nearest first. A group that is a part of itself ends the walk. */
export function groupsAbove(task: string, parts: GroupParts): readonly string[] {
  const above = new Set<string>();
  let names: readonly string[] = [task];
  while (names.length > 0) {
    const next: string[] = [];
    for (const [group, own] of parts)
      if (group !== task && !above.has(group) && names.some((name) => own.includes(name))) next.push(group);
    for (const group of next) above.add(group);
    names = next;
  }
  return [...above];
}

/** Examples before each question, where the file says it of this task. */
export const shotsOf = (file: JsonObject, task: string): number | null =>
  numberAt(objectAt(file, 'n-shot'), task) ??
  numberAt(objectAt(objectAt(file, 'configs'), task), 'num_fewshot');

/** Of a group that says nothing itself: what all its parts say. Null where they differ. */
export function commonShots(file: JsonObject, group: string, parts: GroupParts): number | null {
  const seen = new Set<string>();
  const shots = new Set<number | null>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const below = parts.get(name);
    if (below === undefined) shots.add(shotsOf(file, name));
    else for (const part of below) visit(part);
  };
  if (!parts.has(group)) return null;
  visit(group);
  const [only = null] = shots;
  return shots.size === 1 ? only : null;
}

/** Of two results of one file. Where the file does not say it, `mmlu_anatomy` is a part of `mmlu`. */
export const isPartOf = (
  { task, groups }: Pick<EvaluationResult, 'task' | 'groups'>,
  group: string,
): boolean => groups?.includes(group) ?? task.startsWith(`${group}_`);
