// Schemas as grammars: what is written, what is refused. That llama.cpp reads them and models keep to them is tested with a model.
import { describe, expect, it } from 'vitest';
import { grammarOfSchema, SchemaFault } from '../../../../../core/lib/generation/json-schema-grammar.ts';

describe('grammarOfSchema', () => {
  it('writes required members in order and others as they may be left out', () => {
    const { gbnf } = grammarOfSchema({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'integer' }, c: { const: 'x"y' } },
      required: ['a', 'c'],
    });
    const [root] = gbnf.split('\n');
    expect(root).toBe('root ::= ws ("{" ws r1 "," ws r3 ("," ws r5)? ws "}") ws');
    expect(gbnf).toContain(String.raw`r2 ::= "\"x\\\"y\""`);
  });

  it('lets a schema contain itself', () => {
    const { gbnf } = grammarOfSchema({
      $defs: {
        node: {
          type: 'object',
          properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } },
        },
      },
      $ref: '#/$defs/node',
    });
    expect(gbnf).toContain('(r0 | null)');
  });

  it('says what it cannot hold a model to', () => {
    const { notEnforced } = grammarOfSchema({ type: 'string', pattern: '^a', format: 'email' });
    expect(notEnforced).toEqual(['pattern', 'format']);
  });

  it.each([
    ['a text', 'x'],
    ['null', null],
    ['a list', []],
    ['a type that is none', { type: 'strnig' }],
    ['an empty enum', { enum: [] }],
    ['a reference outside', { $ref: 'https://example.org/s.json' }],
    ['a reference to nothing', { $ref: '#/$defs/none' }],
    ['itself and nothing else', { $ref: '#' }],
    ['counts that contradict', { type: 'array', minItems: 3, maxItems: 1 }],
    ['a count that is none', { type: 'string', maxLength: -1 }],
  ])('refuses %s', (_, schema) => {
    expect(() => grammarOfSchema(schema)).toThrow(SchemaFault);
  });

  it('refuses one that is nested without end', () => {
    let schema: unknown = { type: 'string' };
    for (let depth = 0; depth < 200; depth += 1) schema = { type: 'array', items: schema };
    expect(() => grammarOfSchema(schema)).toThrow(/nested/);
  });
});
