// What a model is asked, tools out of files, answers that are checked, presets, and where a template is broken.
import { describe, expect, it } from 'vitest';
import type { Turn } from '../../../../../core/api/conversations.ts';
import { checkAnswer, openCalls, validityOf } from '../../../../../core/lib/conversations/check-answer.ts';
import { emptyConversation } from '../../../../../core/lib/conversations/new-conversation.ts';
import {
  noPresets,
  presetPathOf,
  renamedPreset,
  withoutPreset,
  withPreset,
} from '../../../../../core/lib/conversations/presets.ts';
import { promptFor } from '../../../../../core/lib/conversations/prompt.ts';
import { templateProblem } from '../../../../../core/lib/conversations/template-problem.ts';
import { readTools } from '../../../../../core/lib/conversations/tools.ts';

const conversation = emptyConversation('x', 'models/a.gguf', 0);
const turn = (id: string, role: Turn['role'], text: string, rest: Partial<Turn> = {}): Turn => ({
  id,
  parentId: null,
  role,
  text,
  createdMs: 0,
  ...rest,
});
const call = { id: 'c1', name: 'meteo', arguments: '{"city": "Roma"}' };
const meteo = {
  name: 'meteo',
  description: 'Il tempo',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

describe('the prompt of an answer', () => {
  it('holds the system prompt, the turns, calls and their answers', () => {
    const path = [
      turn('a', 'user', 'Che tempo fa?'),
      turn('b', 'assistant', '', { toolCalls: [call] }),
      turn('c', 'tool', '21', { toolCallId: 'c1', toolName: 'meteo' }),
    ];
    const prompt = promptFor({ ...conversation, systemPrompt: 'Breve.', tools: [meteo] }, path, {
      text: 'Fa',
      tokens: [7],
    });
    expect(prompt).toEqual({
      kind: 'chat',
      template: null,
      tools: [meteo],
      answerStart: { text: 'Fa', tokens: [7] },
      messages: [
        { role: 'system', text: 'Breve.' },
        { role: 'user', text: 'Che tempo fa?' },
        { role: 'assistant', text: '', toolCalls: [call] },
        { role: 'tool', text: '21', toolCallId: 'c1', toolName: 'meteo' },
      ],
    });
  });

  it('is one text in raw mode, with the exact tokens of a given start after it', () => {
    const raw = { ...conversation, mode: 'raw' as const, systemPrompt: 'not sent', addBos: false };
    const path = [turn('a', 'user', 'C’era '), turn('b', 'assistant', 'una'), turn('c', 'user', ' volta')];
    expect(promptFor(raw, path, { text: ' un re', tokens: null })).toMatchObject({
      kind: 'raw',
      text: 'C’era una volta un re',
      addBos: false,
      tokens: null,
    });
    expect(promptFor(raw, path, { text: ' un re', tokens: [1, 2] })).toMatchObject({
      text: 'C’era una volta',
      tokens: [1, 2],
    });
  });
});

describe('tools', () => {
  it('are read as OpenAI lists them, inside an object, or bare', () => {
    const wrapped = { type: 'function', function: meteo };
    for (const file of [
      [wrapped],
      { tools: [wrapped] },
      [meteo],
      meteo,
      [{ name: 'meteo', description: 'Il tempo', input_schema: meteo.parameters }],
    ])
      expect(readTools(JSON.stringify(file))).toEqual({ tools: [meteo], problems: [] });
  });

  it('that cannot be offered are left out with the reason', () => {
    const read = readTools(
      JSON.stringify([
        { name: 'two words' },
        { name: 'bad', parameters: { type: 'strin' } },
        {},
        meteo,
        meteo,
      ]),
    );
    expect(read.tools).toEqual([meteo]);
    expect(read.problems.join('\n')).toMatch(
      /two words: names are.*\nbad: there is no type.*\nEntry 3.*\nmeteo is there twice/s,
    );
    expect(readTools('{').problems[0]).toContain('not valid JSON');
  });
});

describe('an answer', () => {
  it('is checked against its schema, a call against its tool', () => {
    const answerFormat = { kind: 'json-schema' as const, schema: { type: 'object', required: ['a'] } };
    const asked = { answerFormat, tools: [meteo] };
    expect(checkAnswer('{"a": 1}', [], asked)).toEqual({ valid: true, problem: null });
    expect(checkAnswer('{}', [], asked)).toEqual({ valid: false, problem: 'a is missing' });
    expect(checkAnswer('', [call], asked)).toEqual({ valid: true, problem: null });
    expect(checkAnswer('', [{ ...call, arguments: '{}' }], asked)?.problem).toBe('meteo: city is missing');
    expect(checkAnswer('', [{ ...call, name: 'ora' }], asked)?.problem).toBe('ora: there is no such tool');
    expect(checkAnswer('Ciao', [], { answerFormat: null, tools: [] })).toBeNull();
    const turns = [
      turn('a', 'assistant', '', { check: { valid: true, problem: null } }),
      turn('b', 'assistant', '', { check: { valid: false, problem: 'x' } }),
      turn('c', 'user', ''),
    ];
    expect(validityOf({ turns })).toEqual({ valid: 1, checked: 2 });
  });

  it('waits for the answers of its calls, until they are given or a person went on', () => {
    const asked = turn('b', 'assistant', '', { toolCalls: [call, { ...call, id: 'c2' }] });
    const given = turn('c', 'tool', '21', { toolCallId: 'c1' });
    expect(openCalls([asked]).map(({ id }) => id)).toEqual(['c1', 'c2']);
    expect(openCalls([asked, given]).map(({ id }) => id)).toEqual(['c2']);
    expect(openCalls([asked, turn('d', 'user', 'Lascia stare')])).toEqual([]);
  });
});

describe('presets', () => {
  it('of a run or a model lie in one file for all quantizations', () => {
    expect(presetPathOf({ name: 'Zagreus 0.4B-Q8_0', runName: null })).toBe('presets/zagreus-0-4b.json');
    expect(presetPathOf({ name: 'zagreus-0.4B.f16.gguf', runName: null })).toBe('presets/zagreus-0-4b.json');
    expect(presetPathOf({ name: 'whatever', runName: 'Zagreus ITA' })).toBe('presets/zagreus-ita.json');
    expect(presetPathOf({ name: '../..', runName: null })).toBe('presets/model.json');
  });

  it('are replaced, renamed and removed by name, the default with them', () => {
    const { sampling } = conversation;
    const one = {
      name: 'one',
      sampling,
      systemPrompt: '',
      template: null,
      contextTokens: null,
      threads: null,
    };
    const file = { ...withPreset(withPreset(noPresets, one), { ...one, name: 'two' }), default: 'one' };
    expect(
      withPreset(file, { ...one, systemPrompt: 'x' }).presets.map(({ systemPrompt }) => systemPrompt),
    ).toEqual(['x', '']);
    expect(renamedPreset(file, 'one', 'uno')).toMatchObject({
      default: 'uno',
      presets: [{ name: 'uno' }, { name: 'two' }],
    });
    expect(renamedPreset(file, 'one', 'two')).toBe(file);
    expect(withoutPreset(file, 'one')).toMatchObject({ default: null, presets: [{ name: 'two' }] });
  });
});

describe('a broken template', () => {
  it.each([
    ['{% for m in messages %}\n{{ m.content }}\n', 1, 'for is not closed'],
    ['a\n{{ m.content\n', 2, 'not closed'],
    ['a\nb\n{{ a b }}', 3, ''],
    ['{% if a %}\n{% endfor %}', 2, 'endfor where if of line 1 is open'],
    ['x\n{% endif %}', 2, 'closes nothing'],
    ['{% if a %}x{% else %}y{% endif %}\n\n{% if b == %}z{% endif %}', 3, ''],
    ['{# {{ fine #}\n{% set x = 1 %}\n{{ ) }}', 3, ''],
  ])('names the line: %j', (text, line, reason) => {
    const problem = templateProblem(text);
    expect(problem?.line).toBe(line);
    expect(problem?.reason).toContain(reason);
  });

  it('is none where Jinja reads it', () => {
    for (const text of [
      '',
      '{%- for m in messages -%}{{ m.role }}{%- endfor -%}',
      '{% set ns = namespace(x=1) %}{% macro f(a) %}{{ a }}{% endmacro %}{% if a is defined and not b %}{{ f(a)|trim }}{% elif c %}{% endif %}',
    ])
      expect(templateProblem(text)).toBeNull();
  });
});
