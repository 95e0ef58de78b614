// Sets of tasks to evaluate with on a target: those of the published tables, by name, and what each task asks for. The same file
// travels with a job and is read there by evaluate.py.
import { z } from 'zod';

/** Which recipe runs a set. */
export const evaluationRecipes = ['evaluate-lm-eval', 'evaluate-portuguese', 'evaluate-lighteval'] as const;

const size = z.number().nonnegative();

/** What one task costs; tokens are means, of a tokenizer with 128 thousand words. */
export const taskSize = z.object({
  questions: size,
  /** Times the model reads a question: once for each choice, once where all choices are letters, once for a free answer. */
  passes: size,
  questionTokens: size,
  answerTokens: size,
  /** Written by the model, of a free answer. */
  writtenTokens: size,
  /** Examples where nobody says a number. */
  shots: z.number().int().nonnegative().nullable(),
  /** Whether the number of questions is the test set's own; false for an assumed one. */
  counted: z.boolean(),
});
export type TaskSize = z.infer<typeof taskSize>;

export const evaluationPreset = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  title: z.string().min(1),
  description: z.string(),
  recipe: z.enum(evaluationRecipes),
  /** `m_mmlu_it@5`, `ifeval@0+chat`. */
  tasks: z.array(z.string().min(1)).min(1),
});
export type EvaluationPreset = z.infer<typeof evaluationPreset>;

export const presetFile = z.object({
  presets: z.array(evaluationPreset),
  tasks: z.record(z.string(), taskSize),
});
export type PresetFile = z.infer<typeof presetFile>;

export interface AskedTask {
  readonly name: string;
  /** Null for what the task says. */
  readonly shots: number | null;
  readonly chat: boolean;
}

const word = /^([^@+\s,]+?)(?:[@|](\d+)(?:\|[01])?)?(\+chat)?$/;

/** Names separated by commas, as evaluate.py reads them; null for a text that cannot be read. */
export function readTasks(text: string): readonly AskedTask[] | null {
  const words = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const tasks: AskedTask[] = [];
  for (const one of words) {
    const found = word.exec(one);
    if (found === null) return null;
    const [, name = '', shots, chat] = found;
    tasks.push({ name, shots: shots === undefined ? null : Number(shots), chat: chat !== undefined });
  }
  return tasks.length === 0 ? null : tasks;
}
