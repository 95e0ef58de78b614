// JSON schemas against the Python package jsonschema (committed answers), and what is said about schemas that are none.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  checkJson,
  checkJsonText,
  readSchema,
  schemaProblem,
} from '../../../../../core/lib/json-schema/check.ts';

const fixture = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../../fixtures/json-schema/cases.json'), 'utf8'),
) as { readonly values: readonly unknown[]; readonly cases: readonly { schema: unknown; fits: string }[] };

describe('a value', () => {
  it.each(fixture.cases.map(({ schema, fits }) => [JSON.stringify(schema), schema, fits] as const))(
    'fits %s as jsonschema says',
    (_, schema, fits) => {
      const ours = fixture.values.map((value) => (checkJson(schema, value) === null ? '1' : '0')).join('');
      const differing = fixture.values.filter((__, at) => ours[at] !== fits[at]);
      expect(differing).toEqual([]);
    },
  );

  it('is refused with its place and what is wrong', () => {
    const schema = {
      type: 'object',
      properties: { stops: { type: 'array', items: { type: 'object', required: ['name'] } } },
    };
    expect(checkJson(schema, { stops: [{ name: 'a' }, {}] })).toBe('stops[1]: name is missing');
    expect(checkJsonText(schema, '{"stops": [')).toContain('not valid JSON');
    // Decimals as a person means them; as doubles 0.3 / 0.1 is not whole.
    expect(checkJson({ multipleOf: 0.1 }, 0.3)).toBeNull();
    expect(checkJson({ multipleOf: 0.1 }, 0.35)).toBe('must be a multiple of 0.1');
    expect(checkJsonText({ type: 'integer' }, '1.5')).toBe('must be integer, is number');
  });
});

describe('a schema', () => {
  it.each([
    [{ type: 'strin' }, 'no type "strin"'],
    [{ properties: { a: { type: 'text' } } }, 'properties.a: there is no type'],
    [{ required: 'a' }, 'required has to be a list'],
    [{ pattern: '(' }, 'not a regular expression'],
    [{ $ref: '#/$defs/gone' }, 'is not there'],
    [{ $ref: 'https://example.org/schema' }, 'can only point into this schema'],
    [{ minimum: '1' }, 'minimum has to be a number'],
    [{ enum: [] }, 'enum has to be a list'],
    [{ anyOf: {} }, 'anyOf has to be a list'],
    [{ unevaluatedProperties: false }, 'not supported'],
    ['a', 'a schema is an object'],
  ])('that is none says so: %j', (schema, reason) => {
    expect(schemaProblem(schema)).toContain(reason);
    expect(checkJson(schema, 1)).toContain('The schema is broken');
  });

  it('that goes around in circles, or is nested without end, ends', () => {
    expect(checkJson({ $ref: '#' }, 1)).toContain('circles');
    let deep: unknown = {};
    for (let level = 0; level < 5000; level += 1) deep = { not: deep };
    expect(schemaProblem(deep)).toContain('nested too deeply');
  });

  it('as text says where the JSON is broken', () => {
    expect(readSchema('{"type": }').problem).toContain('not valid JSON');
    expect(readSchema('{"type": "object"}').problem).toBeNull();
  });
});
