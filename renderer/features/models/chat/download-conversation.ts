// A conversation as a file where downloads go.
import type { Conversation } from '../../../../core/api/conversations.ts';
import { conversationText } from '../../../../core/lib/conversations/file.ts';
import { conversationMarkdown } from '../../../../core/lib/conversations/markdown.ts';

export function downloadConversation(conversation: Conversation, kind: 'md' | 'json'): void {
  const text = kind === 'md' ? conversationMarkdown(conversation) : conversationText(conversation);
  const url = URL.createObjectURL(
    new Blob([text], { type: kind === 'md' ? 'text/markdown' : 'application/json' }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = `${stem(conversation.title)}.${kind}`;
  link.click();
  URL.revokeObjectURL(url);
}

/** A name that every file system takes. */
function stem(title: string): string {
  return title.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|-+$/g, '') || 'conversation';
}
