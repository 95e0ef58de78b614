// The `#SBATCH` lines of a batch script as sbatch reads them: only those before the first command count, and a line may hold several
// options. Knows how they are written, not what a site allows.
import { batchResourcesGiven, type ResourcesGiven } from './resources.ts';

export interface Directive {
  /** Long name, without dashes: `job-name`. */
  readonly option: string;
  /** Null for a flag such as `--requeue`. */
  readonly value: string | null;
  /** Zero-based line of the script. */
  readonly line: number;
}

export interface DirectiveReading {
  readonly directives: readonly Directive[];
  /** Zero-based lines of directives that sbatch does not read, for a command stands before them. */
  readonly late: readonly number[];
  /** Zero-based line of the first command; the number of lines where there is none. */
  readonly firstCommand: number;
}

const PREFIX = '#SBATCH';

/** Short names of sbatch (22.05) that carry a value. */
const short: Readonly<Record<string, string>> = {
  A: 'account',
  a: 'array',
  b: 'begin',
  C: 'constraint',
  c: 'cpus-per-task',
  D: 'chdir',
  d: 'dependency',
  e: 'error',
  F: 'nodefile',
  G: 'gpus',
  J: 'job-name',
  L: 'licenses',
  M: 'clusters',
  m: 'distribution',
  N: 'nodes',
  n: 'ntasks',
  o: 'output',
  p: 'partition',
  q: 'qos',
  S: 'core-spec',
  t: 'time',
  w: 'nodelist',
  x: 'exclude',
};
const shortFlags: Readonly<Record<string, string>> = {
  H: 'hold',
  k: 'no-kill',
  O: 'overcommit',
  Q: 'quiet',
  s: 'oversubscribe',
  v: 'verbose',
  W: 'wait',
};
/** Long options without a value, or whose value is always written with `=`. */
const flags: ReadonlySet<string> = new Set([
  'contiguous',
  'exclusive',
  'hold',
  'ignore-pbs',
  'no-kill',
  'no-requeue',
  'overcommit',
  'oversubscribe',
  'parsable',
  'quiet',
  'requeue',
  'reboot',
  'spread-job',
  'test-only',
  'use-min-nodes',
  'verbose',
  'wait',
]);

export function readDirectives(script: string): DirectiveReading {
  const directives: Directive[] = [];
  const late: number[] = [];
  const lines = script.split('\n');
  let firstCommand = lines.length;
  for (const [line, text] of lines.entries()) {
    const isDirective = text.startsWith(PREFIX) && /^(?:\s|$)/.test(text.slice(PREFIX.length));
    if (isDirective && firstCommand < lines.length) late.push(line);
    else if (isDirective) directives.push(...optionsOf(text.slice(PREFIX.length), line));
    else if (firstCommand === lines.length && !/^\s*(?:#|$)/.test(text)) firstCommand = line;
  }
  return { directives, late, firstCommand };
}

/** The value of an option as sbatch takes it: the last one counts. Undefined where it is not given. */
export function valueOf(directives: readonly Directive[], option: string): string | null | undefined {
  return directives.findLast((directive) => directive.option === option)?.value;
}

function optionsOf(text: string, line: number): readonly Directive[] {
  const words = wordsOf(text);
  const found: Directive[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    const takesNext = next !== undefined && !next.startsWith('-');
    if (word.startsWith('--')) {
      const split = word.indexOf('=');
      const option = word.slice(2, split < 0 ? undefined : split);
      const isFlag = flags.has(option) || !takesNext;
      if (split >= 0) found.push({ option, value: word.slice(split + 1), line });
      else if (isFlag) found.push({ option, value: null, line });
      else {
        found.push({ option, value: next, line });
        index += 1;
      }
      continue;
    }
    const letter = /^-([A-Za-z])(.*)$/s.exec(word);
    if (!letter) continue;
    const [, name = '', attached = ''] = letter;
    const flag = shortFlags[name];
    if (flag !== undefined) found.push({ option: flag, value: null, line });
    else if (attached !== '') found.push({ option: short[name] ?? name, value: attached, line });
    else if (takesNext) {
      found.push({ option: short[name] ?? name, value: next, line });
      index += 1;
    }
  }
  return found;
}

/** Words of a directive: quotes group, `#` starts a comment. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const [piece] of text.matchAll(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g)) {
    if (piece.startsWith('#')) break;
    words.push(
      piece.replaceAll(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, double, single, escaped) =>
        String(double ?? single ?? escaped ?? ''),
      ),
    );
  }
  return words;
}

/** What the directives ask for, as far as the studio has a field for it. What it cannot read is left out. */
export function resourcesOf(directives: readonly Directive[]): ResourcesGiven {
  const text = (option: string): string | undefined => valueOf(directives, option) ?? undefined;
  const count = (option: string): number | undefined => {
    const value = text(option);
    return value !== undefined && /^\d+/.test(value) ? Number.parseInt(value, 10) : undefined;
  };
  const gpus = gpusOf(text('gpus-per-node') ?? /(?:^|,)gpu:?([^,]*)/.exec(text('gres') ?? '')?.[1]);
  const restart = directives.findLast(({ option }) => option === 'requeue' || option === 'no-requeue');
  const asked: ResourcesGiven = {
    partition: text('partition'),
    account: text('account'),
    qos: text('qos'),
    nodes: count('nodes'),
    tasksPerNode: count('ntasks-per-node'),
    cpusPerTask: count('cpus-per-task'),
    memoryPerNodeMb: megabytes(text('mem')),
    walltime: text('time'),
    array: text('array'),
    requeue: restart === undefined ? undefined : restart.option === 'requeue',
    ...gpus,
  };
  const readable = Object.entries(asked).filter(
    ([name, value]) => value !== undefined && batchResourcesGiven.safeParse({ [name]: value }).success,
  );
  return Object.fromEntries(readable);
}

/** `4`, `a100:4`, `:4` */
function gpusOf(text: string | undefined): ResourcesGiven {
  const found = /^(?:([A-Za-z][^:]*):?)?:?(\d+)?$/.exec(text ?? '?');
  if (!found) return {};
  return { gpusPerNode: Number(found[2] ?? 1), ...(found[1] === undefined ? {} : { gpuType: found[1] }) };
}

/** `4000`, `64G`: megabytes without a unit. */
function megabytes(text: string | undefined): number | undefined {
  const found = /^(\d+)([KMGT]?)B?$/i.exec(text ?? '');
  if (!found) return undefined;
  const factor = { K: 1 / 1024, M: 1, G: 1024, T: 1024 * 1024 }[(found[2] ?? '').toUpperCase()] ?? 1;
  return Math.max(1, Math.round(Number(found[1]) * factor));
}
