// Calls of tools out of what a model wrote, in the ways models were taught to write them. Arguments stay as they were
// written, also where they are no valid JSON: whether they are is for whoever reads them.
import { readJsonText } from './json-text.ts';

export interface FoundCall {
  readonly name: string;
  readonly arguments: string;
}

/** Calls beyond this are a model in a loop. */
const MAX_CALLS = 64;

/**
 * Tags of Hermes and Qwen, `<function=name>` of Llama 3.1 and Qwen coder, `[TOOL_CALLS]` of Mistral, and bare JSON of
 * Llama 3, with or without `<|python_tag|>`. Bare JSON counts only when it names one of `tools`.
 */
export function findToolCalls(text: string, tools: readonly string[]): readonly FoundCall[] {
  const found = [tagged, functions, mistral].map((read) => read(text)).find((calls) => calls.length > 0);
  return (found ?? bare(text, tools)).slice(0, MAX_CALLS);
}

/** What an answer says before its calls: those are told to a template apart from it. */
export function textBeforeCalls(text: string): string {
  if (/^\s*(<\|python_tag\|>)?\s*[{[]/.test(text) && !text.includes('[TOOL_CALLS]')) return '';
  const marks = ['<tool_call>', '<function=', '[TOOL_CALLS]', '<|python_tag|>'];
  const at = Math.min(...marks.map((mark) => text.indexOf(mark)).filter((index) => index >= 0));
  return Number.isFinite(at) ? text.slice(0, at).trimEnd() : text;
}

function tagged(text: string): FoundCall[] {
  return [...text.matchAll(/<tool_call>([\s\S]*?)(?:<\/tool_call>|$)/g)].flatMap(([, inside = '']) => {
    const named = functions(inside);
    return named.length > 0 ? named : callsIn(inside);
  });
}

function functions(text: string): FoundCall[] {
  return [...text.matchAll(/<function=([^>\s]+)>([\s\S]*?)(?:<\/function>|$)/g)].map(
    ([, name = '', inside = '']) => ({ name, arguments: parametersOf(inside) ?? inside.trim() }),
  );
}

/** `<parameter=name>value</parameter>`, as one JSON object of texts and what reads as JSON. */
function parametersOf(text: string): string | null {
  const found = [...text.matchAll(/<parameter=([^>\s]+)>([\s\S]*?)<\/parameter>/g)];
  if (found.length === 0) return null;
  return JSON.stringify(
    Object.fromEntries(found.map(([, name = '', value = '']) => [name, valueOf(value.trim())])),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function mistral(text: string): FoundCall[] {
  const mark = '[TOOL_CALLS]';
  const at = text.indexOf(mark);
  return at < 0 ? [] : callsIn(text.slice(at + mark.length));
}

function bare(text: string, tools: readonly string[]): FoundCall[] {
  const trimmed = text.replace(/^\s*<\|python_tag\|>/, '').trim();
  if (!/^(```(json)?\s*)?[{[]/.test(trimmed)) return [];
  return callsIn(trimmed).filter(({ name }) => tools.includes(name));
}

/** JSON objects with a name, one after another or in a list. */
function callsIn(text: string): FoundCall[] {
  const calls: FoundCall[] = [];
  let at = 0;
  while (calls.length < MAX_CALLS) {
    const start = text.indexOf('{', at);
    if (start < 0) break;
    const { end, members } = readJsonText(text, start);
    const call = callOf(members);
    if (call !== null) calls.push(call);
    at = Math.max(end, start + 1);
  }
  return calls;
}

function callOf(members: ReadonlyMap<string, string>): FoundCall | null {
  const wrapped = members.get('function');
  if (wrapped?.startsWith('{')) return callOf(readJsonText(wrapped, 0).members);
  const written = members.get('name') ?? wrapped;
  const name = written === undefined ? undefined : valueOf(written);
  if (typeof name !== 'string' || name === '') return null;
  return { name, arguments: members.get('arguments') ?? members.get('parameters') ?? '{}' };
}
