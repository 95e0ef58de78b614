// Calls of tools as models write them, whole, several, cut off and wrong.
import { describe, expect, it } from 'vitest';
import { findToolCalls, textBeforeCalls } from '../../../../../core/lib/generation/tool-calls.ts';

const tools = ['weather', 'search'];
const call = (name: string, args: string) => ({ name, arguments: args });

describe('findToolCalls', () => {
  it.each([
    [
      'Hermes and Qwen',
      '<tool_call>\n{"name": "weather", "arguments": {"city": "Roma", "days": [1, 2]}}\n</tool_call>',
      [call('weather', '{"city": "Roma", "days": [1, 2]}')],
    ],
    [
      'two of them after a text',
      'Ci provo.\n<tool_call>{"name":"weather","arguments":{"a":"}"}}</tool_call>\n<tool_call>{"name":"search","arguments":{}}</tool_call>',
      [call('weather', '{"a":"}"}'), call('search', '{}')],
    ],
    [
      'a tag that is not closed',
      '<tool_call>{"name": "weather", "arguments": {"city": "Ro',
      [call('weather', '{"city": "Ro')],
    ],
    ['Llama 3', '{"name": "weather", "parameters": {"city": "Roma"}}', [call('weather', '{"city": "Roma"}')]],
    [
      'Llama 3 with its tag',
      '<|python_tag|>{"name": "search", "parameters": {"q": "x"}}; {"name": "weather", "parameters": {}}',
      [call('search', '{"q": "x"}'), call('weather', '{}')],
    ],
    [
      'Llama 3.1 functions',
      '<function=weather>{"city": "Roma"}</function>',
      [call('weather', '{"city": "Roma"}')],
    ],
    [
      'Qwen coder',
      '<tool_call><function=weather><parameter=city>Roma</parameter><parameter=days>3</parameter></function></tool_call>',
      [call('weather', '{"city":"Roma","days":3}')],
    ],
    [
      'Mistral',
      '[TOOL_CALLS][{"name": "weather", "arguments": {"city": "Roma"}}, {"name": "search", "arguments": {}}]',
      [call('weather', '{"city": "Roma"}'), call('search', '{}')],
    ],
    [
      'a call in OpenAI’s form',
      '{"type": "function", "function": {"name": "weather", "arguments": {}}}',
      [call('weather', '{}')],
    ],
    [
      'arguments as a text',
      '<tool_call>{"name": "weather", "arguments": "{\\"a\\": 1}"}</tool_call>',
      [call('weather', '"{\\"a\\": 1}"')],
    ],
    ['bare JSON that names no tool', '{"name": "Anna", "age": 3}', []],
    ['a text with braces', 'Il codice {x} è breve.', []],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => {
    expect(findToolCalls(text, tools)).toEqual(expected);
  });

  it('ends on a model in a loop', () => {
    expect(findToolCalls('<tool_call>{"name":"weather"}</tool_call>'.repeat(5000), tools)).toHaveLength(64);
    expect(findToolCalls('{'.repeat(20_000), tools)).toEqual([]);
  });
});

describe('textBeforeCalls', () => {
  it('is what a person reads', () => {
    expect(textBeforeCalls('Guardo.\n<tool_call>{}</tool_call>')).toBe('Guardo.');
    expect(textBeforeCalls('{"name": "weather"}')).toBe('');
    expect(textBeforeCalls('Solo testo')).toBe('Solo testo');
  });
});
