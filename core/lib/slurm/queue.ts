// The queue as one question to Slurm, for all runs of a target together, and its answer.
import { quoteWord } from '../remote/quote.ts';
import { slurmSeconds } from './durations.ts';
import { FIELD } from '../remote/answer-parts.ts';

export interface QueuedJob {
  /** Of an array: the whole array's, with `arrayTask`. */
  readonly id: string;
  /** `3`, or `[4-9%2]` for tasks that still wait together; null when it is no array. */
  readonly arrayTask: string | null;
  readonly name: string;
  readonly user: string;
  readonly state: string;
  /** Why it waits, or where it failed; empty when it runs. */
  readonly reason: string;
  readonly partition: string;
  readonly nodes: number;
  /** `n[1-4]`, empty while it waits. */
  readonly nodeList: string;
  readonly gres: string;
  readonly elapsedSeconds: number | null;
  readonly limitSeconds: number | null;
  /** As the cluster writes it, in its time zone: `2026-11-22T09:00:00`. Null when it is not known. */
  readonly submitTime: string | null;
  readonly startTime: string | null;
  readonly dependency: string | null;
}

const columns = ['%i', '%j', '%u', '%T', '%r', '%P', '%D', '%N', '%b', '%M', '%l', '%V', '%S', '%E'];
/** No queue of a team is longer; more is the whole cluster's. */
const MAX_JOBS = 20_000;

/**
 * Jobs in the queue of these names or users (of everybody without either), finished ones of the last minutes included. POSIX sh;
 * ends with another code than 0 when Slurm does not answer.
 */
export function queueScript(
  filter: {
    readonly names?: readonly string[];
    /** Jobs of any name besides; those that are unknown are left out. */
    readonly ids?: readonly string[];
    readonly users?: readonly string[];
    /** Without jobs that are over. */
    readonly isLiveOnly?: boolean;
  } = {},
): string {
  const { names = [], users = [], ids = [], isLiveOnly = false } = filter;
  const whose = [
    ...(names.length === 0 ? [] : [`-n ${quoteWord(names.join(','))}`]),
    ...(users.length === 0 ? [] : [`-u ${quoteWord(users.join(','))}`]),
  ];
  const query = [
    `squeue -h${isLiveOnly ? '' : ' -t all'}`,
    ...whose,
    `-o ${quoteWord(columns.join(FIELD))}`,
  ].join(' ');
  const known = ids.filter((id) => /^\d+$/.test(id));
  const more =
    known.length === 0
      ? ''
      : `\nLC_ALL=C squeue -h -t all -j ${known.join(',')} -o ${quoteWord(columns.join(FIELD))} 2>/dev/null`;
  return `q=$(LC_ALL=C ${query}) || exit 1\nprintf "%s\\n" "$q" | head -n ${MAX_JOBS}${more}\ntrue`;
}

export function parseQueue(answer: string): readonly QueuedJob[] {
  return answer.split('\n').flatMap((line) => {
    const fields = line.split(FIELD);
    if (fields.length < columns.length) return [];
    const [
      id = '',
      name = '',
      user = '',
      state = '',
      reason = '',
      partition = '',
      nodes = '',
      nodeList = '',
    ] = fields;
    const [gres = '', elapsed = '', limit = '', submit = '', start = '', dependency = ''] = fields.slice(8);
    const [base = '', task] = id.split('_', 2);
    return [
      {
        id: base,
        arrayTask: task ?? null,
        name,
        user,
        state,
        reason: reason === 'None' ? '' : reason,
        partition,
        nodes: Number(nodes),
        nodeList,
        gres: known(gres) ?? '',
        elapsedSeconds: clockSeconds(elapsed),
        limitSeconds: slurmSeconds(limit),
        submitTime: known(submit),
        startTime: known(start),
        dependency: known(dependency),
      },
    ];
  });
}

function known(text: string): string | null {
  return text === '' || text === 'N/A' || text === '(null)' ? null : text;
}

/** squeue prints `4` seconds as `0:04`: always with a colon, unlike a limit. */
function clockSeconds(text: string): number | null {
  return text.includes(':') ? slurmSeconds(text.split(':').length === 2 ? `0:${text}` : text) : null;
}
