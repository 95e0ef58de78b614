// What is known of a replay without asking any model: every answer that was kept, marked against the step it is compared with.
import type { ReplayAnswer, ReplayCell, ReplayGrid, ReplayRequest } from '../../api/replay.ts';
import type { ModelFingerprint } from '../../api/models.ts';
import { markOf } from '../../lib/replay/marks.ts';
import { promptAt, type ReplayScript } from '../../lib/replay/script.ts';
import type { ComparedAnswer } from '../../lib/text-differences/compare-answers.ts';
import { toStudioError } from '../system-errors.ts';
import { answerKey, type AnswerFiles, type KeptAnswer } from './answer-files.ts';
import type { ReplayModel } from './replay-steps.ts';

/** Enough to tell answers apart in a list. */
const BEGINNING_CHARACTERS = 160;

export interface AnsweredStep extends ReplayModel {
  readonly model: ModelFingerprint | null;
  /** One a turn; null where it has not answered. */
  readonly answers: readonly (KeptAnswer | null)[];
}

export interface GridReading {
  readonly root: string;
  readonly files: AnswerFiles;
  /** `path` from the workspace. */
  fingerprintOf(path: string): Promise<ModelFingerprint>;
}

/** The kept answers of one step. A model that cannot be read says why instead of failing all others. */
export async function readStep(
  step: ReplayModel,
  script: ReplayScript,
  { root, files, fingerprintOf }: GridReading,
): Promise<AnsweredStep> {
  const none = script.turns.map(() => null);
  if (step.modelPath === null || step.problem !== null) return { ...step, model: null, answers: none };
  try {
    const model = await fingerprintOf(step.modelPath);
    const kept = await files.read(root, script.id, model.modelKey);
    return { ...step, model, answers: answersOf(script, model, kept) };
  } catch (error) {
    return { ...step, model: null, answers: none, problem: toStudioError(error).message };
  }
}

/** Without the answer before, what comes after a model's own answers cannot be known. */
function answersOf(
  script: ReplayScript,
  model: ModelFingerprint,
  kept: ReadonlyMap<string, KeptAnswer>,
): readonly (KeptAnswer | null)[] {
  const answers: (KeptAnswer | null)[] = [];
  for (const index of script.turns.keys()) {
    if (script.before === 'own' && answers.includes(null)) answers.push(null);
    else {
      const texts = answers.map((answer) => answer?.text ?? '');
      const prompt = promptAt(script, index, texts);
      answers.push(kept.get(answerKey(model, { prompt, sampling: script.sampling })) ?? null);
    }
  }
  return answers;
}

export function gridOf(steps: readonly AnsweredStep[], { script, reference }: ReplayRequest): ReplayGrid {
  const newest = steps.findLast(({ answers }) => answers.some((answer) => answer !== null));
  const chosen = reference === null ? newest : steps.find(({ step }) => step === reference);
  const comparedBy = new Map<KeptAnswer, ComparedAnswer>();
  const compared = (step: AnsweredStep, turn: number): ComparedAnswer | null => {
    const answer = step.answers[turn] ?? null;
    if (answer === null) return null;
    const known = comparedBy.get(answer) ?? comparable(answer, step.model);
    comparedBy.set(answer, known);
    return known;
  };
  const cellOf = (step: AnsweredStep, turn: number): ReplayCell | null => {
    const answer = compared(step, turn);
    if (answer === null) return null;
    return {
      mark: markOf(answer, chosen === undefined ? null : compared(chosen, turn)),
      beginning: answer.text.slice(0, BEGINNING_CHARACTERS),
      tokens: step.answers[turn]?.statistics.tokens ?? 0,
    };
  };
  const able = steps.filter(({ model }) => model !== null);
  return {
    reference: chosen?.step ?? null,
    steps: steps.map((step) => ({
      step: step.step,
      tokens: step.tokens,
      modelPath: step.modelPath,
      quantization: step.quantization,
      cells: script.turns.map((_, turn) => cellOf(step, turn)),
      problem: step.problem,
    })),
    answered: steps.flatMap(({ answers }) => answers).filter((answer) => answer !== null).length,
    wanted: able.length * script.turns.length,
  };
}

function comparable(answer: KeptAnswer, model: ModelFingerprint | null): ComparedAnswer {
  const special = new Set(answer.special);
  return {
    text: answer.text,
    tokens:
      answer.tokenIds.length === 0 && answer.text !== ''
        ? null
        : answer.tokenIds.map((id, index) => ({
            id,
            text: answer.tokenTexts[index] ?? '',
            special: special.has(index),
          })),
    vocabulary: model?.vocabularySha256 ?? null,
  };
}

export function wholeAnswerOf(step: AnsweredStep, turn: number): ReplayAnswer | null {
  const answer = step.answers[turn] ?? null;
  if (answer === null || step.modelPath === null) return null;
  const { key: _key, atMs: _atMs, ...rest } = answer;
  return {
    ...rest,
    step: step.step,
    modelPath: step.modelPath,
    vocabulary: step.model?.vocabularySha256 ?? null,
  };
}
