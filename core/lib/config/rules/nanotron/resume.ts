// Where a run resumes from: chained jobs, fixed steps, other folders, runs longer than one job.

import { formatHours, formatInteger } from '../../../format/numbers.ts';
import { isGiven, stringAt } from '../../derived/read-values.ts';
import type { KeyPath } from '../../types.ts';
import { setFix } from '../fixes.ts';
import { type NanotronContext, type NanotronRule, report } from '../rule.ts';

const RESUME = ['checkpoints', 'resume_checkpoint_path'] as const;
const SAVE = ['checkpoints', 'checkpoints_path'] as const;
/** The published config has the key at the top level by a slip of indentation; its value is meant all the same. */
const MISPLACED_RESUME = ['resume_checkpoint_path'] as const;

interface ResumePath {
  /** Where the value stands. */
  readonly path: KeyPath;
  readonly text: string;
  readonly parent: string;
  /** The step when the path ends in a number: one fixed checkpoint. */
  readonly step: number | null;
}

function readResume(context: NanotronContext): ResumePath | null {
  const path = isGiven(context.document, RESUME) ? RESUME : MISPLACED_RESUME;
  const text = stringAt(context.document, path)?.trim().replace(/\/+$/, '');
  if (text === undefined || text === '') return null;
  const match = /^(.*)\/(\d+)$/.exec(text);
  return { path, text, parent: match?.[1] ?? text, step: match?.[2] === undefined ? null : Number(match[2]) };
}

function lastPart(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? path;
}

function savesInto(context: NanotronContext, folder: string): boolean {
  const saved = stringAt(context.document, SAVE);
  return saved !== null && lastPart(saved) === lastPart(folder);
}

export const resumeFixedStep: NanotronRule = {
  code: 'resume-fixed-step',
  check(context) {
    const resume = readResume(context);
    const saved = stringAt(context.document, SAVE);
    if (resume?.step == null || saved === null) return [];
    const target = savesInto(context, resume.parent) ? resume.parent : saved;
    return [
      report(context, {
        code: 'resume-fixed-step',
        severity: 'warning',
        path: resume.path,
        message: `Every start resumes from step ${formatInteger(resume.step)}, also after a requeue.`,
        reason:
          'The path names one checkpoint. Given the folder that checkpoints are saved to, Nanotron reads latest.txt there and goes on from the newest one; in an empty folder it starts from scratch.',
        fix: setFix(context, 'Resume from the newest', resume.path, target),
      }),
    ];
  },
};

export const resumePastEnd: NanotronRule = {
  code: 'resume-past-end',
  check(context) {
    const resume = readResume(context);
    const { trainSteps } = context.settings;
    if (resume?.step == null || trainSteps === null || resume.step < trainSteps) return [];
    return [
      report(context, {
        code: 'resume-past-end',
        severity: 'error',
        path: ['tokens', 'train_steps'],
        message: `The checkpoint of step ${formatInteger(resume.step)} is already past the last step ${formatInteger(trainSteps)}.`,
        reason:
          'train_steps is the absolute last step, not the number of further ones; Nanotron refuses to start.',
      }),
    ];
  },
};

export const resumeElsewhere: NanotronRule = {
  code: 'resume-elsewhere',
  check(context) {
    const resume = readResume(context);
    if (resume === null || resume.step !== null || savesInto(context, resume.text)) return [];
    return [
      report(context, {
        code: 'resume-elsewhere',
        severity: 'info',
        path: resume.path,
        message: 'The run resumes from another folder than it saves to.',
        reason:
          'Right for continuing from another run once. A requeued job would go back to that folder and lose what this run has saved.',
      }),
    ];
  },
};

export const resumeInterval: NanotronRule = {
  code: 'resume-interval',
  check(context) {
    const resume = readResume(context);
    const { checkpointInterval } = context.settings;
    if (resume?.step == null || checkpointInterval === null || resume.step % checkpointInterval === 0)
      return [];
    return [
      report(context, {
        code: 'resume-interval',
        severity: 'info',
        path: resume.path,
        message: `Step ${formatInteger(resume.step)} is not a multiple of the checkpoint interval ${formatInteger(checkpointInterval)}.`,
        reason:
          'The checkpoint was saved under another interval or as a final state, or the number has a typing error.',
      }),
    ];
  },
};

export const resumeMissing: NanotronRule = {
  code: 'resume-missing',
  check(context) {
    const { document, options, derived } = context;
    const saved = stringAt(document, SAVE);
    const isSet = isGiven(document, RESUME) || isGiven(document, MISPLACED_RESUME);
    if (isSet || saved === null || options.walltimeHours === undefined || derived.speed === null) return [];
    const hours = derived.speed.days * 24;
    if (hours <= options.walltimeHours) return [];
    return [
      report(context, {
        code: 'resume-missing',
        severity: 'warning',
        path: SAVE,
        message: `The run takes about ${formatHours(hours)} and a job only ${formatHours(options.walltimeHours)}; without resume_checkpoint_path each job starts from scratch.`,
        reason:
          'With resume_checkpoint_path equal to checkpoints_path the first job finds nothing and starts, the next ones go on.',
        fix: setFix(context, 'Resume from checkpoints_path', RESUME, saved),
      }),
    ];
  },
};
