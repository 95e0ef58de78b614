// Runs a multiple-choice benchmark with a model file: requests as lm-eval forms them, likelihoods from the runtime, results in
// lm-eval's layout. Stops and goes on; every batch of questions is on the disk before the next is asked.
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { choiceScores, meanOfScores, type MeanOfScores } from '../../lib/evaluations/choice-scores.ts';
import { type ChoiceDocument, type ChoiceTask, requestsOf } from '../../lib/evaluations/choice-tasks.ts';
import { readSample } from '../../lib/evaluations/read-sample.ts';
import type { ChatEngine } from '../chat/engine.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { openPart, sampleLine, sha256 } from './run-files.ts';

/** Questions between two writes: a few seconds of work. */
const BATCH = 16;

export interface ChoiceRun {
  readonly task: ChoiceTask;
  /** Absolute path, the name that results have, and what tells its weights apart from others. */
  readonly model: { readonly path: string; readonly name: string; readonly key: string };
  readonly documents: readonly ChoiceDocument[];
  /** Of the whole test set. */
  readonly available: number;
  readonly examples: readonly ChoiceDocument[];
  readonly contextTokens: number | null;
  /** Absolute. */
  readonly folder: string;
  readonly engine: Pick<ChatEngine, 'scoreMany'>;
  readonly studioVersion: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: ChoiceProgress) => void;
}

export interface ChoiceProgress {
  readonly done: number;
  readonly total: number;
  /** Of the questions so far. */
  readonly metrics: Readonly<Record<string, MeanOfScores>>;
}

export interface ChoiceOutcome {
  readonly task: string;
  readonly questions: number;
  /** Answered by an earlier run that was stopped. */
  readonly resumed: number;
  readonly metrics: Readonly<Record<string, MeanOfScores>>;
  readonly results: string;
  readonly samples: string;
}

export async function runChoices(run: ChoiceRun): Promise<ChoiceOutcome> {
  const { task, documents, folder, signal, onProgress } = run;
  if (documents.length === 0) {
    throw new StudioError('INVALID_INPUT', `No row of the file is a question of ${task.name}`, {
      hint: 'The columns have to be those of the benchmark’s own data set',
    });
  }
  const asked = documents.map((document) => ({
    document,
    requests: requestsOf(task, document, run.examples),
  }));
  await using part = await openPart(folder, task.name, runKey(run, asked).slice(0, 16));
  const resumed = Math.min(part.done.length, asked.length);
  const scores = part.done.slice(0, resumed).map((line) => readSample(JSON.parse(line))?.scores ?? new Map());
  const metrics = () =>
    Object.fromEntries(
      task.metrics.map((metric) => [metric, meanOfScores(scores.map((one) => Number(one.get(metric) ?? 0)))]),
    );
  for (let at = resumed; at < asked.length; at += BATCH) {
    signal?.throwIfAborted();
    const batch = asked.slice(at, at + BATCH);
    const replies = await likelihoods(
      run,
      batch.flatMap(({ requests }) => requests),
    );
    let used = 0;
    const lines = batch.map(({ document, requests }, index) => {
      const own = replies.slice(used, (used += requests.length));
      const found = choiceScores(
        document,
        own.map(({ logProbability }) => logProbability),
      );
      const chosen = Object.fromEntries(task.metrics.map((metric) => [metric, found[metric]]));
      scores.push(new Map(Object.entries(chosen)));
      const { row, target } = document;
      return sampleLine({ id: at + index, row, target, requests, replies: own, scores: chosen });
    });
    await part.append(lines);
    onProgress?.({ done: scores.length, total: asked.length, metrics: metrics() });
  }
  const time = new Date();
  const stamp = time.toISOString().slice(0, -1).replaceAll(':', '-');
  const samples = `samples_${task.name}_${stamp}.jsonl`;
  const results = `results_${stamp}.json`;
  await part.finish(samples);
  await writeFileAtomic(
    join(folder, results),
    `${JSON.stringify(resultFile(run, metrics(), time), null, 2)}\n`,
  );
  return { task: task.name, questions: asked.length, resumed, metrics: metrics(), results, samples };
}

/** Weights, task, prompts and choices: what was asked of whom. */
function runKey(
  { task, model, contextTokens }: ChoiceRun,
  asked: readonly { readonly document: ChoiceDocument; readonly requests: readonly unknown[] }[],
): string {
  const questions = asked.map(({ document, requests }) => [requests, document.gold]);
  return sha256(JSON.stringify([model.key, task.name, task.version, contextTokens, questions]));
}

async function likelihoods(
  { engine, model, contextTokens, signal }: ChoiceRun,
  items: readonly { readonly context: string; readonly continuation: string }[],
) {
  const found: { readonly logProbability: number; readonly isGreedy: boolean }[] = [];
  for await (const event of engine.scoreMany(
    { modelPath: model.path, contextTokens, items: [...items] },
    signal,
  )) {
    if (event.kind === 'items') found.push(...event.items);
  }
  if (found.length !== items.length) {
    throw new StudioError(
      'RUNTIME_DIED',
      `${items.length} choices were asked, ${found.length} were answered`,
      {
        hint: 'Run it again: it goes on where it was',
        path: model.path,
      },
    );
  }
  return found;
}

/** What lm-eval writes, as far as it is known here; `nesso_version` says who measured. */
function resultFile(run: ChoiceRun, metrics: Readonly<Record<string, MeanOfScores>>, time: Date) {
  const { task, model, documents, available, examples, contextTokens, studioVersion } = run;
  const { name } = task;
  return {
    results: {
      [name]: {
        alias: name,
        sample_len: documents.length,
        ...Object.fromEntries(
          Object.entries(metrics).flatMap(([metric, { value, standardError }]) => [
            [`${metric},none`, value],
            [`${metric}_stderr,none`, standardError ?? 'N/A'],
          ]),
        ),
      },
    },
    group_subtasks: { [name]: [] },
    configs: {
      [name]: {
        task: name,
        num_fewshot: examples.length,
        output_type: 'multiple_choice',
        description: task.description,
      },
    },
    versions: { [name]: task.version },
    'n-shot': { [name]: examples.length },
    higher_is_better: { [name]: Object.fromEntries(task.metrics.map((metric) => [metric, true])) },
    'n-samples': { [name]: { original: available, effective: documents.length } },
    config: {
      model: 'nesso',
      model_args: { pretrained: model.name, context_tokens: contextTokens },
      limit: documents.length < available ? documents.length : null,
    },
    date: time.getTime() / 1000,
    nesso_version: studioVersion,
    model_name: model.name,
    system_instruction: null,
    chat_template: null,
  };
}
