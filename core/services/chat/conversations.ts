// Conversations as plain files of the workspace: chats/<id>.json, one each, written whole.
// They are people's work, so they live beside the configs and removal goes to the trash.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Conversation, conversation as conversationSchema } from '../../api/chat.ts';
import { StudioError } from '../../api/errors.ts';
import { readTextFile } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { moveToTrash } from '../files/trash.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';

/** Far more than a person types in one conversation; guards the window. */
export const MAX_CONVERSATION_BYTES = 16 * 1024 * 1024;
/** A list beyond this is for a search, not for a sidebar. */
export const MAX_CONVERSATIONS = 2000;
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;

export type ConversationSummary = Omit<Conversation, 'messages'>;

function pathOf(id: string): string {
  if (ID.test(id)) return `chats/${id}.json`;
  throw new StudioError('INVALID_INPUT', 'This is not the name of a conversation', {
    hint: 'Use letters, digits, - and _, at most 80',
  });
}

/** Newest first. Files that cannot be read are left out: one damaged file must not hide the others. */
export async function listConversations(root: string): Promise<ConversationSummary[]> {
  const names = await readdir(join(root, 'chats')).catch(() => []);
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  const found: ConversationSummary[] = [];
  for (const id of ids.filter((name) => ID.test(name)).slice(0, MAX_CONVERSATIONS)) {
    const read = await readConversation(root, id).catch(() => null);
    if (read === null) continue;
    const { messages: _, ...summary } = read;
    found.push(summary);
  }
  return found.sort((left, right) => right.changedMs - left.changedMs);
}

/** NOT_FOUND, or CORRUPT_FILE when the file is not a conversation. */
export async function readConversation(root: string, id: string): Promise<Conversation> {
  const path = pathOf(id);
  const { text } = await readTextFile(await resolveInside(root, path), MAX_CONVERSATION_BYTES);
  try {
    return { ...conversationSchema.parse(JSON.parse(text)), id };
  } catch (error) {
    throw new StudioError('CORRUPT_FILE', 'This conversation cannot be read', {
      hint: 'Restore the file from git, or remove it',
      path,
      cause: error,
    });
  }
}

export async function saveConversation(root: string, conversation: Conversation): Promise<void> {
  const path = await resolveInside(root, pathOf(conversation.id));
  const text = `${JSON.stringify(conversation, null, 2)}\n`;
  if (Buffer.byteLength(text) > MAX_CONVERSATION_BYTES) {
    throw new StudioError('TOO_LARGE', 'This conversation is too long to be kept', {
      hint: 'Start a new chat',
    });
  }
  await writeFileAtomic(path, text);
}

/** To the workspace's trash; returns the token that restores it. */
export async function removeConversation(root: string, id: string): Promise<string> {
  return moveToTrash(root, pathOf(id));
}
