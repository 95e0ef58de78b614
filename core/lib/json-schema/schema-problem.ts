// Whether a JSON schema says what this studio understands: types, limits, patterns that compile, references that lead somewhere.
import { isObject, resolveRef, type Schema } from './validate.ts';

const types = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];
/** Deeper nesting is a mistake, and would only exhaust the stack. */
const MAX_DEPTH = 100;

const numbers = [
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minContains',
  'maxContains',
  'minProperties',
  'maxProperties',
];
const single = [
  'not',
  'if',
  'then',
  'else',
  'contains',
  'propertyNames',
  'additionalProperties',
  'additionalItems',
];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'];
const unknown = ['unevaluatedProperties', 'unevaluatedItems', '$dynamicRef', '$recursiveRef'];

/** The first thing that is wrong, with where it stands; null when nothing is. */
export function findSchemaProblem(schema: unknown, root: unknown, path: string, depth = 0): string | null {
  if (typeof schema === 'boolean') return null;
  const at = (what: string) => (path === '' ? what : `${path}: ${what}`);
  if (!isObject(schema)) return at('a schema is an object, true or false');
  if (depth > MAX_DEPTH) return at('it is nested too deeply');
  const own = ownProblem(schema, root);
  if (own !== null) return at(own);
  for (const [name, inner] of innerSchemas(schema)) {
    const problem = findSchemaProblem(inner, root, path === '' ? name : `${path}.${name}`, depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

function ownProblem(schema: Schema, root: unknown): string | null {
  const { type, required, pattern, $ref: ref } = schema;
  const named: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const bad = named.find((one) => typeof one !== 'string' || !types.includes(one));
  if (bad !== undefined) return `there is no type ${JSON.stringify(bad)}; types are ${types.join(', ')}`;
  const strange = unknown.find((name) => name in schema);
  if (strange !== undefined) return `${strange} is not supported`;
  const noNumber = numbers.find((name) => name in schema && typeof schema[name] !== 'number');
  if (noNumber !== undefined) return `${noNumber} has to be a number`;
  if (
    required !== undefined &&
    !(Array.isArray(required) && required.every((name) => typeof name === 'string'))
  )
    return 'required has to be a list of names';
  if ('enum' in schema && !(Array.isArray(schema['enum']) && schema['enum'].length > 0))
    return 'enum has to be a list of values';
  if (ref !== undefined) {
    if (typeof ref !== 'string') return '$ref has to be a text';
    if (!ref.startsWith('#')) return `$ref can only point into this schema, not to ${ref}`;
    if (resolveRef(root, ref) === undefined) return `$ref points to ${ref}, which is not there`;
  }
  const patterns = [
    ...(pattern === undefined ? [] : [pattern]),
    ...(isObject(schema['patternProperties']) ? Object.keys(schema['patternProperties']) : []),
  ];
  const broken = patterns.find((one) => typeof one !== 'string' || !compiles(one));
  return broken === undefined
    ? shapeProblem(schema)
    : `${JSON.stringify(broken)} is not a regular expression`;
}

function shapeProblem(schema: Schema): string | null {
  const noMap = maps.find((name) => name in schema && !isObject(schema[name]));
  if (noMap !== undefined) return `${noMap} has to be an object`;
  const noList = lists.find((name) => name in schema && !Array.isArray(schema[name]));
  return noList === undefined ? null : `${noList} has to be a list`;
}

function innerSchemas(schema: Schema): readonly (readonly [string, unknown])[] {
  const items = schema['items'];
  return [
    ...single.filter((name) => name in schema).map((name) => [name, schema[name]] as const),
    ...lists.flatMap((name) => entriesOf(schema[name], name)),
    ...maps.flatMap((name) => entriesOf(schema[name], name)),
    ...(Array.isArray(items)
      ? entriesOf(items, 'items')
      : items === undefined
        ? []
        : [['items', items] as const]),
  ];
}

function entriesOf(value: unknown, name: string): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).map(([key, inner]) => [`${name}.${key}`, inner as unknown] as const)
    : [];
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
