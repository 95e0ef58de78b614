// What is to be evaluated, found: on which target it lies, where, in which layout, and how large the model is.
import { dirname, join } from 'node:path/posix';
import { StudioError } from '../../../api/errors.ts';
import type { EvaluationSubject } from '../../../api/evaluation-jobs.ts';
import type { Run } from '../../../api/runs.ts';
import { findGpuType } from '../../../lib/config/derived/gpus.ts';
import { formatInteger } from '../../../lib/format/numbers.ts';
import { findSource } from '../../checkpoints/stage-source.ts';
import type { CheckpointService } from '../../checkpoints/service.ts';
import type { CoreContext } from '../../context.ts';
import { factsOf, readRecord } from '../../runs/run-facts.ts';
import type { TargetService } from '../../targets/service.ts';

export interface FoundSubject {
  readonly target: string;
  /** Folder there, or a name on the Hub. */
  readonly path: string;
  readonly layout: 'nanotron' | 'hugging-face';
  readonly run: Run['id'] | null;
  readonly step: number | null;
  /** For the name of the job. */
  readonly title: string;
  readonly parameters: number | null;
  readonly peakFlops: number | null;
  /** Where Nanotron lies there, as the run was launched with it. */
  readonly checkout: string | null;
  readonly tokenizer: string | null;
}

export interface SubjectPlaces {
  readonly context: CoreContext;
  readonly checkpoints: CheckpointService;
  readonly targets: TargetService;
}

/** NOT_FOUND for a step nobody knows, INVALID_INPUT for one on this computer or one that is not whole. */
export async function findSubject(
  { context, checkpoints, targets }: SubjectPlaces,
  subject: EvaluationSubject,
): Promise<FoundSubject> {
  const settings = await context.settings.read();
  const chosenPeak = findGpuType(settings.gpuType)?.peakFlops ?? null;
  if (subject.kind === 'model') {
    await targets.entryOf(subject.target);
    return {
      target: subject.target,
      path: subject.model.replace(/(?<=.)\/+$/, ''),
      layout: 'hugging-face',
      run: null,
      step: null,
      title: subject.model.split('/').findLast((part) => part !== '') ?? subject.model,
      parameters: subject.parameters,
      peakFlops: chosenPeak,
      checkout: null,
      tokenizer: null,
    };
  }
  const { run, step } = subject;
  const source = await findSource(context, checkpoints, targets, { runId: run, step });
  if (source.target === 'this-computer') {
    throw new StudioError('INVALID_INPUT', `The checkpoints of ${source.runName} are on this computer`, {
      hint: 'Evaluate it here, or copy it to a target and name it there as a model',
    });
  }
  if (source.listed !== null && source.listed.problem !== null) {
    throw new StudioError(
      'INVALID_INPUT',
      `Step ${formatInteger(step)} is not whole: ${source.listed.problem}`,
      {
        hint: 'Wait until it is saved',
      },
    );
  }
  const root = context.workspace.require().path;
  const record = await readRecord(root, run).catch(() => null);
  const facts = record === null ? null : await factsOf(root, record, settings);
  const code = record?.parameters['code'];
  return {
    target: source.target,
    path: source.path,
    layout: source.layout,
    run,
    step,
    title: `${source.runName} ${formatInteger(step)}`,
    parameters: facts?.parameters ?? null,
    peakFlops: facts?.gpu?.peakFlops ?? chosenPeak,
    checkout: typeof code === 'string' && code !== '' ? code : null,
    tokenizer: source.tokenizer,
  };
}

/** Beside the steps, where no trainer looks for its own. */
export function convertedPath(checkpoint: string): string {
  return join(dirname(checkpoint), 'hf', checkpoint.slice(checkpoint.lastIndexOf('/') + 1));
}
