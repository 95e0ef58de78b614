// What Slurm itself wrote into the log of a job that it ended: known also where the site keeps no accounts and has forgotten the job.
// Words of slurmstepd and slurmd, Slurm 20.11 to 24.05.

/** As the names of job states. In order: what stands first is the cause, what follows is how Slurm cleaned up after it. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/oom[_-]kill event|Exceeded (?:job|step) memory limit|Out Of Memory/i, 'OUT_OF_MEMORY'],
  [/DUE TO TIME LIMIT/, 'TIMEOUT'],
  [/DUE TO PREEMPTION/, 'PREEMPTED'],
  [/DUE TO NODE FAILURE/, 'NODE_FAIL'],
  [/DUE TO JOB REQUEUE/, 'REQUEUED'],
  [/\*\*\* (?:JOB|STEP) \S+ ON \S+ (?:CANCELLED|FAILED) AT /, 'CANCELLED'],
];

/** A trainer that prints such words is not Slurm: its lines start otherwise. */
const own = /^(?:slurmstepd|slurmd|srun)(?:-[\w.-]+)?: (?:error: )?.*$/gm;

/** `end`: the last piece of a log. Null where Slurm wrote nothing about an end. */
export function stateInLog(end: string): string | null {
  const lines = end.match(own)?.join('\n') ?? '';
  return signs.find(([sign]) => sign.test(lines))?.[1] ?? null;
}
