// A JSON schema as a grammar in llama.cpp's GBNF, so that whatever a model writes fits the schema. Numbers' bounds and
// patterns of texts are no part of the grammar; `notEnforced` names what the grammar lets pass.
// Properties come in the order of the schema, required ones first, and none beyond those described unless it says so.

export interface SchemaGrammar {
  readonly gbnf: string;
  /** Keywords of the schema that the grammar cannot hold a model to. */
  readonly notEnforced: readonly string[];
}

/** The schema is none, or asks for what no grammar can say. The message is a sentence. */
export class SchemaFault extends Error {
  override readonly name = 'SchemaFault';
}

/** Schemas of people are far below both; beyond them llama.cpp takes seconds to read the grammar. */
const MAX_RULES = 5000;
const MAX_DEPTH = 64;
/** llama.cpp refuses longer repetitions. */
const MAX_REPETITION = 1000;

const primitives: Readonly<Record<string, string>> = {
  ws: '| " " | "\\n" [ \\t]{0,20}',
  char: '[^"\\\\\\x7F\\x00-\\x1F] | [\\\\] (["\\\\/bfnrt] | "u" [0-9a-fA-F]{4})',
  string: '"\\"" char* "\\""',
  integer: '"-"? ("0" | [1-9] [0-9]{0,15})',
  number: 'integer ("." [0-9]{1,16})? ([eE] [-+]? [0-9]{1,3})?',
  boolean: '"true" | "false"',
  null: '"null"',
  value: 'object | array | string | number | boolean | null',
  object: '"{" ws (string ":" ws value ("," ws string ":" ws value)*)? ws "}"',
  array: '"[" ws (value ("," ws value)*)? ws "]"',
  date: '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])',
  time: '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{3})? ("Z" | [-+] [0-9]{2} ":" [0-9]{2})',
};
const formats: Readonly<Record<string, string>> = {
  date: '"\\"" date "\\""',
  time: '"\\"" time "\\""',
  'date-time': '"\\"" date "T" time "\\""',
  uuid: '"\\"" [0-9a-fA-F]{8} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{4} "-" [0-9a-fA-F]{12} "\\""',
};
const notEnforceable = [
  'pattern',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'propertyNames',
  'contains',
  'not',
  'if',
];

/** Keywords of a schema that an answer is only checked against, because no grammar holds it to them. Empty for no schema. */
export function notEnforcedBy(schema: unknown): readonly string[] {
  try {
    return grammarOfSchema(schema).notEnforced;
  } catch (error) {
    if (error instanceof SchemaFault) return [];
    throw error;
  }
}

type Schema = Readonly<Record<string, unknown>>;

export function grammarOfSchema(schema: unknown): SchemaGrammar {
  const writer = new GrammarWriter(schema);
  return writer.write();
}

class GrammarWriter {
  private readonly root: unknown;
  private readonly rules: string[] = [];
  private readonly references = new Map<string, string>();
  private readonly notEnforced = new Set<string>();

  constructor(root: unknown) {
    this.root = root;
  }

  write(): SchemaGrammar {
    const body = this.bodyOf(this.root, 0);
    const basics = Object.entries(primitives).map(([name, rule]) => `${name} ::= ${rule}`);
    return {
      gbnf: [`root ::= ws (${body}) ws`, ...this.rules, ...basics].join('\n'),
      notEnforced: [...this.notEnforced],
    };
  }

  private rule(body: string): string {
    if (this.rules.length >= MAX_RULES) throw new SchemaFault('The schema is too large for a grammar');
    const name = `r${this.rules.length}`;
    this.rules.push(`${name} ::= ${body}`);
    return name;
  }

  private bodyOf(schema: unknown, depth: number): string {
    if (depth > MAX_DEPTH) throw new SchemaFault(`The schema is nested deeper than ${MAX_DEPTH}`);
    if (schema === true) return 'value';
    if (!isSchema(schema)) throw new SchemaFault('A JSON schema is an object, such as {"type": "object"}');
    for (const keyword of notEnforceable) if (keyword in schema) this.notEnforced.add(keyword);
    if ('$ref' in schema) return this.reference(schema['$ref'], depth);
    if ('const' in schema) return literal(JSON.stringify(schema['const']));
    if ('enum' in schema) return choice(listOf(schema, 'enum').map((one) => literal(JSON.stringify(one))));
    const options = schema['anyOf'] ?? schema['oneOf'];
    if (options !== undefined) {
      const key = 'anyOf' in schema ? 'anyOf' : 'oneOf';
      return choice(listOf(schema, key).map((one) => this.bodyOf(one, depth + 1)));
    }
    if ('allOf' in schema) return this.bodyOf(this.merged(schema), depth + 1);
    return this.typed(schema, depth);
  }

  private typed(schema: Schema, depth: number): string {
    const type = schema['type'] ?? impliedType(schema);
    if (Array.isArray(type)) {
      return choice(type.map((one: unknown) => this.typed({ ...schema, type: one }, depth)));
    }
    switch (type) {
      case undefined:
        return 'value';
      case 'object':
        return this.objectOf(schema, depth);
      case 'array':
        return this.arrayOf(schema, depth);
      case 'string':
        return this.stringOf(schema);
      case 'integer':
        return 'integer';
      case 'number':
        return 'number';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      default:
        throw new SchemaFault(`${JSON.stringify(type)} is no type of JSON schema`);
    }
  }

  private objectOf(schema: Schema, depth: number): string {
    const properties = schema['properties'] ?? {};
    if (!isSchema(properties)) throw new SchemaFault('properties must be an object');
    const required = new Set(schema['required'] === undefined ? [] : listOf(schema, 'required'));
    const extra = schema['additionalProperties'];
    const names = Object.keys(properties);
    const member = (name: string) =>
      `${literal(JSON.stringify(name))} ":" ws ${this.rule(this.bodyOf(properties[name], depth + 1))}`;
    const anyMember = () =>
      `string ":" ws ${extra === true ? 'value' : this.rule(this.bodyOf(extra, depth + 1))}`;
    const takesMore = extra === true || isSchema(extra);
    if (names.length === 0) {
      if (extra === undefined || extra === true) return 'object';
      if (!takesMore) return '"{" ws "}"';
      return `"{" ws (${anyMember()} ("," ws ${anyMember()})*)? ws "}"`;
    }
    const fixed = names.filter((name) => required.has(name)).map((name) => this.rule(member(name)));
    const free = names.filter((name) => !required.has(name)).map((name) => this.rule(member(name)));
    const more = takesMore ? [`("," ws ${anyMember()})*`] : [];
    const following = [...free.map((name) => `("," ws ${name})?`), ...more];
    if (fixed.length > 0) return `"{" ws ${[fixed.join(' "," ws '), ...following].join(' ')} ws "}"`;
    // Whichever member comes first has no comma before it.
    const starts = free.map((name, index) => [name, ...following.slice(index + 1)].join(' '));
    if (takesMore) starts.push(`${anyMember()} ${more.join(' ')}`);
    return `"{" ws (${choice(starts)})? ws "}"`;
  }

  private arrayOf(schema: Schema, depth: number): string {
    if (schema['prefixItems'] !== undefined) {
      const items = listOf(schema, 'prefixItems').map((one) => this.rule(this.bodyOf(one, depth + 1)));
      return `"[" ws ${items.join(' "," ws ')} ws "]"`;
    }
    const item = schema['items'] === undefined ? 'value' : this.rule(this.bodyOf(schema['items'], depth + 1));
    const least = countOf(schema, 'minItems') ?? 0;
    const most = countOf(schema, 'maxItems');
    if (most === 0) return '"[" ws "]"';
    const rest = `("," ws ${item})${repetition(Math.max(0, least - 1), most === null ? null : most - 1)}`;
    return least === 0 ? `"[" ws (${item} ${rest})? ws "]"` : `"[" ws ${item} ${rest} ws "]"`;
  }

  private stringOf(schema: Schema): string {
    const format = schema['format'];
    const known = typeof format === 'string' ? formats[format] : undefined;
    if (known !== undefined) return known;
    if (format !== undefined) this.notEnforced.add('format');
    const least = countOf(schema, 'minLength') ?? 0;
    const most = countOf(schema, 'maxLength');
    return least === 0 && most === null ? 'string' : `"\\"" char${repetition(least, most)} "\\""`;
  }

  private reference(reference: unknown, depth: number): string {
    if (typeof reference !== 'string' || !/^#($|\/)/.test(reference)) {
      throw new SchemaFault('$ref must point into the schema itself, such as #/$defs/name');
    }
    const known = this.references.get(reference);
    if (known !== undefined) return known;
    let target = this.root;
    for (const part of reference.split('/').slice(1)) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      target = isSchema(target) ? target[key] : undefined;
    }
    if (target === undefined) throw new SchemaFault(`${reference} points to nothing`);
    // Named before it is written: a schema may contain itself.
    const name = this.rule('');
    const at = this.rules.length - 1;
    this.references.set(reference, name);
    const body = this.bodyOf(target, depth + 1);
    if (body === name) throw new SchemaFault(`${reference} points to itself`);
    this.rules[at] = `${name} ::= ${body}`;
    return name;
  }

  /** All of them as one: properties and required joined, other keywords of the last. */
  private merged(schema: Schema): Schema {
    const parts = [
      ...listOf(schema, 'allOf'),
      Object.fromEntries(Object.entries(schema).filter(([k]) => k !== 'allOf')),
    ];
    let whole: Schema = {};
    for (const part of parts) {
      const one = isSchema(part) && typeof part['$ref'] === 'string' ? this.lookUp(part['$ref']) : part;
      if (!isSchema(one)) throw new SchemaFault('allOf holds something that is no schema');
      const properties = { ...asSchema(whole['properties']), ...asSchema(one['properties']) };
      const required = [whole, one].flatMap((each) =>
        each['required'] === undefined ? [] : listOf(each, 'required'),
      );
      whole = {
        ...whole,
        ...one,
        ...(Object.keys(properties).length === 0 ? {} : { properties }),
        ...(required.length === 0 ? {} : { required }),
      };
    }
    return whole;
  }

  private lookUp(reference: string): unknown {
    let target = this.root;
    for (const part of reference.split('/').slice(1)) target = isSchema(target) ? target[part] : undefined;
    return target;
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchema(value: unknown): Schema {
  return isSchema(value) ? value : {};
}

function impliedType(schema: Schema): string | undefined {
  if ('properties' in schema || 'additionalProperties' in schema || 'required' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  return undefined;
}

function listOf(schema: Schema, key: string): readonly unknown[] {
  const list = schema[key];
  if (Array.isArray(list) && (list.length > 0 || key === 'required')) return list;
  throw new SchemaFault(`${key} must be a list with something in it`);
}

function countOf(schema: Schema, key: string): number | null {
  const count = schema[key];
  if (count === undefined) return null;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return count;
  throw new SchemaFault(`${key} must be a whole number`);
}

function repetition(least: number, most: number | null): string {
  const from = Math.min(least, MAX_REPETITION);
  if (most === null || most > MAX_REPETITION) return from === 0 ? '*' : `{${from},}`;
  if (most < from) throw new SchemaFault('A smallest count is above the largest');
  return `{${from},${most}}`;
}

function choice(options: readonly string[]): string {
  return options.length === 1 ? (options[0] ?? '') : `(${options.join(' | ')})`;
}

/** A text as GBNF writes it. */
function literal(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
  return `"${escaped}"`;
}
