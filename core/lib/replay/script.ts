// What is replayed: the questions of one conversation, in order, and how every model is asked. Knows no files and no models.
import { z } from 'zod';
import { sampling } from '../../api/generation.ts';
import type { Prompt } from '../../api/generation.ts';

/** A conversation of more turns takes hours on every checkpoint. */
export const MAX_REPLAY_TURNS = 200;
const MAX_TEXT_CHARACTERS = 1_000_000;

const text = z.string().max(MAX_TEXT_CHARACTERS);

export const replayScript = z.object({
  /** Of the conversation, which names the folder of the answers. */
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/),
  mode: z.enum(['chat', 'raw']),
  systemPrompt: text,
  /** Jinja; null takes each model's own. */
  template: z.string().nullable(),
  addBos: z.boolean(),
  sampling,
  /** What the person wrote, and what was answered then. */
  turns: z
    .array(z.object({ question: text, answer: text.nullable() }))
    .min(1)
    .max(MAX_REPLAY_TURNS),
  /**
   * `own`: each model goes on from its own answers, as in a conversation with it. `kept`: each turn is asked after the answers of the
   * conversation, so that one bad answer spoils no later one.
   */
  before: z.enum(['own', 'kept']),
});
export type ReplayScript = z.infer<typeof replayScript>;

interface ScriptTurn {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
}

/** Questions of a branch with the answer each got; what tools said counts for nothing. Two questions in a row are two turns. */
export function turnsOfPath(path: readonly ScriptTurn[]): ReplayScript['turns'] {
  const turns: { question: string; answer: string | null }[] = [];
  for (const { role, text: said } of path) {
    const last = turns.at(-1);
    if (role === 'user') turns.push({ question: said, answer: null });
    else if (role === 'assistant' && last !== undefined) last.answer = said;
  }
  return turns;
}

/** What a model is asked in turn `index`, given what was answered before. */
export function promptAt(script: ReplayScript, index: number, answers: readonly string[]): Prompt {
  const before = script.turns.slice(0, index).map(({ question, answer }, at) => ({
    question,
    answer: script.before === 'own' ? (answers[at] ?? '') : (answer ?? ''),
  }));
  const question = script.turns[index]?.question ?? '';
  if (script.mode === 'raw') {
    const said = before.map((turn) => turn.question + turn.answer).join('');
    return { kind: 'raw', text: said + question, addBos: script.addBos, tokens: null };
  }
  const system =
    script.systemPrompt.trim() === '' ? [] : [{ role: 'system' as const, text: script.systemPrompt }];
  const messages = before.flatMap((turn) => [
    { role: 'user' as const, text: turn.question },
    { role: 'assistant' as const, text: turn.answer },
  ]);
  return {
    kind: 'chat',
    messages: [...system, ...messages, { role: 'user', text: question }],
    template: script.template,
    tools: [],
    answerStart: null,
  };
}
