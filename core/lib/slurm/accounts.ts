// How jobs ended, from Slurm's accounts: known for as long as the site keeps them, also long after the controller forgot the job.
// Many sites keep none.
import { FIELD } from '../remote/answer-parts.ts';

export interface AccountRow {
  readonly jobId: string;
  readonly name: string;
  /** `PREEMPTED`, `CANCELLED by ada` */
  readonly state: string;
}

const WHO = 'who';

/** POSIX sh; ends with another code than 0 where no accounts are kept. Every start of a job is a row of its own. */
export function accountsScript(jobIds: readonly string[]): string {
  const ids = jobIds.filter((id) => /^\d+$/.test(id)).join(',');
  const query = `sacct -D -X -n -P --delimiter=${FIELD} -j ${ids} -o JobID,JobName,State,Start`;
  return [
    `q=$(LC_ALL=C ${query}) || exit 1`,
    'printf "%s\\n" "$q"',
    // Numbers of users as names, where this computer knows them.
    `printf '%s\\n' "$q" | sed -n 's/.*CANCELLED by \\([0-9]*\\).*/\\1/p' | sort -u | while read -r u; do`,
    `  n=$(id -nu "$u" 2>/dev/null) && printf '${WHO}${FIELD}%s${FIELD}%s\\n' "$u" "$n"`,
    'done',
    'true',
  ].join('\n');
}

/** Oldest start first; starts that never came about (cancelled while they waited) keep their place at the end. */
export function parseAccounts(answer: string): readonly AccountRow[] {
  const lines = answer.split('\n').map((line) => line.split(FIELD));
  const names = new Map(
    lines.flatMap(([kind, user = '', name = '']) => (kind === WHO ? [[user, name]] : [])),
  );
  return lines
    .flatMap(([jobId = '', name = '', state = '', start = '']) =>
      /^\d/.test(jobId)
        ? [
            {
              jobId,
              name,
              state: state.replace(/\bby (\d+)/, (_, user: string) => `by ${names.get(user) ?? user}`),
              start,
            },
          ]
        : [],
    )
    .sort((left, right) => order(left.start) - order(right.start) || (left.start < right.start ? -1 : 1))
    .map(({ jobId, name, state }) => ({ jobId, name, state }));
}

function order(start: string): number {
  return /^\d/.test(start) ? 0 : 1;
}
