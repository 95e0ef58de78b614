// IFEval's rules over a file of answers: what lm-eval kept of its task ifeval, or lines with prompt and response.
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { objectOf, textAt } from '../../../lib/evaluations/reading/json-values.ts';
import type { ReadingProblem } from '../../../lib/evaluations/result.ts';
import type { IfevalLanguage } from '../../../lib/evaluations/ifeval/counting.ts';
import { type IfevalPrompt, readPrompt } from '../../../lib/evaluations/ifeval/instructions.ts';
import {
  type AnswerVerdict,
  checkAnswer,
  type IfevalScores,
  ifevalScores,
} from '../../../lib/evaluations/ifeval/score.ts';
import { loadLanguageIdentifier } from './language-identifier.ts';
import { linesOf } from '../lines.ts';

export interface IfevalRequest {
  /** Absolute. */
  readonly answers: string;
  /** The benchmark's rows, where the answers do not hold them; found by key or by the text of the prompt. */
  readonly prompts: string | null;
  readonly language: IfevalLanguage;
}

export interface IfevalOutcome {
  readonly scores: IfevalScores;
  readonly verdicts: readonly AnswerVerdict[];
  readonly problems: readonly ReadingProblem[];
}

export async function checkIfeval(request: IfevalRequest, signal?: AbortSignal): Promise<IfevalOutcome> {
  const prompts = request.prompts === null ? null : await readPrompts(request.prompts, signal);
  const tools = { language: request.language, languages: await loadLanguageIdentifier() };
  const verdicts: AnswerVerdict[] = [];
  const problems: ReadingProblem[] = [];
  for await (const { line, text } of linesOf(request.answers, signal)) {
    const note = (problem: string) =>
      problems.push({ path: basename(request.answers), where: `line ${line}`, text: problem });
    const row = parsed(text);
    const answer = answerOf(row);
    if (answer === null) {
      note('It holds no answer');
      continue;
    }
    const prompt = promptOf(row, prompts);
    if (prompt === null) {
      note('Its prompt with instructions is not known');
      continue;
    }
    const verdict = checkAnswer(prompt, answer, tools);
    for (const { id, problem } of verdict.instructions) if (problem !== null) note(`${id}: ${problem}`);
    verdicts.push(verdict);
  }
  if (verdicts.length === 0) {
    throw new StudioError(
      'INVALID_INPUT',
      `No answer could be checked: ${problems[0]?.text ?? 'the file is empty'}`,
      {
        hint: 'Name samples_ifeval_….jsonl of lm-eval, or lines with prompt and response beside --prompts',
        path: request.answers,
      },
    );
  }
  return { scores: ifevalScores(verdicts), verdicts, problems };
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Under `response`, as the benchmark's own files have it, or as lm-eval keeps it. */
function answerOf(row: unknown): string | null {
  const record = objectOf(row);
  const plain = record?.['response'] ?? record?.['answer'];
  if (typeof plain === 'string') return plain;
  let kept = record?.['filtered_resps'] ?? record?.['resps'];
  while (Array.isArray(kept)) kept = (kept as readonly unknown[])[0];
  return typeof kept === 'string' ? kept : null;
}

interface KnownPrompts {
  readonly byKey: ReadonlyMap<string, IfevalPrompt>;
  readonly byText: ReadonlyMap<string, IfevalPrompt>;
}

function promptOf(row: unknown, known: KnownPrompts | null): IfevalPrompt | null {
  const record = objectOf(row);
  const own = readPrompt(record?.['doc'] ?? row);
  if (own !== null || known === null) return own;
  const key = record?.['key'];
  const byKey = typeof key === 'string' || typeof key === 'number' ? known.byKey.get(String(key)) : undefined;
  return byKey ?? known.byText.get(textAt(row, 'prompt') ?? '') ?? null;
}

async function readPrompts(path: string, signal: AbortSignal | undefined): Promise<KnownPrompts> {
  const byKey = new Map<string, IfevalPrompt>();
  const byText = new Map<string, IfevalPrompt>();
  for await (const { text } of linesOf(path, signal)) {
    const prompt = readPrompt(parsed(text));
    if (prompt === null) continue;
    if (prompt.key !== null) byKey.set(prompt.key, prompt);
    byText.set(prompt.prompt, prompt);
  }
  if (byText.size === 0) {
    throw new StudioError('INVALID_INPUT', `${basename(path)} holds no prompts of IFEval`, {
      hint: 'Each line needs prompt, instruction_id_list and kwargs',
      path,
    });
  }
  return { byKey, byText };
}
