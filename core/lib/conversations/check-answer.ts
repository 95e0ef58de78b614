// Whether an answer is what it had to be: JSON of a schema, or calls of the tools there are, with arguments that fit.
import type { Conversation, Turn } from '../../api/conversations.ts';
import type { AnswerFormat, Tool, ToolCall } from '../../api/generation.ts';
import { checkJsonText } from '../json-schema/check.ts';

export interface AnswerCheck {
  readonly valid: boolean;
  readonly problem: string | null;
}

const fine: AnswerCheck = { valid: true, problem: null };

/** Null where nothing was asked for: plain text cannot be wrong. */
export function checkAnswer(
  text: string,
  calls: readonly ToolCall[],
  asked: { readonly answerFormat: AnswerFormat | null; readonly tools: readonly Tool[] },
): AnswerCheck | null {
  if (calls.length > 0) return checkCalls(calls, asked.tools);
  if (asked.answerFormat?.kind !== 'json-schema') return null;
  const problem = checkJsonText(asked.answerFormat.schema, text);
  return problem === null ? fine : { valid: false, problem };
}

function checkCalls(calls: readonly ToolCall[], tools: readonly Tool[]): AnswerCheck {
  for (const call of calls) {
    const problem = callProblem(call, tools);
    if (problem !== null) return { valid: false, problem: `${call.name}: ${problem}` };
  }
  return fine;
}

/** Why a call cannot be answered as it is; null when it can. */
export function callProblem(call: ToolCall, tools: readonly Tool[]): string | null {
  const called = tools.find(({ name }) => name === call.name);
  return called ? checkJsonText(called.parameters, call.arguments) : 'there is no such tool';
}

/** Answers of the conversation that were checked, in all branches. */
export function validityOf(conversation: Pick<Conversation, 'turns'>): {
  readonly valid: number;
  readonly checked: number;
} {
  const checked = conversation.turns.filter((turn) => turn.check !== undefined);
  return { valid: checked.filter((turn) => turn.check?.valid).length, checked: checked.length };
}

/** Calls of the last turn that nobody has answered yet: the model waits for them. */
export function openCalls(path: readonly Turn[]): readonly ToolCall[] {
  const at = path.findLastIndex(({ role }) => role === 'assistant');
  const calls = path[at]?.toolCalls ?? [];
  const after = path.slice(at + 1);
  if (after.some(({ role }) => role === 'user')) return [];
  return calls.filter(({ id }) => !after.some((turn) => turn.toolCallId === id));
}
