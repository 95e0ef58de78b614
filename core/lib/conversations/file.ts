// The file of a conversation: parsed whatever its format, written so that one turn is one line, which is what git shows and merges.
// Knows no disk.
import { z } from 'zod';
import { type Conversation, conversation as conversationSchema, type Turn } from '../../api/conversations.ts';
import { answerStatistics, sampling } from '../../api/generation.ts';
import { StudioError } from '../../api/errors.ts';
import { treeProblem } from './tree.ts';

/** What this studio writes. */
const FORMAT = 2;

/** Format 1: one list of messages, without a number of its format. */
const firstFormat = z.object({
  title: z.string(),
  modelPath: z.string().nullable(),
  systemPrompt: z.string().default(''),
  mode: z.enum(['chat', 'raw']).default('chat'),
  sampling: sampling.prefault({}),
  messages: z.array(
    z.object({
      role: z.enum(['system', 'user', 'assistant']),
      text: z.string(),
      statistics: answerStatistics.optional(),
      stopReason: z.string().optional(),
    }),
  ),
  createdMs: z.number(),
  changedMs: z.number(),
});

/** `id` is the file's name and wins over what the file says. CORRUPT_FILE names the first thing that is wrong. */
export function parseConversation(text: string, id: string): Conversation {
  const value = parsed(text, id);
  const format = z.object({ format: z.number() }).safeParse(value);
  if (format.success && format.data.format > FORMAT) {
    throw new StudioError('CORRUPT_FILE', 'This conversation was written by a newer studio', {
      hint: 'Update this studio to open it; the file is not touched',
      detail: `format ${format.data.format}`,
    });
  }
  try {
    const conversation = format.success
      ? { ...conversationSchema.parse(value), id }
      : migrated(firstFormat.parse(value), id);
    const problem = treeProblem(conversation.turns);
    if (problem !== null) throw damaged(problem);
    return conversation;
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issue = error.issues[0];
    throw damaged(
      issue ? `${issue.path.join('.') || 'the file'}: ${issue.message}` : 'it is something else',
      error,
    );
  }
}

function parsed(text: string, id: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw damaged(/^<{7} /m.test(text) ? 'git left a conflict in it' : `${id}.json is not valid JSON`, error);
  }
}

function damaged(reason: string, cause?: unknown): StudioError {
  return new StudioError('CORRUPT_FILE', `This conversation cannot be read: ${reason}`, {
    hint: 'Mend the file in a text editor, restore it from git, or remove it',
    cause,
  });
}

/** A list is a tree with one branch. Ids are made from places, so that two windows that read the same file agree. */
function migrated(old: z.infer<typeof firstFormat>, id: string): Conversation {
  const systemTexts = old.messages.filter(({ role }) => role === 'system').map(({ text }) => text);
  const turns: Turn[] = [];
  for (const { role, text, statistics, stopReason } of old.messages) {
    if (role === 'system') continue;
    turns.push({
      id: `m${turns.length + 1}`,
      parentId: turns.at(-1)?.id ?? null,
      role,
      text,
      ...(statistics ? { statistics } : {}),
      ...(stopReason === undefined ? {} : { stopReason }),
      ...(role === 'assistant' && old.modelPath !== null ? { modelPath: old.modelPath } : {}),
      createdMs: old.createdMs,
    });
  }
  return conversationSchema.parse({
    format: FORMAT,
    id,
    title: old.title,
    modelPath: old.modelPath,
    mode: old.mode,
    systemPrompt: [old.systemPrompt, ...systemTexts].filter((text) => text !== '').join('\n\n'),
    sampling: old.sampling,
    turns,
    createdMs: old.createdMs,
    changedMs: old.changedMs,
  });
}

/** The text of the file: the same conversation gives the same bytes. */
export function conversationText({ turns, ...rest }: Conversation): string {
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  const lines = turns.map((turn) => `\n    ${JSON.stringify(turn)}`).join(',');
  return `${head},\n  "turns": [${lines}${lines === '' ? '' : '\n  '}]\n}\n`;
}
