// Which runs curves are drawn of: picked one by one or by a rule, pinned, hidden, coloured and grouped. Pure.
import { z } from 'zod';

const MAX_RUNS = 200;
const MAX_ID = 200;
const ids = z.array(z.string().max(MAX_ID)).max(MAX_RUNS).default([]);

export const runGrouping = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  /** By the name without the parts at its end that have a digit: `base-lr1e-3`, `base-lr2e-3` are `base`. */
  z.object({ kind: z.literal('name') }),
  z.object({ kind: z.literal('recipe') }),
  /** By the value of a key of the config or a parameter of the launch, dots between its parts. */
  z.object({ kind: z.literal('config'), key: z.string().min(1).max(500) }),
]);
export type RunGrouping = z.infer<typeof runGrouping>;

export const runChoice = z.object({
  picked: ids,
  /** Runs whose name matches are there too, also those to come: part of the name, or `/regular expression/`. Empty: none. */
  rule: z.string().max(500).default(''),
  /** First in every list and on top in charts. */
  pinned: ids,
  /** Chosen, but not drawn now. */
  hidden: ids,
  /** Numbers of series colours that a person chose. */
  colors: z.record(z.string().max(MAX_ID), z.number().int().min(0).max(7)).default({}),
  grouping: runGrouping.default({ kind: 'none' }),
});
export type RunChoice = z.infer<typeof runChoice>;

export const plainRunChoice: RunChoice = runChoice.parse({});

export interface NameFilter {
  readonly matches: (name: string) => boolean;
  /** Why it finds nothing: the regular expression cannot be read. */
  readonly problem: string | null;
}

/** Longer expressions than a person writes could take forever on a name. */
const MAX_PATTERN = 200;

/** Part of a name whatever the case, every word of it; or `/regular expression/`, `/…/i` included. An empty text matches all. */
export function nameFilter(text: string): NameFilter {
  const trimmed = text.trim();
  const expression = /^\/(.+)\/(i?)$/.exec(trimmed);
  if (expression) {
    const [, source = '', flags = ''] = expression;
    try {
      if (source.length > MAX_PATTERN) throw new Error('The expression is too long');
      const pattern = new RegExp(source, `${flags}u`);
      return { matches: (name) => pattern.test(name), problem: null };
    } catch (error) {
      return { matches: () => false, problem: error instanceof Error ? error.message : String(error) };
    }
  }
  const words = trimmed.toLowerCase().split(/\s+/);
  return { matches: (name) => words.every((word) => name.toLowerCase().includes(word)), problem: null };
}

export interface NamedRun {
  readonly id: string;
  readonly name: string;
}

/** Ids of the runs that are chosen, each once: pinned ones first, then picked ones, then those of the rule; at most 200. */
export function chosenRuns(choice: RunChoice, runs: readonly NamedRun[]): readonly string[] {
  const known = new Set(runs.map((run) => run.id));
  const { matches } = nameFilter(choice.rule);
  const byRule =
    choice.rule.trim() === '' ? [] : runs.filter(({ name }) => matches(name)).map((run) => run.id);
  const all = [...choice.picked.filter((id) => known.has(id) || id.startsWith('file/')), ...byRule];
  const pinned = choice.pinned.filter((id) => all.includes(id));
  return [...new Set([...pinned, ...all])].slice(0, MAX_RUNS);
}

/** The name without the parts at its end that have a digit: numbers, seeds, versions, rates. The name itself when nothing is left. */
export function nameGroup(name: string): string {
  const parts = name.split(/([-_. /]+)/);
  while (parts.length > 1 && /\d/.test(parts.at(-1) ?? '')) parts.splice(-2);
  const group = parts.join('');
  return group === '' ? name : group;
}
