// Messages and tools as templates see them, also those that know no tools.
import { describe, expect, it } from 'vitest';
import { templateInput } from '../../../../../core/lib/generation/template-input.ts';

const weather = { name: 'weather', description: 'Of a city', parameters: { type: 'object' } };
const asked = [
  { role: 'user' as const, text: 'Che tempo fa?' },
  {
    role: 'assistant' as const,
    text: 'Guardo.\n<tool_call>\n{"name": "weather", "arguments": {"city": "Roma"}}\n</tool_call>',
    toolCalls: [{ id: 'c1', name: 'weather', arguments: '{"city": "Roma"}' }],
  },
  { role: 'tool' as const, text: 'sole', toolCallId: 'c1', toolName: 'weather' },
];

describe('templateInput', () => {
  it('gives tools and calls as transformers does', () => {
    const { messages, tools } = templateInput('{% if tools %}…{% endif %}', asked, [weather]);
    expect(tools).toEqual([{ type: 'function', function: weather }]);
    expect(messages[1]).toEqual({
      role: 'assistant',
      content: 'Guardo.',
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'weather', arguments: { city: 'Roma' } } },
      ],
    });
    expect(messages[2]).toEqual({ role: 'tool', content: 'sole', tool_call_id: 'c1', name: 'weather' });
    expect(templateInput('{{ tools }}', asked, []).tools).toBeNull();
  });

  it('puts them into the system message of a template that knows none', () => {
    const { messages, tools } = templateInput(
      '{{ messages }}',
      [{ role: 'system', text: 'Breve.' }, ...asked],
      [weather],
    );
    expect(tools).toBeNull();
    expect(messages).toHaveLength(4);
    expect(messages[0]?.['content']).toMatch(/^Breve\.\n[\s\S]*"name":"weather"/);
    expect(messages[2]?.['content']).toBe(
      'Guardo.\n<tool_call>\n{"name": "weather", "arguments": {"city": "Roma"}}\n</tool_call>',
    );
    expect(messages[3]).toEqual({ role: 'user', content: '<tool_response>\nsole\n</tool_response>' });
  });
});
