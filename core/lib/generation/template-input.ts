// What a chat template gets to see: messages and tools in the shape that transformers gives them. Knows no Jinja.
import { textBeforeCalls } from './tool-calls.ts';

interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly text: string;
  readonly toolCalls?: readonly Call[] | undefined;
  readonly toolCallId?: string | undefined;
  readonly toolName?: string | undefined;
}

interface ToolDescription {
  readonly name: string;
  readonly description: string;
  readonly parameters?: unknown;
}

export interface TemplateInput {
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  /** Null without tools, as transformers passes None. */
  readonly tools: readonly unknown[] | null;
}

/**
 * A template that does not know tools gets them in the system message, calls and answers as text, in the form of Hermes:
 * the one most open models were taught.
 */
export function templateInput(
  template: string,
  messages: readonly Message[],
  tools: readonly ToolDescription[],
): TemplateInput {
  if (/\btools\b/.test(template)) {
    return { messages: messages.map(messageOf), tools: tools.length === 0 ? null : tools.map(toolOf) };
  }
  const plain = messages.map(plainMessage);
  return { messages: tools.length === 0 ? plain : withTools(plain, tools), tools: null };
}

function toolOf({ name, description, parameters }: ToolDescription) {
  return { type: 'function', function: { name, description, parameters } };
}

function messageOf({ role, text, toolCalls = [], toolCallId, toolName }: Message) {
  return {
    role,
    content: toolCalls.length === 0 ? text : textBeforeCalls(text),
    ...(toolCalls.length === 0
      ? {}
      : {
          tool_calls: toolCalls.map((call) => ({
            id: call.id,
            type: 'function',
            function: { name: call.name, arguments: parsed(call.arguments) },
          })),
        }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(toolName === undefined ? {} : { name: toolName }),
  };
}

/** Templates print arguments with `tojson`, so they get values; what is no JSON stays a text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function plainMessage({ role, text, toolCalls = [] }: Message) {
  if (role === 'tool') return { role: 'user', content: `<tool_response>\n${text}\n</tool_response>` };
  const calls = toolCalls.map(
    (call) =>
      `<tool_call>\n{"name": ${JSON.stringify(call.name)}, "arguments": ${call.arguments}}\n</tool_call>`,
  );
  return {
    role,
    content: [toolCalls.length === 0 ? text : textBeforeCalls(text), ...calls]
      .filter((part) => part !== '')
      .join('\n'),
  };
}

function withTools(
  messages: readonly { readonly role: string; readonly content: string }[],
  tools: readonly ToolDescription[],
) {
  const [first] = messages;
  const system = first?.role === 'system' ? first.content : '';
  const rest = first?.role === 'system' ? messages.slice(1) : messages;
  const content = [
    ...(system === '' ? [] : [system, '']),
    'You may call one or more functions. These are their signatures:',
    '<tools>',
    ...tools.map((tool) => JSON.stringify(toolOf(tool))),
    '</tools>',
    'For each call write a JSON object with its name and arguments between tags:',
    '<tool_call>',
    '{"name": "...", "arguments": {}}',
    '</tool_call>',
  ].join('\n');
  return [{ role: 'system', content }, ...rest];
}
