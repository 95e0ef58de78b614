// Conversations as files of the workspace: read whatever their format, saved without losing what another window wrote.
// They are people's work, so they live beside the configs and removal goes to the trash.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Conversation,
  ConversationFile,
  ConversationHit,
  ConversationSummary,
  SaveConversationResult,
} from '../../api/conversations.ts';
import { StudioError } from '../../api/errors.ts';
import { conversationText, parseConversation } from '../../lib/conversations/file.ts';
import { searchConversation } from '../../lib/conversations/search.ts';
import { readTextFile, versionOf } from '../files/read-text.ts';
import { resolveInside } from '../files/resolve-inside.ts';
import { moveToTrash, restoreFromTrash } from '../files/trash.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { toStudioError } from '../system-errors.ts';

/** Some six hundred answers with the probabilities of all their tokens; guards the window. */
export const MAX_CONVERSATION_BYTES = 16 * 1024 * 1024;
/** A list beyond this is for a search, not for a sidebar. */
export const MAX_CONVERSATIONS = 2000;
const MAX_HITS = 200;
const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/;

function pathOf(id: string): string {
  if (ID.test(id)) return `chats/${id}.json`;
  throw new StudioError('INVALID_INPUT', 'This is not the name of a conversation', {
    hint: 'Use letters, digits, - and _, at most 80',
  });
}

/** NOT_FOUND, TOO_LARGE, or CORRUPT_FILE when the file is not a conversation. */
export async function readConversation(root: string, id: string): Promise<ConversationFile> {
  const path = pathOf(id);
  const { text, version } = await readTextFile(await resolveInside(root, path), MAX_CONVERSATION_BYTES);
  try {
    return { conversation: parseConversation(text, id), version };
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    const { hint, detail } = error.data;
    throw new StudioError(error.code, error.message, {
      hint,
      path,
      ...(detail === undefined ? {} : { detail }),
      cause: error,
    });
  }
}

/** A file that changed since `baseVersion` is left alone and returned; one that was removed meanwhile is written again. */
export async function saveConversation(
  root: string,
  conversation: Conversation,
  baseVersion: string | null,
): Promise<SaveConversationResult> {
  const path = pathOf(conversation.id);
  const real = await resolveInside(root, path);
  const text = conversationText(conversation);
  if (Buffer.byteLength(text) > MAX_CONVERSATION_BYTES) {
    throw new StudioError('TOO_LARGE', 'This conversation is too long to be kept in one file', {
      hint: 'Drop the token details of older answers, or go on in a new conversation',
      path,
    });
  }
  return withFileLock(root, path, async () => {
    const version = versionOf(text);
    const current = await readConversation(root, conversation.id).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (current !== null && current.version !== baseVersion && current.version !== version) {
      return { kind: 'conflict', current };
    }
    if (current?.version !== version) await writeFileAtomic(real, text);
    return { kind: 'saved', version };
  });
}

/** To the workspace's trash; returns the token that restores it. */
export async function removeConversation(root: string, id: string): Promise<string> {
  return moveToTrash(root, pathOf(id));
}

export const restoreConversation = restoreFromTrash;

async function idsOf(root: string): Promise<readonly string[]> {
  const names = await readdir(join(root, 'chats')).catch(() => []);
  const ids = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  return ids.filter((id) => ID.test(id)).slice(0, MAX_CONVERSATIONS);
}

export interface ConversationList {
  /** Newest first. */
  list(root: string, signal?: AbortSignal): Promise<ConversationSummary[]>;
}

/** Summaries are kept by size and time of the file: windows ask every few seconds. */
export function createConversationList(): ConversationList {
  const known = new Map<string, ConversationSummary>();
  return {
    async list(root, signal) {
      const found: ConversationSummary[] = [];
      for (const id of await idsOf(root)) {
        signal?.throwIfAborted();
        const key = join(root, 'chats', `${id}.json`);
        const info = await stat(key).catch(() => null);
        if (info === null) continue;
        const stamp = `${info.size}:${info.mtimeMs}`;
        const cached = known.get(key);
        const summary = cached?.stamp === stamp ? cached : await summaryOf(root, id, stamp, info.mtimeMs);
        known.set(key, summary);
        found.push(summary);
      }
      return found.sort((left, right) => right.changedMs - left.changedMs);
    },
  };
}

async function summaryOf(
  root: string,
  id: string,
  stamp: string,
  changedMs: number,
): Promise<ConversationSummary> {
  try {
    const { title, modelPath, mode, turns, ...times } = (await readConversation(root, id)).conversation;
    const { createdMs } = times;
    return {
      id,
      title,
      modelPath,
      mode,
      turns: turns.length,
      createdMs,
      changedMs: times.changedMs,
      stamp,
      problem: null,
    };
  } catch (error) {
    const problem = toStudioError(error).message;
    return {
      id,
      title: id,
      modelPath: null,
      mode: 'chat',
      turns: 0,
      createdMs: changedMs,
      changedMs,
      stamp,
      problem,
    };
  }
}

/** Newest conversation first, up to a limit. Files that cannot be read are passed over: the list says so. */
export async function searchConversations(
  root: string,
  list: ConversationList,
  text: string,
  signal?: AbortSignal,
): Promise<{ hits: ConversationHit[]; isComplete: boolean }> {
  const hits: ConversationHit[] = [];
  for (const { id, problem } of await list.list(root, signal)) {
    signal?.throwIfAborted();
    if (problem !== null) continue;
    const file = await readConversation(root, id).catch(() => null);
    if (file) hits.push(...searchConversation(file.conversation, text));
    if (hits.length >= MAX_HITS) return { hits: hits.slice(0, MAX_HITS), isComplete: false };
  }
  return { hits, isComplete: true };
}
