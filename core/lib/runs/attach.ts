// A folder on another computer that somebody's run wrote, and what can be known of that run from it: whose it is, which job, which
// file is its log. For runs of this studio, of other studios, and for any folder with a log.
import { PART } from '../remote/answer-parts.ts';
import { compareLogNames, DEEPEST, isCurveFile, logNameOf, MAIN_LOG, metricsNameOf } from './log-names.ts';

/** Outputs may lie beside the logs. */
const MAX_FILES = 5000;
/** A batch script, a config: text that a person wrote. */
const MAX_TEXT_BYTES = 262_144;

/** POSIX sh. `path` is a quoted word: a folder, or a log in it. Ends with 76 where there is nothing, 77 where it may not be read. */
export function attachScript(path: string): string {
  const part = (name: string): string => `printf '\n${PART}%s\n' ${name}`;
  return [
    'export LC_ALL=C',
    `p=${path} f=`,
    '[ -e "$p" ] || exit 76',
    'if [ ! -d "$p" ]; then f=${p##*/}; case $p in */*) p=${p%/*} ;; *) p=. ;; esac; fi',
    'cd -- "$p" 2>/dev/null && ls >/dev/null 2>&1 || exit 77',
    part('who'),
    'stat -c %U . ; id -un; pwd -P; date +%s; printf "%s\n" "$f"',
    part('files'),
    // Size, age and name of each; what is surely no log is left out on this side.
    `find . -maxdepth ${DEEPEST} -name '.?*' -prune -o -type f -exec stat -c '%s %Y %n' {} + 2>/dev/null | head -n ${MAX_FILES}`,
    part('job'),
    'head -n 1 job.id 2>/dev/null',
    part('attempts'),
    'tail -n 1 attempts.jsonl 2>/dev/null',
    part('script'),
    `head -c ${MAX_TEXT_BYTES} job.sh 2>/dev/null`,
    part('config'),
    'for c in inputs/*.yaml inputs/*.yml inputs/*.json *.yaml *.yml; do',
    `  if [ -f "$c" ]; then printf '%s\n' "$c"; head -c ${MAX_TEXT_BYTES} "$c"; break; fi`,
    'done',
    'true',
  ].join('\n');
}

export const attachCodes = { missing: 76, unreadable: 77 } as const;

export interface FoundRun {
  readonly owner: string;
  /** Who asks. */
  readonly user: string;
  /** Absolute, links resolved. */
  readonly folder: string;
  /** The scheduler's number; null where nothing tells it. */
  readonly jobId: string | null;
  /** As the batch script names it; null without one. */
  readonly jobName: string | null;
  /** As the batch script asks for it. */
  readonly array: string | null;
  /** Below the folder; null where there is no log. */
  readonly log: string | null;
  readonly hasMetrics: boolean;
  /** Metrics of other programs: event files, wandb, trainer states. */
  readonly curveFiles: readonly string[];
  /** Null where the folder has no batch script of ours. */
  readonly script: string | null;
  readonly config: { readonly path: string; readonly text: string } | null;
  /** Since the newest of its files was written, by the clock there. */
  readonly quietSeconds: number;
}

/** Null for a folder that holds nothing of a run. */
export function parseFoundRun(answer: string): FoundRun | null {
  const parts = partsOf(answer);
  const [owner = '', user = '', folder = '', clock = '', file = ''] = (parts.get('who') ?? '').split('\n');
  const files = (parts.get('files') ?? '').split('\n').flatMap((line) => {
    const [, size, time, name] = /^(\d+) (\d+) \.\/(.+)$/.exec(line) ?? [];
    return size === undefined || time === undefined || name === undefined
      ? []
      : [{ name, size: Number(size), writtenS: Number(time) }];
  });
  const logs = files.filter(({ name }) => logNameOf(name) !== null || name === file);
  const script = parts.get('script') ?? '';
  const hasMetrics = files.some(({ name }) => metricsNameOf(name) !== null);
  const curveFiles = files.map(({ name }) => name).filter(isCurveFile);
  const relevant = files.filter(
    ({ name }) => logs.some((log) => log.name === name) || metricsNameOf(name) || isCurveFile(name),
  );
  if (relevant.length === 0) return null;
  const log = chosenLog(logs, file);
  const slurmLog = /(?:^|\/)slurm-(\d+)(?:_\d+)?\.out$/.exec(log ?? '')?.[1];
  const noted = /"job":"(\d+)"/.exec(parts.get('attempts') ?? '')?.[1];
  const known = /^\d+$/.exec((parts.get('job') ?? '').trim())?.[0];
  const array = directive(script, 'array');
  return {
    owner,
    user,
    folder,
    jobId: noted ?? known ?? slurmLog ?? null,
    jobName: directive(script, 'job-name'),
    array: array !== null && /^[\d,:%-]+$/.test(array) ? array : null,
    log,
    hasMetrics,
    curveFiles,
    script: script.trim() === '' ? null : script,
    config: configOf(parts.get('config') ?? ''),
    quietSeconds: Math.max(0, Number(clock) - Math.max(0, ...relevant.map(({ writtenS }) => writtenS))),
  };
}

/** The one that was asked for, the run's own by its name, else the newest of those that belong to no single rank or task. */
function chosenLog(
  logs: readonly { readonly name: string; readonly writtenS: number; readonly size: number }[],
  file: string,
): string | null {
  if (file !== '') return file;
  if (logs.some(({ name }) => name === MAIN_LOG)) return MAIN_LOG;
  const own = logs.filter(({ name }) => ['main', 'other'].includes(logNameOf(name)?.kind ?? ''));
  const [newest] = [...(own.length > 0 ? own : logs)].sort(
    (left, right) => right.writtenS - left.writtenS || compareLogNames(left.name, right.name),
  );
  return newest?.name ?? null;
}

function directive(script: string, option: string): string | null {
  const found = new RegExp(`^#SBATCH\\s+--${option}[= ](\\S+)\\s*$`, 'm').exec(script)?.[1];
  return found ?? null;
}

function configOf(text: string): FoundRun['config'] {
  const end = text.indexOf('\n');
  return end < 1 ? null : { path: text.slice(0, end), text: text.slice(end + 1) };
}

function partsOf(answer: string): ReadonlyMap<string, string> {
  return new Map(
    answer
      .split(`\n${PART}`)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1)]),
  );
}
