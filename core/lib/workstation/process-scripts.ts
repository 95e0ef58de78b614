// What the studio asks a workstation: to start a run once, how its runs stand, to end one. POSIX sh over the remote loop.
import { quoteWord } from '../remote/quote.ts';
import { identityFunctions, SUPERVISOR_FILE } from './supervisor.ts';

/** Exit codes of the start besides the shell's own. */
export const startCodes = {
  /** The folder of the run is not there. */
  noFolder: 76,
  /** It was started, and nothing shows that it ever came up. */
  forgotten: 78,
  /** No Linux, no bash, or no flock. */
  unfit: 79,
} as const;

/**
 * Prints the number of the supervisor. May be sent any number of times: a start happens once. `folder` is a quoted word; `start` is
 * 0, and one more for every time the run is resumed. `again`: a person saw that it never came up.
 */
export function startScript(folder: string, start = 0, again = false): string {
  return [
    `cd -- ${folder} || exit ${startCodes.noFolder}`,
    `[ -r /proc/sys/kernel/random/boot_id ] && command -v bash >/dev/null && command -v flock >/dev/null || exit ${startCodes.unfit}`,
    // One start at a time; the lock is not for those who live on.
    'exec 8> start.lock && flock 8',
    ...(again ? [`[ -s supervisor ] || rm -rf started-${start}`] : []),
    `if [ ! -d started-${start} ]; then`,
    '  rm -f supervisor job.pid result waiting stop',
    '  w=; command -v setsid >/dev/null && w=setsid',
    `  ( exec 3<&- 8>&- ; exec $w nohup bash ./${SUPERVISOR_FILE} ${start} </dev/null >/dev/null 2>supervise.log ) &`,
    'fi',
    'i=0; while [ ! -s supervisor ] && [ "$i" -lt 50 ]; do sleep 0.2; i=$((i + 1)); done',
    `[ -s supervisor ] || exit ${startCodes.forgotten}`,
    'read -r p rest < supervisor; echo "$p"',
  ].join('\n');
}

export type ProcessState =
  | { readonly kind: 'running' }
  | { readonly kind: 'waiting'; readonly reason: string }
  /** Its script noted the end. */
  | { readonly kind: 'ended' }
  /** The computer was started anew since. */
  | { readonly kind: 'rebooted' }
  /** Supervisor and job are gone, and nothing was noted. */
  | { readonly kind: 'vanished' }
  /** Processes of another computer cannot be asked for from this one. */
  | { readonly kind: 'elsewhere'; readonly host: string }
  | { readonly kind: 'no-folder' }
  | { readonly kind: 'not-started' };

/** Prints `<index> <state> <words>` for each folder. No process is started for a run that works. */
export function statesScript(folders: readonly string[]): string {
  return [
    identityFunctions,
    // As nesso_lives, without a process of its own: fifty runs are asked for at once.
    'here() {',
    '  [ -n "$2" ] && [ "$3" = "$nesso_boot" ] && read -r s 2>/dev/null < "/proc/$1/stat" || return 1',
    '  b=$2; set -- ${s##*) }; [ "$1" != Z ] && [ "$1" != X ] && [ "${20}" = "$b" ]',
    '}',
    'w() {',
    '  i=$1 f=$2',
    '  [ -d "$f" ] || { echo "$i no-folder"; return; }',
    '  [ -s "$f/result" ] && { echo "$i ended"; return; }',
    '  read -r p n t h 2>/dev/null < "$f/supervisor" || { echo "$i not-started"; return; }',
    '  if [ "$t" != "$nesso_boot" ]; then',
    '    if [ "$h" = "$nesso_host" ]; then echo "$i rebooted"; else echo "$i elsewhere $h"; fi; return',
    '  fi',
    '  if read -r jp jn jt 2>/dev/null < "$f/job.pid" && here "$jp" "$jn" "$jt"; then echo "$i running"; return; fi',
    '  if here "$p" "$n" "$t"; then',
    '    if [ -s "$f/job.pid" ]; then echo "$i running"; return; fi',
    '    q=; read -r q 2>/dev/null < "$f/waiting"; echo "$i waiting $q"; return',
    '  fi',
    '  if [ -s "$f/result" ]; then echo "$i ended"; else echo "$i vanished"; fi',
    '}',
    ...folders.map((folder, index) => `w ${index} ${folder}`),
    'true',
  ].join('\n');
}

/** Null for a folder that the answer leaves out. */
export function parseStates(answer: string, count: number): readonly (ProcessState | null)[] {
  const states: (ProcessState | null)[] = Array.from({ length: count }, () => null);
  for (const line of answer.split('\n')) {
    const [index = '', kind = '', ...words] = line.split(' ');
    if (!/^\d+$/.test(index) || Number(index) >= count) continue;
    const text = words.join(' ');
    if (kind === 'waiting') states[Number(index)] = { kind, reason: text };
    else if (kind === 'elsewhere') states[Number(index)] = { kind, host: text };
    else if (isPlain(kind)) states[Number(index)] = { kind };
  }
  return states;
}

const plain = ['running', 'ended', 'rebooted', 'vanished', 'no-folder', 'not-started'] as const;

function isPlain(kind: string): kind is (typeof plain)[number] {
  return (plain as readonly string[]).includes(kind);
}

/**
 * Warns the job as Slurm would, and ends its whole group after `graceSeconds`, whoever is connected then. A run that waits for its
 * turn gives it up.
 */
export function stopScript(folder: string, graceSeconds: number): string {
  const later = [
    identityFunctions,
    `sleep ${Math.max(1, Math.ceil(graceSeconds))}`,
    'nesso_lives "$1" "$2" "$3" && kill -s KILL -- "-$1" 2>/dev/null',
  ].join('\n');
  return [
    `cd -- ${folder} || exit ${startCodes.noFolder}`,
    identityFunctions,
    ': > stop',
    'read -r p n t < job.pid 2>/dev/null || exit 0',
    'nesso_lives "$p" "$n" "$t" || exit 0',
    'kill -s TERM "$p"',
    'w=; command -v setsid >/dev/null && w=setsid',
    `( exec 3<&- ; exec $w nohup sh -c ${quoteWord(later)} nesso "$p" "$n" "$t" </dev/null >/dev/null 2>&1 ) &`,
  ].join('\n');
}
