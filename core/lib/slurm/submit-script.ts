// Submission that happens once: one script that may be sent any number of times, after any crash, and ends with one job. What it
// knows is kept in the run's folder on the cluster; the job itself carries the run's token in its name.
import { quoteWord } from '../remote/quote.ts';

/** Exit codes of the script besides sbatch's own (1) and the shell's. */
export const submitCodes = {
  /** Another submission of this run is at work right now. */
  busy: 75,
  /** The folder of the run is not there. */
  noFolder: 76,
  /** Slurm does not answer, so nobody can say whether the job is there already. */
  noAnswer: 77,
  /** It is in the queue, and its number could not be written down: found by its name next time. */
  noRoom: 79,
  /** It was submitted, and Slurm does not know the job any more; nothing shows that it ever started. */
  forgotten: 78,
} as const;

export const JOB_FILE = 'job.id';

/**
 * POSIX sh; prints the number of the job. `folder` is a quoted word. Needs job.sh there.
 * `again`: a person saw that the controller forgot the job, and wants it submitted anew.
 */
export function submitScript(
  folder: string,
  name: string,
  options: { readonly again?: boolean; readonly jobFile?: string | undefined } = {},
): string {
  const { again = false } = options;
  const job = quoteWord(name);
  const file = quoteWord(options.jobFile ?? JOB_FILE);
  return [
    'export LC_ALL=C',
    `cd -- ${folder} || exit ${submitCodes.noFolder}`,
    ...(again ? [`rm -f ${file}`] : []),
    '# One at a time: a folder appears for exactly one of many who make it. One whose maker is gone is taken over.',
    'if ! mkdir submitting 2>/dev/null; then',
    '  p=$(cat submitting/pid 2>/dev/null)',
    `  if [ -n "$p" ] && kill -0 "$p" 2>/dev/null; then exit ${submitCodes.busy}; fi`,
    '  # A maker that has not yet written who it is gets a moment.',
    `  [ -n "$p" ] || { sleep 2; [ -s submitting/pid ] && exit ${submitCodes.busy}; }`,
    'fi',
    'sh -c \'echo "$PPID"\' > submitting/pid',
    'done_with() { rm -rf submitting; exit "$1"; }',
    `q=$(squeue -h -t all -n ${job} -o %A 2>/dev/null) || done_with ${submitCodes.noAnswer}`,
    'q=$(printf "%s\\n" "$q" | sort -n | head -n 1)',
    `k=$(cat ${file} 2>/dev/null)`,
    '# Known and in the queue, or known and started once: that is the job.',
    'if [ -n "$k" ] && { [ -n "$q" ] || grep -qF "\\"job\\":\\"$k\\"" attempts*.jsonl 2>/dev/null; }; then echo "$k"; done_with 0; fi',
    `if [ -n "$k" ]; then done_with ${submitCodes.forgotten}; fi`,
    '# In the queue but never noted: the note was lost, not the job.',
    'if [ -z "$q" ]; then',
    '  if ! q=$(sbatch --parsable job.sh); then',
    '    # A controller that did not answer in time may have taken it all the same.',
    `    q=$(squeue -h -t all -n ${job} -o %A 2>/dev/null) || done_with ${submitCodes.noAnswer}`,
    '    q=$(printf "%s\\n" "$q" | sort -n | head -n 1)',
    '    [ -n "$q" ] || done_with 1',
    '  fi',
    '  q=${q%%;*}',
    'fi',
    `echo "$q" > ${file}.new && mv ${file}.new ${file} || done_with ${submitCodes.noRoom}`,
    'echo "$q"',
    'done_with 0',
  ].join('\n');
}
