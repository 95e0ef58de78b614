// For which datasets a person chose to go on without their damaged files. Every library of a core shares the choices, so that
// rows, quality and scoring read the same files. A choice is about files as they are: when one changes, it is forgotten.
import { stat } from 'node:fs/promises';
import type { DataFile } from './data-files.ts';

export interface DamageChoices {
  choose(path: string): void;
  /** Whether damaged files of the dataset at `path` are left out. `files` is all that it stands for now. */
  check(path: string, files: readonly DataFile[]): Promise<boolean>;
}

export function createDamageChoices(): DamageChoices {
  /** What the files were when the dataset was first opened after the choice; null before. */
  const chosen = new Map<string, string | null>();
  return {
    choose(path) {
      chosen.set(path, null);
    },
    async check(path, files) {
      const before = chosen.get(path);
      if (before === undefined) return false;
      const now = await factsOf(files);
      if (before === null) chosen.set(path, now);
      else if (before !== now) chosen.delete(path);
      return chosen.has(path);
    },
  };
}

const shared = new WeakMap<object, DamageChoices>();

/** The choices of one core, known by its context. */
export function damageChoicesOf(context: object): DamageChoices {
  const known = shared.get(context) ?? createDamageChoices();
  shared.set(context, known);
  return known;
}

async function factsOf(files: readonly DataFile[]): Promise<string> {
  const facts: unknown[] = [];
  for (const { path } of files) {
    // A file that cannot be looked at is a fact too.
    const info = await stat(path).catch(() => null);
    facts.push([path, info?.size ?? null, info?.mtimeMs ?? null]);
  }
  return JSON.stringify(facts);
}
