// A value against a JSON schema (draft 2020-12 and what draft 7 names differently), with the first thing that is wrong as a sentence.
// `format` is a note, as the specification has it. Written for schemas people show to models: no remote references, no unevaluated*.

/** Deeper than any answer; ends schemas that refer to themselves without taking anything off the value. */
const MAX_DEPTH = 200;

export type Schema = Readonly<Record<string, unknown>>;

export interface Place {
  readonly root: unknown;
  /** `city`, `stops[2].name`; empty for the value itself. */
  readonly path: string;
  readonly depth: number;
}

/** The first problem, or null. The schema is trusted to be well-formed: see schema-problem.ts. */
export function problemOf(schema: unknown, value: unknown, place: Place): string | null {
  if (schema === true) return null;
  if (schema === false) return said(place, 'nothing is allowed here');
  if (!isObject(schema)) return null;
  if (place.depth > MAX_DEPTH) return said(place, 'the schema goes around in circles');
  const inner = { ...place, depth: place.depth + 1 };
  return (
    refProblem(schema, value, inner) ??
    typeProblem(schema, value, place) ??
    numberProblem(schema, value, place) ??
    stringProblem(schema, value, place) ??
    arrayProblem(schema, value, inner) ??
    objectProblem(schema, value, inner) ??
    combinationProblem(schema, value, inner)
  );
}

export function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Undefined where the pointer leads nowhere. */
export function resolveRef(root: unknown, ref: string): unknown {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const part of ref.slice(2).split('/')) {
    const key = safeDecode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = at[Number(key)];
    else if (isObject(at) && Object.hasOwn(at, key)) at = at[key];
    else return undefined;
  }
  return at;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function said({ path }: Place, what: string): string {
  return path === '' ? what : `${path}: ${what}`;
}

function refProblem(schema: Schema, value: unknown, place: Place): string | null {
  return typeof schema['$ref'] === 'string'
    ? problemOf(resolveRef(place.root, schema['$ref']), value, place)
    : null;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isType(value: unknown, type: unknown): boolean {
  return type === 'integer' ? Number.isInteger(value) : typeOf(value) === type;
}

function typeProblem(schema: Schema, value: unknown, place: Place): string | null {
  const { type } = schema;
  const types: readonly unknown[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length > 0 && !types.some((one) => isType(value, one)))
    return said(place, `must be ${types.join(' or ')}, is ${typeOf(value)}`);
  if (Array.isArray(schema['enum']) && !schema['enum'].some((one) => isEqual(one, value)))
    return said(place, `must be one of ${schema['enum'].map((one) => JSON.stringify(one)).join(', ')}`);
  if ('const' in schema && !isEqual(schema['const'], value))
    return said(place, `must be ${JSON.stringify(schema['const'])}`);
  return null;
}

function numberProblem(schema: Schema, value: unknown, place: Place): string | null {
  if (typeof value !== 'number') return null;
  const limits: readonly (readonly [string, (limit: number) => boolean, string])[] = [
    ['minimum', (limit) => value >= limit, 'must be at least'],
    ['maximum', (limit) => value <= limit, 'must be at most'],
    ['exclusiveMinimum', (limit) => value > limit, 'must be more than'],
    ['exclusiveMaximum', (limit) => value < limit, 'must be less than'],
    ['multipleOf', (limit) => isMultiple(value, limit), 'must be a multiple of'],
  ];
  return limitProblem(schema, limits, place);
}

/** 0.3 is a multiple of 0.1, although their quotient as doubles is not whole. */
function isMultiple(value: number, of: number): boolean {
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 1e-12;
}

function stringProblem(schema: Schema, value: unknown, place: Place): string | null {
  if (typeof value !== 'string') return null;
  const { pattern } = schema;
  if (typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value))
    return said(place, `must match ${pattern}`);
  if (schema['minLength'] === undefined && schema['maxLength'] === undefined) return null;
  // Code points, as the specification counts; not UTF-16 units.
  const length = Array.from(value).length;
  return limitProblem(
    schema,
    [
      ['minLength', (limit) => length >= limit, 'must have at least this many characters:'],
      ['maxLength', (limit) => length <= limit, 'must have at most this many characters:'],
    ],
    place,
  );
}

function limitProblem(
  schema: Schema,
  limits: readonly (readonly [string, (limit: number) => boolean, string])[],
  place: Place,
): string | null {
  for (const [name, holds, words] of limits) {
    const limit = schema[name];
    if (typeof limit === 'number' && !holds(limit)) return said(place, `${words} ${limit}`);
  }
  return null;
}

function arrayProblem(schema: Schema, value: unknown, place: Place): string | null {
  if (!Array.isArray(value)) return null;
  const items: readonly unknown[] = value;
  const limits = limitProblem(
    schema,
    [
      ['minItems', (limit) => items.length >= limit, 'must have at least this many items:'],
      ['maxItems', (limit) => items.length <= limit, 'must have at most this many items:'],
    ],
    place,
  );
  if (limits !== null) return limits;
  if (schema['uniqueItems'] === true && hasTwins(items))
    return said(place, 'must not hold the same item twice');
  // Draft 7 wrote prefixItems as an array under `items`, and `items` as additionalItems.
  const isOld = Array.isArray(schema['items']);
  const first: readonly unknown[] = listOf(isOld ? schema['items'] : schema['prefixItems']);
  const rest = isOld ? schema['additionalItems'] : schema['items'];
  for (const [index, item] of items.entries()) {
    const own = index < first.length ? first[index] : rest;
    const problem =
      own === undefined ? null : problemOf(own, item, { ...place, path: `${place.path}[${index}]` });
    if (problem !== null) return problem;
  }
  return containsProblem(schema, items, place);
}

function containsProblem(schema: Schema, items: readonly unknown[], place: Place): string | null {
  if (schema['contains'] === undefined) return null;
  const count = items.filter((item) => problemOf(schema['contains'], item, place) === null).length;
  const { minContains: min = 1, maxContains: max = Number.POSITIVE_INFINITY } = schema;
  const fits = count >= Number(min) && count <= Number(max);
  return fits ? null : said(place, 'does not hold as many of the items that are asked for');
}

function objectProblem(schema: Schema, value: unknown, place: Place): string | null {
  if (!isObject(value)) return null;
  const names = Object.keys(value);
  for (const name of listOf(schema['required']))
    if (typeof name === 'string' && !Object.hasOwn(value, name)) return said(place, `${name} is missing`);
  const limits = limitProblem(
    schema,
    [
      ['minProperties', (limit) => names.length >= limit, 'must have at least this many fields:'],
      ['maxProperties', (limit) => names.length <= limit, 'must have at most this many fields:'],
    ],
    place,
  );
  if (limits !== null) return limits;
  for (const name of names) {
    const problem = fieldProblem(schema, name, value[name], place);
    if (problem !== null) return problem;
  }
  return dependencyProblem(schema, value, place);
}

function fieldProblem(schema: Schema, name: string, value: unknown, place: Place): string | null {
  const at = { ...place, path: place.path === '' ? name : `${place.path}.${name}` };
  const properties = objectOf(schema['properties']);
  const patterns = Object.entries(objectOf(schema['patternProperties'])).filter(([pattern]) =>
    new RegExp(pattern, 'u').test(name),
  );
  const own = Object.hasOwn(properties, name) ? [properties[name]] : [];
  const named = [...own, ...patterns.map(([, inner]) => inner)];
  const extra = schema['additionalProperties'];
  if (named.length === 0 && extra === false) return said(place, `${name} is not one of its fields`);
  const inner = named.length === 0 && extra !== undefined ? [extra] : named;
  for (const one of inner) {
    const problem = problemOf(one, value, at);
    if (problem !== null) return problem;
  }
  return schema['propertyNames'] === undefined ? null : problemOf(schema['propertyNames'], name, at);
}

function dependencyProblem(schema: Schema, value: Schema, place: Place): string | null {
  const all = ['dependentRequired', 'dependentSchemas', 'dependencies'].flatMap((key) =>
    Object.entries(objectOf(schema[key])),
  );
  for (const [name, needed] of all) {
    if (!Object.hasOwn(value, name)) continue;
    const missing = listOf(needed).find((other) => typeof other === 'string' && !Object.hasOwn(value, other));
    if (typeof missing === 'string') return said(place, `${missing} is missing beside ${name}`);
    const problem = Array.isArray(needed) ? null : problemOf(needed, value, place);
    if (problem !== null) return problem;
  }
  return null;
}

function combinationProblem(schema: Schema, value: unknown, place: Place): string | null {
  for (const one of listOf(schema['allOf'])) {
    const problem = problemOf(one, value, place);
    if (problem !== null) return problem;
  }
  if (Array.isArray(schema['anyOf'])) {
    const problems = schema['anyOf'].map((one) => problemOf(one, value, place));
    if (problems.every((problem) => problem !== null))
      return said(place, `fits none of the choices (${problems[0] ?? ''})`);
  }
  if (Array.isArray(schema['oneOf'])) {
    const fitting = schema['oneOf'].filter((one) => problemOf(one, value, place) === null).length;
    if (fitting !== 1) return said(place, `has to fit exactly one of the choices, fits ${fitting}`);
  }
  if (schema['not'] !== undefined && problemOf(schema['not'], value, place) === null)
    return said(place, 'is what it must not be');
  if (schema['if'] === undefined) return null;
  const branch = problemOf(schema['if'], value, place) === null ? schema['then'] : schema['else'];
  return branch === undefined ? null : problemOf(branch, value, place);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): Schema {
  return isObject(value) ? value : {};
}

function hasTwins(items: readonly unknown[]): boolean {
  return items.some((item, index) => items.slice(0, index).some((other) => isEqual(other, item)));
}

/** As JSON means it: the order of fields does not matter. */
function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]));
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && isEqual(left[name], right[name]))
  );
}
