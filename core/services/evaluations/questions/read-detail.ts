// One question with all that is known of it, of one model or of two.
import { StudioError } from '../../../api/errors.ts';
import type { AnsweredQuestion, QuestionDetail } from '../../../api/evaluation-questions.ts';
import { normalised } from '../../../lib/evaluations/questions/normalisations.ts';
import type { Question } from '../../../lib/evaluations/questions/read-question.ts';
import { countTokens } from '../../tokenizers/count-tokens.ts';
import type { TokenWorkers } from '../../tokenizers/token-workers.ts';
import type { FoundAnswers } from './answers.ts';
import { followedInstructions } from '../ifeval/followed-instructions.ts';
import { answeredQuestion } from './question-words.ts';
import { readQuestions } from './read-lines.ts';

export interface DetailRequest {
  /** The task, where a value over tasks is read. */
  readonly part: string | null;
  readonly id: number;
  /** Absolute, of a tokenizer.json. */
  readonly tokenizer: string | null;
}

const NOT_COUNTED =
  'The samples do not say how many tokens the choices have: choose the tokenizer of the model';

export async function readDetail(
  first: FoundAnswers,
  second: FoundAnswers | null,
  request: DetailRequest,
  use: { readonly workers: TokenWorkers; readonly signal?: AbortSignal | undefined },
): Promise<QuestionDetail> {
  const mine = await ofQuestion(first, request, use.signal);
  if (mine === null) {
    throw new StudioError(
      'NOT_FOUND',
      `There is no question ${request.id} of ${request.part ?? first.result.task}`,
      {
        hint: 'The answers may have been written anew: choose a question of the list',
      },
    );
  }
  const theirs = second === null ? null : await ofQuestion(second, request, use.signal);
  const [question] = mine.own;
  const { task } = mine;
  const shown = await counted(question, request.tokenizer, use);
  const other = theirs === null ? null : await counted(theirs.own[0], request.tokenizer, use);
  const isKnown = shown.choices.every(({ tokens }) => tokens !== null);
  const otherPrompt = other?.prompt ?? null;
  return {
    task,
    id: question.id,
    prompt: question.prompt,
    otherPrompt: otherPrompt === question.prompt ? null : otherPrompt,
    target: question.target,
    gold: question.gold,
    subject: question.subject,
    document: question.document === null ? null : JSON.stringify(question.document, null, 2),
    first: await answered(shown, mine.own, first.set.metric, task),
    second:
      other === null || theirs === null ? null : await answered(other, theirs.own, first.set.metric, task),
    tokensProblem: shown.choices.length === 0 || isKnown ? null : NOT_COUNTED,
  };
}

interface OwnLines {
  readonly task: string;
  /** The line of the chosen filter, then those of the others. */
  readonly own: readonly [Question, ...Question[]];
}

async function ofQuestion(
  { parts, set, result }: FoundAnswers,
  { part: wanted, id }: DetailRequest,
  signal: AbortSignal | undefined,
): Promise<OwnLines | null> {
  const found = parts.find(({ task }) => task === (wanted ?? result.task)) ?? parts[0];
  if (found === undefined) return null;
  const { index, path, task } = found;
  const rows: number[] = [];
  for (let row = 0; row < index.count; row += 1) if (index.ids[row] === id) rows.push(row);
  const chosen = rows.find((row) => index.filters[index.filterOf[row] ?? -1] === set.filter);
  if (chosen === undefined) return null;
  // Each filter once: the first counts, as in the scores.
  const others = new Map(rows.toReversed().map((row) => [index.filterOf[row], row]));
  others.delete(index.filterOf[chosen]);
  const [own, ...more] = await readQuestions(path, index, [chosen, ...others.values()], signal);
  return own === undefined ? null : { task, own: [own, ...more] };
}

async function answered(
  question: Question,
  same: readonly Question[],
  metric: string,
  task: string,
): Promise<AnsweredQuestion> {
  return {
    ...answeredQuestion(question, same, metric),
    instructions: await followedInstructions(question, task),
  };
}

/** Tokens of each choice after its prompt: those of both together, less those of the prompt. */
async function counted(
  question: Question,
  tokenizer: string | null,
  { workers, signal }: { readonly workers: TokenWorkers; readonly signal?: AbortSignal | undefined },
): Promise<Question> {
  const { choices, prompt } = question;
  if (tokenizer === null || choices.every(({ tokens }) => tokens !== null)) return question;
  const context = prompt ?? '';
  // Spaces at the end of the prompt belong to the choice, as the harness joins them.
  const plain = context.trimEnd();
  const texts = [plain, ...choices.map(({ sent }) => context + sent)];
  const [own = 0, ...whole] = await countTokens(workers, texts, tokenizer, {
    special: true,
    ...(signal && { signal }),
  });
  const measured = choices.map((choice, place) => ({ ...choice, tokens: (whole[place] ?? own) - own }));
  return { ...question, choices: measured, picks: normalised(measured) };
}
