// Finding the files of many runs on another computer that are worth following: logs of tasks, ranks and nodes, metrics of tasks.
// Names are judged here, by the same table as names on this computer; the other side only leaves out what is surely nothing.
import { quoteWord } from '../remote/quote.ts';
import { DEEPEST, isCurveFile, logNameOf, MAIN_LOG, METRICS, metricsNameOf } from './log-names.ts';

/** An array of a thousand tasks has as many logs; what is more stays on the cluster. */
export const MAX_FOLLOWED = 512;
/** Lines of an answer: outputs with thousands of files must not come along. */
const MAX_FOUND = 2000;

/** Answers to a benchmark of fifty thousand questions, with their prompts, are a few hundred MB; more is no result. */
const MAX_BROUGHT_MB = 1024;

const left = [
  'inputs',
  'programs',
  'sink',
  'submitting',
  '.?*',
  'checkpoint*',
  'node_modules',
  '__pycache__',
];
const wanted = ['*.txt', '*.log', '*.out', '*.err', 'metrics-*.jsonl', 'trainer_log.jsonl'];
const curves = ['*.tfevents.*', 'run-*.wandb', 'trainer_state.json'];

/** What is looked for in one run's folder. */
export interface Sought {
  /** Files of other programs with curves, too. */
  readonly withCurves: boolean;
  /** Folders below it whose files are all wanted. */
  readonly brings: readonly string[];
}

/** POSIX sh; prints `<index> <path below the folder>`, small files of brought folders first. `folders` are quoted words. */
export function findLogsScript(folders: readonly string[], sought: readonly Sought[]): string {
  const names = (patterns: readonly string[]): string =>
    patterns.map((pattern) => `-name ${quoteWord(pattern)}`).join(' -o ');
  const finder = (name: string, patterns: readonly string[]): string =>
    `${name}() { ( cd -- "$2" 2>/dev/null && find . -maxdepth ${DEEPEST} \\( ${names(left)} \\) -prune -o -type f \\( ${names(patterns)} \\) -print 2>/dev/null | head -n ${MAX_FOUND} | sed "s/^\\.\\//$1 /" ); }`;
  return [
    finder('l', wanted),
    finder('m', [...wanted, ...curves]),
    // Results are small and answers large: what a person waits for comes first.
    `b() { ( cd -- "$2" 2>/dev/null && for s in '! -size +1024k' '-size +1024k'; do find "./$3" -name '.?*' -prune -o -type f $s ! -size +${MAX_BROUGHT_MB * 1024}k -print 2>/dev/null; done | head -n ${MAX_FOUND} | sed "s/^\\.\\//$1 /" ); }`,
    ...folders.flatMap((folder, index) => [
      `${sought[index]?.withCurves === true ? 'm' : 'l'} ${index} ${folder}`,
      ...(sought[index]?.brings ?? []).map((brought) => `b ${index} ${folder} ${quoteWord(brought)}`),
    ]),
    'true',
  ].join('\n');
}

/** Names below each folder, those that every run has left out, at most `MAX_FOLLOWED`. */
export function parseFoundLogs(
  answer: string,
  sought: readonly Pick<Sought, 'brings'>[],
): readonly (readonly string[])[] {
  const found = sought.map((): string[] => []);
  for (const line of answer.split('\n')) {
    const split = line.indexOf(' ');
    const names = found[Number(line.slice(0, split))];
    const name = line.slice(split + 1);
    if (split < 1 || !names || name === MAIN_LOG || name === METRICS || name.split('/').includes('..'))
      continue;
    // A backslash parts folders on Windows.
    if (/[\\\p{Cc}]/u.test(name)) continue;
    const isBrought = sought[Number(line.slice(0, split))]?.brings.some((folder) =>
      name.startsWith(`${folder}/`),
    );
    const isWanted =
      isBrought === true || logNameOf(name) !== null || metricsNameOf(name) !== null || isCurveFile(name);
    if (isWanted && names.length < MAX_FOLLOWED && !names.includes(name)) names.push(name);
  }
  return found;
}
