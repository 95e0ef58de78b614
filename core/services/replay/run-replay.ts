// Asks the models of a run what they have not answered yet, newest step first, so that the step others are compared with is there
// early. Every answer is kept as it comes.
import type { ReplayRequest } from '../../api/replay.ts';
import { StudioError } from '../../api/errors.ts';
import { promptAt } from '../../lib/replay/script.ts';
import type { ChatEngine } from '../model-runtime/engine.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { toStudioError } from '../system-errors.ts';
import { answerKey, type KeptAnswer } from './answer-files.ts';
import { type AnsweredStep, type GridReading, readStep } from './replay-grid.ts';
import type { ReplayModel } from './replay-steps.ts';
import { wholeAnswer } from './whole-answer.ts';

export interface ReplayProgress {
  readonly done: number;
  readonly total: number;
  readonly step: number | null;
  readonly note: string | null;
}

export interface ReplayOptions extends GridReading {
  readonly engine: Pick<ChatEngine, 'generate'>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ReplayProgress) => void;
}

/** Kept beside each token: the token's own probability comes with it. */
const TOP_TOKENS = 1;

/** The steps with their answers. A step that fails carries its reason; only cancelling ends the others. */
export async function runReplay(
  models: readonly ReplayModel[],
  { script }: ReplayRequest,
  options: ReplayOptions,
): Promise<readonly AnsweredStep[]> {
  const { engine, files, root, signal, onProgress } = options;
  requireRepeatable(script.sampling);
  const steps: AnsweredStep[] = [];
  for (const model of models) steps.push(await readStep(model, script, options));
  const able = steps.filter(({ model }) => model !== null);
  const total = able.length * script.turns.length;
  let done = able.flatMap(({ answers }) => answers).filter((answer) => answer !== null).length;
  const say = (step: number | null, note: string | null = null) => onProgress({ done, total, step, note });
  say(null);
  for (const [at, known] of [...steps.entries()].reverse()) {
    const { model, modelPath, step } = known;
    if (model === null || modelPath === null || !known.answers.includes(null)) continue;
    const answers = [...known.answers];
    try {
      const path = await resolveInside(root, modelPath);
      for (const turn of script.turns.keys()) {
        if (answers[turn] !== null) continue;
        signal.throwIfAborted();
        const prompt = promptAt(
          script,
          turn,
          answers.map((answer) => answer?.text ?? ''),
        );
        const key = answerKey(model, { prompt, sampling: script.sampling });
        const { sampling } = script;
        const request = { modelPath: path, prompt, sampling, topTokens: TOP_TOKENS };
        const { text, tokens, stopReason, statistics } = await wholeAnswer(engine.generate(request, signal));
        const answer: KeptAnswer = {
          key,
          text,
          tokenIds: tokens.map(({ id }) => id),
          tokenTexts: tokens.map((token) => token.text),
          special: tokens.flatMap((token, index) => (token.special ? [index] : [])),
          logProbabilities: tokens.map(({ logProbability }) => rounded(logProbability)),
          stopReason,
          statistics,
          atMs: Date.now(),
        };
        await files.keep(root, script.id, model.modelKey, answer);
        answers[turn] = answer;
        steps[at] = { ...known, answers: [...answers] };
        done += 1;
        say(step);
      }
    } catch (error) {
      if (signal.aborted) throw error;
      const { message } = toStudioError(error);
      steps[at] = { ...known, answers, problem: message };
      say(step, `Step ${step}: ${message}`);
    }
  }
  return steps;
}

/** Five digits are what a person reads; files of long answers stay a third of the size. */
function rounded(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(5)) : value === -Infinity ? -1e9 : 0;
}

/** An answer drawn anew every time could not be kept, and steps that differ by chance would say nothing. */
function requireRepeatable({ temperature, seed }: ReplayRequest['script']['sampling']): void {
  if (temperature === 0 || seed !== null) return;
  throw new StudioError('INVALID_INPUT', 'A replay needs answers that can be repeated', {
    hint: 'Set the temperature to 0, or choose a seed',
  });
}
