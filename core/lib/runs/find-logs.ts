// Finding the files of many runs on another computer that are worth following: logs of tasks, ranks and nodes, metrics of tasks.
// Names are judged here, by the same table as names on this computer; the other side only leaves out what is surely nothing.
import { quoteWord } from '../remote/quote.ts';
import { DEEPEST, isCurveFile, logNameOf, MAIN_LOG, METRICS, metricsNameOf } from './log-names.ts';

/** An array of a thousand tasks has as many logs; what is more stays on the cluster. */
export const MAX_FOLLOWED = 512;
/** Lines of an answer: outputs with thousands of files must not come along. */
const MAX_FOUND = 2000;

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

/** POSIX sh; prints `<index> <path below the folder>`. `folders` are quoted words. `withCurves`: other programs' files too. */
export function findLogsScript(folders: readonly string[], withCurves: readonly boolean[]): string {
  const names = (patterns: readonly string[]): string =>
    patterns.map((pattern) => `-name ${quoteWord(pattern)}`).join(' -o ');
  const finder = (name: string, patterns: readonly string[]): string =>
    `${name}() { ( cd -- "$2" 2>/dev/null && find . -maxdepth ${DEEPEST} \\( ${names(left)} \\) -prune -o -type f \\( ${names(patterns)} \\) -print 2>/dev/null | head -n ${MAX_FOUND} | sed "s/^\\.\\//$1 /" ); }`;
  return [
    finder('l', wanted),
    finder('m', [...wanted, ...curves]),
    ...folders.map((folder, index) => `${withCurves[index] ? 'm' : 'l'} ${index} ${folder}`),
    'true',
  ].join('\n');
}

/** Names below each folder, those that every run has left out, at most `MAX_FOLLOWED`. */
export function parseFoundLogs(answer: string, count: number): readonly (readonly string[])[] {
  const found = Array.from({ length: count }, (): string[] => []);
  for (const line of answer.split('\n')) {
    const split = line.indexOf(' ');
    const names = found[Number(line.slice(0, split))];
    const name = line.slice(split + 1);
    if (split < 1 || !names || name === MAIN_LOG || name === METRICS || name.split('/').includes('..'))
      continue;
    const isWanted = logNameOf(name) !== null || metricsNameOf(name) !== null || isCurveFile(name);
    if (isWanted && names.length < MAX_FOLLOWED) names.push(name);
  }
  return found;
}
