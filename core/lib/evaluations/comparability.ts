// Which results may stand in one column, and what keeps two of them apart, in words. Pure.
import { HASH_START, hashText } from '../jql/hash.ts';
import type { EvaluationResult } from './result.ts';

type Setting = EvaluationResult;

interface Part {
  readonly name: string;
  readonly of: (result: Setting) => string | null;
  /** As it stands in a sentence. */
  readonly say: (result: Setting) => string;
}

const orUnknown = (value: string | number | null): string => (value === null ? 'unknown' : String(value));

/** What a printed table holds whose columns name tasks alone. */
export const UNNAMED_METRIC = 'score';

/** In the order of how much they change a number. `null` and `unknown`: the source does not say. */
const PARTS: readonly Part[] = [
  { name: 'task', of: ({ task }) => task, say: ({ task }) => task },
  {
    name: 'metric',
    of: ({ metric }) => (metric === UNNAMED_METRIC ? null : metric),
    say: ({ metric }) => (metric === UNNAMED_METRIC ? 'unknown' : metric),
  },
  { name: 'filter', of: ({ filter }) => filter, say: ({ filter }) => filter },
  { name: 'task version', of: ({ version }) => version, say: ({ version }) => orUnknown(version) },
  {
    name: 'number of examples',
    of: ({ shots }) => (shots === null ? null : String(shots)),
    say: ({ shots }) => (shots === null ? 'unknown' : `${shots}-shot`),
  },
  {
    name: 'chat template',
    of: ({ chatTemplate }) => known(chatTemplate),
    say: ({ chatTemplate }) => chatTemplate,
  },
  {
    name: 'system prompt',
    of: ({ systemPrompt }) => known(systemPrompt),
    say: ({ systemPrompt }) => systemPrompt,
  },
  {
    name: 'limit',
    of: ({ limit }) => known(String(limit)),
    say: ({ limit }) =>
      typeof limit === 'number' ? (limit < 1 ? `${limit * 100} %` : `${limit} questions`) : limit,
  },
  {
    name: 'harness',
    of: ({ harness }) => known(harness),
    say: ({ harness }) => harness,
  },
  {
    name: 'harness version',
    of: ({ harness, harnessVersion }) => (harnessVersion === null ? null : `${harness} ${harnessVersion}`),
    say: ({ harness, harnessVersion }) => `${harness} ${orUnknown(harnessVersion)}`,
  },
  {
    name: 'task hash',
    of: ({ taskHash }) => taskHash,
    say: ({ taskHash }) => (taskHash === null ? 'unknown' : taskHash.slice(0, 12)),
  },
];

const known = (text: string): string | null => (text === 'unknown' ? null : text);

const KEY_PARTS = PARTS.filter(({ name }) => name !== 'task hash');

/** Alone they change no number that should be compared, but are worth saying. */
const REMARKS: ReadonlySet<string> = new Set(['harness version', 'task hash']);

/**
 * Results with one key may stand in one column. What the source does not say is a value of its own, so that a pasted table is
 * never taken for a run with known settings.
 */
export function comparabilityKey(result: EvaluationResult): string {
  return JSON.stringify(KEY_PARTS.map(({ of }) => of(result)));
}

/** The same as eleven digits, for links and files. */
export function columnHash(key: string): string {
  const digits = (start: number) => hashText(key, start).toString(36).padStart(7, '0');
  return `${digits(HASH_START)}${digits(1)}`.slice(0, 11);
}

/** Every setting in words: `number of examples 5-shot`, `harness lm-eval`. */
export const settingsOf = (result: EvaluationResult): readonly string[] =>
  KEY_PARTS.map(({ name, say }) => (name === 'number of examples' ? say(result) : `${name} ${say(result)}`));

/** What sets the second apart, short enough for the head of a column: `1-shot`, `limit 100 questions`. */
export const shortDifferences = (differences: readonly SettingDifference[]): readonly string[] =>
  differences.map(({ name, second }) =>
    name === 'number of examples' && second !== 'unknown' ? second : `${name} ${second}`,
  );

export interface SettingDifference {
  /** `examples`, `chat template`. */
  readonly name: string;
  readonly first: string;
  readonly second: string;
  /**
   * `different`: the numbers answer different questions. `unknown`: one side does not say. `remark`: should not matter, may.
   */
  readonly weight: 'different' | 'unknown' | 'remark';
  readonly sentence: string;
}

/** In the order of how much they matter; empty when the two may be compared as they stand. */
export function differencesOf(
  first: EvaluationResult,
  second: EvaluationResult,
): readonly SettingDifference[] {
  const found: SettingDifference[] = [];
  for (const { name, of, say } of PARTS) {
    const [a, b] = [of(first), of(second)];
    if (a === b) continue;
    // Versions of two harnesses are two things; the harness is said already.
    if (name === 'harness version' && (a === null || b === null || first.harness !== second.harness))
      continue;
    if (name === 'task hash' && (a === null || b === null)) continue;
    // Each model has a template of its own: another hash is no other way to ask.
    const weight =
      a === null || b === null
        ? ('unknown' as const)
        : REMARKS.has(name) || bothTemplates(name, a, b) || sameDefinitions(name, a, b)
          ? ('remark' as const)
          : ('different' as const);
    const [here, there] = [say(first), say(second)];
    found.push({
      name,
      first: here,
      second: there,
      weight,
      sentence:
        weight === 'unknown'
          ? `The ${name} is known on one side only: ${here}, ${there}`
          : `The ${name} differs: ${here}, ${there}`,
    });
  }
  return found;
}

const bothTemplates = (name: string, a: string, b: string): boolean =>
  name === 'chat template' && a !== 'none' && b !== 'none';

/** The studio asks as lm-eval does: test/integration/eval-run.test.ts. */
const sameDefinitions = (name: string, a: string, b: string): boolean =>
  name === 'harness' && [a, b].toSorted().join() === 'lm-eval,nesso';

/** True unless a setting is known on both sides and differs. */
export const mayCompare = (differences: readonly SettingDifference[]): boolean =>
  differences.every(({ weight }) => weight !== 'different');
