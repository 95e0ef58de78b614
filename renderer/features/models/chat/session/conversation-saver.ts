// Keeps one conversation on disk as it changes. What another window wrote meanwhile is merged, never overwritten.
import type { StudioClient } from '../../../../../core/api/contract.ts';
import type { Conversation } from '../../../../../core/api/conversations.ts';
import { mergeConversations } from '../../../../../core/lib/conversations/merge.ts';

/** Typing in a field saves once, after this pause. */
const PAUSE_MS = 400;
/** Conflicts in a row after which something else is wrong. */
const MAX_CONFLICTS = 5;

/** What a conversation on disk was when this window read or wrote it last. */
export interface Saved {
  readonly conversation: Conversation;
  readonly version: string;
}

export interface SaverOptions {
  readonly client: StudioClient;
  /** Null: it was never saved. */
  readonly saved: Saved | null;
  readonly current: () => Conversation;
  /** Another window's work came in. */
  readonly onMerged: (merged: Conversation, hadOwnChanges: boolean) => void;
  readonly onSaved: () => void;
  /** Null: it is saved. */
  readonly onProblem: (problem: unknown) => void;
}

export interface ConversationSaver {
  /** Soon, once for several calls. */
  saveSoon(): void;
  /** Resolves when everything so far is on disk or was refused. */
  save(): Promise<void>;
  /** Takes over what another window wrote since. Does nothing where the file is as this window knows it. */
  refresh(): Promise<void>;
  /** Nothing is written any more: the conversation was removed. */
  stop(): void;
}

export function createConversationSaver(options: SaverOptions): ConversationSaver {
  const { client, current, onMerged, onSaved, onProblem } = options;
  let saved = options.saved;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> = Promise.resolve();
  let isStopped = false;

  const take = (theirs: Saved) => {
    const ours = current();
    const hadOwnChanges = ours !== saved?.conversation;
    const merged = hadOwnChanges
      ? mergeConversations(saved?.conversation ?? null, ours, theirs.conversation)
      : theirs.conversation;
    saved = theirs;
    onMerged(merged, hadOwnChanges);
  };
  const write = async () => {
    for (let attempt = 0; !isStopped && current() !== saved?.conversation; attempt += 1) {
      const conversation = current();
      const result = await client.conversations.save({ conversation, baseVersion: saved?.version ?? null });
      if (result.kind === 'saved') {
        saved = { conversation, version: result.version };
        onSaved();
      } else if (attempt < MAX_CONFLICTS) take(result.current);
      else throw new Error('Another window keeps changing this conversation');
    }
  };
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    running = running.then(write).then(
      () => onProblem(null),
      (error: unknown) => onProblem(error),
    );
    return running;
  };
  return {
    save,
    saveSoon() {
      clearTimeout(timer);
      timer = setTimeout(() => void save(), PAUSE_MS);
    },
    async refresh() {
      await running;
      if (isStopped || saved === null) return;
      const theirs = await client.conversations.read({ id: saved.conversation.id });
      if (theirs.version !== saved?.version) take(theirs);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
