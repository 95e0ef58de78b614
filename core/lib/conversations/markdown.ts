// A conversation as Markdown: what is on screen, to be pasted into an issue, a paper or a chat.
import type { Conversation, Turn } from '../../api/conversations.ts';
import { shownPath } from './tree.ts';

/** The branch that is shown. Turns are quoted as they are; only the headings are ours. */
export function conversationMarkdown(conversation: Conversation): string {
  const model = conversation.modelPath === null ? [] : [`Model: \`${conversation.modelPath}\``];
  const system = conversation.systemPrompt.trim();
  return `${[
    `# ${conversation.title}`,
    ...model,
    ...(system === '' ? [] : [`## system\n\n${system}`]),
    ...shownPath(conversation).map(turnMarkdown),
  ].join('\n\n')}\n`;
}

function turnMarkdown(turn: Turn): string {
  const heading = turn.role === 'tool' ? `tool ${turn.toolName ?? ''}`.trim() : turn.role;
  const calls = (turn.toolCalls ?? []).map((call) => fenced(`${call.name}(${call.arguments})`, 'text'));
  const text = turn.role === 'tool' ? fenced(turn.text, 'json') : turn.text.trim();
  return [`## ${heading}`, ...(text === '' ? [] : [text]), ...calls].join('\n\n');
}

/** The fence is longer than any run of backticks inside. */
function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
