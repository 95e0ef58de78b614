// Runs one task with one model file: requests as lm-eval forms them, replies from the runtime, verdicts on the disk before the next
// questions are asked. A run that was stopped goes on where it was.
import { StudioError } from '../../../api/errors.ts';
import { ScoreCollector, type TaskScores } from '../../../lib/evaluations/tasks/task-scores.ts';
import {
  continuationsOf,
  type LocalTask,
  requestOf,
  type TaskQuestion,
  type TaskReply,
  type TaskRequest,
} from '../../../lib/evaluations/tasks/task.ts';
import type { ChatEngine } from '../../model-runtime/engine.ts';
import { wholeAnswer } from '../../replay/whole-answer.ts';
import { openPart, sampleLine, sha256 } from './run-files.ts';

/** Questions between two writes: a few seconds of work. */
const BATCH = 16;

export interface TaskRun {
  readonly task: LocalTask;
  /** Absolute path, the name that results have, and what tells its weights apart from others. */
  readonly model: { readonly path: string; readonly name: string; readonly key: string };
  readonly questions: readonly TaskQuestion[];
  /** Of the whole test set. */
  readonly available: number;
  readonly examples: readonly TaskQuestion[];
  readonly contextTokens: number | null;
  /** Instead of what the task says; null leaves it. */
  readonly maxTokens: number | null;
  /** Questions as turns of a chat, in the model's own template. */
  readonly asChat: boolean;
  /** Absolute. */
  readonly folder: string;
  readonly engine: Pick<ChatEngine, 'scoreMany' | 'generate' | 'render' | 'tokenize' | 'loaded'>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: TaskProgress) => void;
}

export interface TaskProgress {
  readonly done: number;
  readonly total: number;
  /** Of the questions so far. */
  readonly scores: TaskScores;
}

export interface TaskPart {
  readonly run: TaskRun;
  readonly scores: TaskScores;
  /** Answered by an earlier run that was stopped. */
  readonly resumed: number;
  /** The file of samples until it has its name. */
  readonly path: string;
}

export async function runTask(run: TaskRun): Promise<TaskPart> {
  const { task, questions, folder, signal, onProgress } = run;
  if (questions.length === 0) {
    throw new StudioError('INVALID_INPUT', `No row of the file is a question of ${task.name}`, {
      hint: 'The columns have to be those of the benchmark’s own data set',
    });
  }
  if (run.asChat && run.examples.length > 0) {
    throw new StudioError('INVALID_INPUT', 'Examples cannot be shown in a chat template here', {
      hint: 'Ask without examples, or without the chat template',
    });
  }
  const asked = questions.map((question) => ({ question, request: requestOf(question, run.examples) }));
  await using part = await openPart(folder, {
    task: task.name,
    key: keyOf(run, asked).slice(0, 16),
    filters: task.filters,
  });
  const collector = new ScoreCollector(task);
  for (const verdicts of part.done.slice(0, asked.length)) collector.add(verdicts);
  const resumed = collector.questions;
  const step = task.outputType === 'generate_until' ? 1 : BATCH;
  for (let at = resumed; at < asked.length; at += step) {
    signal?.throwIfAborted();
    const batch: { readonly question: TaskQuestion; readonly request: TaskRequest }[] = [];
    for (const one of asked.slice(at, at + step))
      batch.push(run.asChat ? { ...one, request: await inTemplate(run, one.request) } : one);
    const replies = await repliesOf(
      run,
      batch.map(({ request }) => request),
    );
    const lines = batch.flatMap(({ question, request }, index) => {
      const reply = replies[index] ?? { kind: 'likelihoods' as const, items: [] };
      const verdicts = task.judge(question, request, reply);
      collector.add(verdicts);
      return verdicts.map((verdict) => sampleLine({ id: at + index, question, request, reply, verdict }));
    });
    await part.append(lines);
    onProgress?.({ done: collector.questions, total: asked.length, scores: collector.scores() });
  }
  return { run, scores: collector.scores(), resumed, path: part.path };
}

/** Weights, task, prompts, choices and what is right: what was asked of whom. */
function keyOf(
  { task, model, contextTokens, maxTokens, asChat }: TaskRun,
  asked: readonly { readonly request: TaskRequest }[],
): string {
  const questions = asked.map(({ request }) => request);
  return sha256(
    JSON.stringify([
      model.key,
      task.name,
      task.version,
      task.filters,
      contextTokens,
      maxTokens,
      asChat,
      questions,
    ]),
  );
}

async function repliesOf(run: TaskRun, requests: readonly TaskRequest[]): Promise<readonly TaskReply[]> {
  const items = requests.flatMap(continuationsOf);
  const found = items.length === 0 ? [] : await likelihoods(run, items);
  let used = 0;
  const replies: TaskReply[] = [];
  for (const request of requests) {
    if (request.kind === 'writing') {
      replies.push({ kind: 'text', text: await written(run, request) });
      continue;
    }
    const count = continuationsOf(request).length;
    replies.push({ kind: 'likelihoods', items: found.slice(used, used + count) });
    used += count;
  }
  return replies;
}

async function likelihoods(
  { engine, model, contextTokens, signal }: TaskRun,
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

/** Greedy, until one of the texts; a prompt that leaves no room for the answer is cut on the left, as in the harness. */
async function written(run: TaskRun, request: Extract<TaskRequest, { kind: 'writing' }>): Promise<string> {
  const { engine, model, contextTokens, asChat, signal } = run;
  const maxTokens = run.maxTokens ?? request.maxTokens;
  const window = await windowOf(run);
  const room = window - maxTokens;
  if (room <= 0) {
    throw new StudioError(
      'INVALID_INPUT',
      `An answer of ${maxTokens} tokens does not fit a context of ${window}`,
      {
        hint: 'Allow fewer tokens for an answer, or a larger context where the model has one',
        path: model.path,
      },
    );
  }
  // No token is less than a character, so that a shorter prompt surely fits.
  const ids =
    request.context.length < room
      ? []
      : (await engine.tokenize(model.path, request.context, true)).map(({ id }) => id);
  const prompt =
    ids.length > room
      ? { kind: 'raw' as const, text: '', addBos: false, tokens: ids.slice(-room) }
      : { kind: 'raw' as const, text: request.context, addBos: !asChat, tokens: null };
  const outcome = await wholeAnswer(
    engine.generate(
      {
        modelPath: model.path,
        contextTokens,
        prompt,
        sampling: { temperature: 0, topK: 0, topP: 1, maxTokens, stopTexts: [...request.until] },
        topTokens: 0,
      },
      signal,
    ),
  );
  return outcome.text;
}

/** The context that the model has, or gets; it is loaded where it is not. */
async function windowOf({ engine, model, contextTokens }: TaskRun): Promise<number> {
  const known = () =>
    engine.loaded().find(({ modelPath }) => modelPath === model.path)?.contextTokens ?? null;
  if (contextTokens !== null) return contextTokens;
  if (known() === null) await engine.tokenize(model.path, ' ', false);
  return known() ?? 0;
}

/** The question as one turn of a person; choices follow the template without a space before them. */
async function inTemplate({ engine, model, signal }: TaskRun, request: TaskRequest): Promise<TaskRequest> {
  const { text: context } = await engine.render(
    model.path,
    {
      kind: 'chat',
      messages: [{ role: 'user', text: request.context }],
      template: null,
      tools: [],
      answerStart: null,
    },
    signal,
  );
  return request.kind === 'choices' ? { ...request, context, delimiter: '' } : { ...request, context };
}
