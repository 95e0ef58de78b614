// A run's rule as a file of the workspace, and what studios remember of carrying it out: what failed, and when it is tried again.
// Knows neither what a rule says nor what it does.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { CHECKPOINTS_FOLDER } from '../../lib/checkpoints/life-files.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { addFailure, type Due, type Failures, withoutFailure } from './failures.ts';

export interface RuleStoreOptions<Rule, State> {
  /** In the run's folder of checkpoints: shared with everybody who has the workspace. */
  readonly fileName: string;
  readonly rule: z.ZodType<Rule>;
  /** Below .studio. */
  readonly stateFolder: string;
  /** Reads `{}` as nothing done and nothing failed. */
  readonly state: z.ZodType<State>;
}

export interface RuleStore<Rule, State, Step extends Due> {
  /** Null where there is none, or none that can be read. */
  read(root: string, runId: string): Promise<Rule | null>;
  /** By name of the run. */
  readAll(root: string): Promise<readonly (readonly [runId: string, rule: Rule])[]>;
  /** Null takes it away. */
  save(root: string, runId: string, rule: Rule | null): Promise<void>;
  stateOf(root: string, runId: string): Promise<State>;
  /** Notes what became of `due`, which is no failure any more. */
  noteDone(root: string, runId: string, due: Step, change: (before: State) => State): Promise<void>;
  /** True when it has not failed with these words before. */
  noteFailure(root: string, runId: string, due: Step, message: string): Promise<boolean>;
}

export function createRuleStore<Rule, Step extends Due, State extends Failures<Step>>({
  fileName,
  rule,
  stateFolder,
  state,
}: RuleStoreOptions<Rule, State>): RuleStore<Rule, State, Step> {
  const rulePath = (root: string, runId: string) => join(root, CHECKPOINTS_FOLDER, runId, fileName);
  const statePath = (root: string, runId: string) => join(root, '.studio', stateFolder, `${runId}.json`);

  const read = async (root: string, runId: string): Promise<Rule | null> =>
    rule.safeParse(await jsonOf(rulePath(root, runId))).data ?? null;
  const stateOf = async (root: string, runId: string): Promise<State> =>
    state.safeParse(await jsonOf(statePath(root, runId))).data ?? state.parse({});
  const change = (root: string, runId: string, next: (before: State) => State): Promise<void> => {
    const path = statePath(root, runId);
    return withFileLock(root, path, async () =>
      writeFileAtomic(path, JSON.stringify(next(await stateOf(root, runId)))),
    );
  };

  return {
    read,
    async readAll(root) {
      const runs = await readdir(join(root, CHECKPOINTS_FOLDER)).catch((): string[] => []);
      const rules = await Promise.all(runs.sort().map(async (run) => [run, await read(root, run)] as const));
      return rules.flatMap(([run, found]) => (found === null ? [] : [[run, found] as const]));
    },
    async save(root, runId, next) {
      const path = rulePath(root, runId);
      if (next === null) await rm(path, { force: true });
      else await writeFileAtomic(path, `${JSON.stringify(next, null, 2)}\n`);
    },
    stateOf,
    noteDone: (root, runId, due, next) =>
      change(root, runId, (before) => next({ ...before, failures: withoutFailure(before.failures, due) })),
    async noteFailure(root, runId, due, message) {
      let isNew = false;
      await change(root, runId, (before) => {
        const added = addFailure(before.failures, due, message);
        isNew = added.isNew;
        return { ...before, failures: added.failures };
      });
      return isNew;
    },
  };
}

/** Null where there is no such file, or none that can be read. */
async function jsonOf(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return null;
  }
}
