// The prompts of a vote from text: one a line, or JSON lines as other tools write them.
import { StudioError } from '../../api/errors.ts';
import { z } from 'zod';
import { MAX_VOTE_ITEMS, type VotePrompt, votePrompt } from './vote.ts';

/** Names by which other tools call the same. */
const line = z
  .object({
    id: z.union([z.string(), z.number()]).optional(),
    prompt: z.string().optional(),
    text: z.string().optional(),
    messages: votePrompt.shape.messages.optional(),
  })
  .refine(({ prompt, text, messages }) => (prompt ?? text ?? messages) !== undefined);

/**
 * Empty lines are nothing. A text whose first line is a JSON object is read as JSON lines: `{"id", "prompt"}` or `{"id", "messages"}`.
 * Prompts without an id are called by their number, from 1. INVALID_INPUT names the line.
 */
export function votePromptsOf(text: string): readonly VotePrompt[] {
  const lines = text
    .split(/\r?\n/)
    .map((written, index) => ({ written: written.trim(), number: index + 1 }))
    .filter(({ written }) => written !== '');
  const isJson = lines[0]?.written.startsWith('{') ?? false;
  if (lines.length === 0 || lines.length > MAX_VOTE_ITEMS) {
    throw new StudioError(
      lines.length === 0 ? 'INVALID_INPUT' : 'TOO_LARGE',
      lines.length === 0 ? 'There is no prompt' : `${lines.length} prompts are more than a vote can have`,
      { hint: `Give 1 to ${MAX_VOTE_ITEMS} prompts, one a line` },
    );
  }
  const prompts = lines.map(({ written, number }, index) =>
    isJson
      ? promptOfJson(written, number, index)
      : { id: String(index + 1), messages: [{ role: 'user' as const, text: written }] },
  );
  const ids = new Set<string>();
  for (const { id } of prompts) {
    if (ids.has(id)) throw broken(`Two prompts are called ${id}`);
    ids.add(id);
  }
  return prompts;
}

function promptOfJson(written: string, number: number, index: number): VotePrompt {
  let value: unknown;
  try {
    value = JSON.parse(written);
  } catch {
    throw broken(`Line ${number} is not JSON`);
  }
  const parsed = line.safeParse(value);
  if (!parsed.success) throw broken(`Line ${number} has no prompt`);
  const { id, prompt, text, messages } = parsed.data;
  const checked = votePrompt.safeParse({
    id: String(id ?? index + 1),
    messages: messages ?? [{ role: 'user', text: prompt ?? text ?? '' }],
  });
  if (!checked.success) throw broken(`Line ${number}: ${checked.error.issues[0]?.message ?? 'not a prompt'}`);
  return checked.data;
}

function broken(message: string): StudioError {
  return new StudioError('INVALID_INPUT', message, {
    hint: 'Write one prompt a line, or {"id": …, "prompt": …} a line',
  });
}
