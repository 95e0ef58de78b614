// Disks, time, code and script of a launch: what was found on the target or remembered from earlier runs, as findings with what to do.
import type { PreflightFinding, ScriptNote } from '../../api/launches.ts';
import { formatDiskSize, formatHours, formatInteger } from '../format/numbers.ts';
import { findingsOf } from './finding.ts';
import type { DiskSpace, GitState, LookAnswer } from './target-look.ts';

/** Less is a disk that is full for every purpose: log and metrics have to be written. */
const NEARLY_FULL_BYTES = 1024 ** 3;
/** What a job loses at its time limit should stay below this. */
const LONGEST_LOSS_HOURS = 1.5;

export interface DiskNeed {
  readonly disk: DiskSpace | null;
  /** `the checkpoints`, `the run` */
  readonly what: string;
  /** Null where it is not known. */
  readonly neededBytes: number | null;
  /** `160 checkpoints of 6.1 GB with optimizer` */
  readonly figure: string;
}

export function diskFindings(needs: readonly DiskNeed[]): readonly PreflightFinding[] {
  const say = findingsOf('disk');
  const findings = needs.flatMap(({ disk, what, neededBytes, figure }): PreflightFinding[] => {
    if (disk === null) return [];
    const { folder, freeBytes, quotaFreeBytes } = disk;
    const free = Math.min(freeBytes ?? Number.POSITIVE_INFINITY, quotaFreeBytes ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(free)) return [];
    const isQuota = quotaFreeBytes !== null && quotaFreeBytes === free;
    const left = `${formatDiskSize(free)} ${isQuota ? 'of the quota are left' : 'are free'} in ${folder}`;
    if (free < NEARLY_FULL_BYTES)
      return [
        say(
          'error',
          `There is hardly room for ${what}: ${left}`,
          'A run whose disk is full ends in the middle of a write; free some space first',
        ),
      ];
    if (neededBytes === null) return [];
    if (neededBytes > free) {
      return [
        say(
          'warning',
          `${figure} take ${formatDiskSize(neededBytes)}; ${left}`,
          'Old checkpoints are not deleted by the trainer: save less often, thin them out while it runs, or write elsewhere',
        ),
      ];
    }
    const note = isQuota
      ? left
      : `${left}${quotaFreeBytes === null ? '; a quota of this login may be smaller' : ''}`;
    return [say('info', `${figure} take ${formatDiskSize(neededBytes)}`, note)];
  });
  // Checkpoints and the run often share a disk: the same sentence is said once.
  return findings.filter(
    ({ severity, message }, index) =>
      findings.findIndex((other) => other.severity === severity && tail(other.message) === tail(message)) ===
      index,
  );
}

function tail(message: string): string {
  return message.slice(message.lastIndexOf(': '));
}

/** How fast the same training was before. */
export interface EarlierSpeed {
  readonly run: string;
  readonly secondsPerStep: number;
}

export interface TimeEvidence {
  readonly earlier: EarlierSpeed | null;
  readonly intervalSteps: number | null;
  readonly trainSteps: number | null;
  readonly walltimeSeconds: number | null;
  /** Whether the next job goes on where this one was ended. */
  readonly goesOn: boolean;
}

export function timeFindings({
  earlier,
  intervalSteps,
  trainSteps,
  walltimeSeconds,
  goesOn,
}: TimeEvidence): readonly PreflightFinding[] {
  const say = findingsOf('time');
  if (earlier === null || intervalSteps === null || walltimeSeconds === null) return [];
  const { run, secondsPerStep } = earlier;
  const hours = (intervalSteps * secondsPerStep) / 3600;
  const limit = walltimeSeconds / 3600;
  const basis = `${secondsPerStep.toPrecision(3)} s a step, as in ${run}`;
  const save = `Save every ${formatInteger(Math.max(1, Math.floor((Math.min(0.5, limit / 4) * 3600) / secondsPerStep)))} steps or so`;
  const wholeHours = trainSteps === null ? null : (trainSteps * secondsPerStep) / 3600;
  const endsInTime = wholeHours !== null && wholeHours <= limit;
  const findings: PreflightFinding[] = [];
  if (hours > limit && !endsInTime) {
    findings.push(
      say(
        'error',
        `The time limit of ${formatHours(limit)} comes before the first checkpoint, ${formatHours(hours)} in`,
        `${basis}. Everything would be lost. ${save}, or ask for more time`,
      ),
    );
  } else if (hours > LONGEST_LOSS_HOURS && !endsInTime) {
    findings.push(
      say(
        'warning',
        `A job that reaches its time limit loses up to ${formatHours(hours)} of training`,
        `${basis}. ${save}`,
      ),
    );
  } else {
    findings.push(say('info', `A checkpoint every ${formatHours(hours)}`, basis));
  }
  if (wholeHours !== null && wholeHours > limit) {
    const jobs = Math.ceil(wholeHours / limit);
    findings.push(
      say(
        goesOn ? 'info' : 'warning',
        `All steps take about ${formatHours(wholeHours)}: ${formatInteger(jobs)} jobs of ${formatHours(limit)}`,
        goesOn
          ? 'Each goes on from the newest checkpoint: resume the run when a job has ended'
          : 'Nothing says that the next job goes on: set the path to resume from',
      ),
    );
  }
  return findings;
}

/** The tool's checkout on the target, and what the recipe's own program said about it. */
export function codeFindings(
  path: string | null,
  checkout: GitState | null,
  program: LookAnswer['program'],
): readonly PreflightFinding[] {
  const say = findingsOf('code');
  const findings: PreflightFinding[] = [];
  if (path !== null && checkout === null) {
    findings.push(
      say(
        'info',
        `${path} is no git checkout that can be read`,
        'Which version of the tool ran will not be known',
      ),
    );
  }
  if (path !== null && checkout !== null) {
    const { branch, commit, changedFiles } = checkout;
    const where = `${branch ?? 'no branch'} at ${commit?.slice(0, 10)}`;
    if (changedFiles > 0) {
      findings.push(
        say(
          'warning',
          `${path} has ${formatInteger(changedFiles)} changed files that are in no commit`,
          `It is ${where}. What ran could not be told later: commit them`,
        ),
      );
    } else findings.push(say('info', `${path} is ${where}`, checkout.remote ?? 'It has no origin'));
  }
  if (program === null) return findings;
  const sentences = (text: string): readonly string[] =>
    text.split('\n').flatMap((line) => /^check: (?:cannot start: )?(.+)$/.exec(line.trim())?.[1] ?? []);
  for (const sentence of sentences(program.output))
    findings.push(say('warning', capital(sentence), 'The recipe looked at the checkout; see its notes'));
  const reasons = sentences(program.errors);
  for (const sentence of reasons)
    findings.push(
      say('error', capital(sentence), 'The recipe looked at the checkout; the run would end at its start'),
    );
  if (program.exitCode !== 0 && reasons.length === 0) {
    const last = program.errors.trim().split('\n').at(-1) ?? '';
    findings.push(
      say(
        'info',
        'The recipe could not look at the checkout',
        program.exitCode === 127 ? 'There is no python3 without modules or an environment' : last,
      ),
    );
  }
  return findings;
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** The workspace: whether what is launched is in a commit. */
export function workspaceFindings(
  changed: readonly string[] | null,
  files: readonly string[],
): readonly PreflightFinding[] {
  const say = findingsOf('code');
  if (changed === null || changed.length === 0) return [];
  const own = files.filter((file) => changed.includes(file));
  if (own.length > 0) {
    return [
      say(
        'info',
        `${own.join(', ')} differs from the last commit`,
        'Its text of now is kept with the run all the same',
      ),
    ];
  }
  return [
    say(
      'info',
      `${formatInteger(changed.length)} files of the workspace are not committed`,
      'The commit that the run remembers does not hold them',
    ),
  ];
}

export function scriptFindings(
  notes: readonly ScriptNote[],
  bashErrors: string,
): readonly PreflightFinding[] {
  const say = findingsOf('script');
  const severities = { refused: 'error', noted: 'warning', restored: 'info' } as const;
  return [
    ...notes.map(({ kind, line, message, reason }) =>
      say(severities[kind], line === null ? message : `Line ${line}: ${message}`, reason),
    ),
    ...(bashErrors === ''
      ? []
      : [
          say(
            'error',
            'bash cannot read the script',
            bashErrors.replaceAll(/bash: line (\d+): /g, 'line $1: '),
          ),
        ]),
  ];
}
