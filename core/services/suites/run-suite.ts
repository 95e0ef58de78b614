// Runs a suite: one model after another, every prompt with every sampler, each answer on the disk before the next is asked.
// What is there already, by its key, is not asked again; so a run that was stopped or killed goes on where it was.
import { createHash } from 'node:crypto';
import { StudioError } from '../../api/errors.ts';
import { answerInputs, type SuiteResult } from '../../lib/suites/result.ts';
import type { Suite, SuitePrompt, SuiteSampler } from '../../lib/suites/suite.ts';
import { makeFolder } from '../files/make-folder.ts';
import { openLines } from '../judges/judgement-files.ts';
import { toStudioError } from '../system-errors.ts';
import type { AskModel } from './ask-model.ts';
import type { MeasuredModel } from './model-files.ts';
import { readResults, resultFile } from './result-files.ts';

/** A step of a run that becomes a model when its turn comes. */
export interface UnmadeModel {
  /** Folder of its life, from the workspace. */
  readonly path: string;
  make(signal: AbortSignal, onNote: (note: string) => void): Promise<MeasuredModel>;
}

export interface SuiteRun {
  readonly suite: Suite;
  readonly models: readonly (MeasuredModel | UnmadeModel)[];
  /** evals/suites/<suite>, absolute. */
  readonly folder: string;
  readonly ask: AskModel;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: SuiteProgress) => void;
  readonly onSkipped: (path: string, reason: string) => void;
}

export interface SuiteProgress {
  /** Answers that are there. */
  readonly done: number;
  readonly total: number;
  readonly model: Pick<MeasuredModel, 'path'>;
  /** From 1. */
  readonly modelNumber: number;
  /** What is done before the model can be asked. */
  readonly note: string | null;
}

export interface SuiteCell {
  readonly prompt: SuitePrompt;
  readonly sampler: SuiteSampler;
  readonly key: string;
}

/** SHA-256 of what `answerInputs` says, in hexadecimal. */
export function cellKey(
  model: Pick<MeasuredModel, 'identity' | 'templateHash'>,
  suite: Suite,
  prompt: SuitePrompt,
  sampler: SuiteSampler,
): string {
  return createHash('sha256')
    .update(answerInputs(model, suite, prompt, sampler))
    .digest('hex');
}

/** Every answer a suite asks of a model, prompt by prompt. */
export function cellsOf(
  model: Pick<MeasuredModel, 'identity' | 'templateHash'>,
  suite: Suite,
): readonly SuiteCell[] {
  return suite.prompts.flatMap((prompt) =>
    suite.samplers.map((sampler) => ({ prompt, sampler, key: cellKey(model, suite, prompt, sampler) })),
  );
}

/** Failures that concern the model and not one prompt: the next model is asked. */
const modelFailures: ReadonlySet<string> = new Set([
  'CORRUPT_FILE',
  'UNAVAILABLE',
  'NOT_FOUND',
  'PERMISSION_DENIED',
  'RUNTIME_DIED',
]);
/** Failures of one prompt, such as one that is longer than the context. */
const promptFailures: ReadonlySet<string> = new Set(['TOO_LARGE', 'INVALID_INPUT']);
/** A process that ended is started again by itself; a prompt that ends it again is not asked a third time. */
const TRIES = 2;

/** Throws AbortError when stopped; what was answered stays. */
export async function runSuite(run: SuiteRun): Promise<void> {
  await makeFolder(run.folder);
  const perModel = run.suite.prompts.length * run.suite.samplers.length;
  const total = perModel * run.models.length;
  for (const [index, model] of run.models.entries()) {
    run.signal.throwIfAborted();
    const before = index * perModel;
    const report = (done: number, note: string | null = null): void =>
      run.onProgress({ done: before + done, total, model, modelNumber: index + 1, note });
    const isUnmade = 'make' in model;
    let made: MeasuredModel | null = null;
    try {
      made = isUnmade ? await model.make(run.signal, (note) => report(0, note)) : model;
      await runModel(run, made, report);
    } catch (error) {
      run.signal.throwIfAborted();
      const { code, message } = toStudioError(error);
      // A step that could not be made is one model less, whatever the reason.
      if (made !== null && !modelFailures.has(code)) throw error;
      run.onSkipped(model.path, message);
    }
  }
}

async function runModel(run: SuiteRun, model: MeasuredModel, report: (done: number) => void): Promise<void> {
  if (model.problem !== null)
    throw new StudioError('CORRUPT_FILE', model.problem, { hint: 'Convert the model again' });
  const path = resultFile(run.folder, model.key);
  const known = await readResults(path);
  const cells = cellsOf(model, run.suite);
  const hasTemplate = model.templateHash !== '';
  const missing = cells.filter(
    ({ key, prompt }) => !known.has(key) && (hasTemplate || prompt.input.kind === 'raw'),
  );
  const left = cells.filter(({ prompt }) => !hasTemplate && prompt.input.kind === 'chat').length;
  if (left > 0) {
    run.onSkipped(
      model.path,
      `${left} of ${cells.length} answers left out: the model has no chat template for conversations`,
    );
  }
  let done = cells.length - missing.length;
  report(done);
  if (missing.length === 0) return;
  await using lines = await openLines(path);
  for (const cell of missing) {
    run.signal.throwIfAborted();
    const result = await answerOf(run, model, cell);
    if (result !== null) await lines.append(result);
    done += 1;
    report(done);
  }
}

/** Null when this prompt cannot be asked of this model. */
async function answerOf(run: SuiteRun, model: MeasuredModel, cell: SuiteCell): Promise<SuiteResult | null> {
  const { prompt, sampler, key } = cell;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await run.ask(
        { modelPath: model.absolutePath, suite: run.suite, prompt, sampler },
        run.signal,
      );
      return {
        key,
        prompt: prompt.id,
        sampler: sampler.id,
        ...answer,
        createdMs: Date.now(),
        model: model.path,
        identity: model.identity,
        template: model.templateHash,
      };
    } catch (error) {
      run.signal.throwIfAborted();
      const { code, message } = toStudioError(error);
      if (code === 'RUNTIME_DIED' && attempt < TRIES) continue;
      if (!promptFailures.has(code)) throw error;
      run.onSkipped(model.path, `${prompt.id}: ${message}`);
      return null;
    }
  }
}
