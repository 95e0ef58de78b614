// The studio's schemas as JSON Schema (draft 7), for completion and hover in the editor. Validation stays ours: this one
// is lenient wherever YAML 1.1 and 1.2 differ. Exports: toJsonSchema, fieldDescription.
import type { ConfigSchema, ObjectSchema, SchemaField, ValueType } from './schema/types.ts';

export interface JsonSchema {
  readonly $schema?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly deprecationMessage?: string;
}

const TYPE_WORDS: Readonly<Record<ValueType['kind'], string>> = {
  int: 'whole number',
  float: 'number',
  bool: 'true or false',
  str: 'text',
  path: 'path',
  enum: 'choice',
  list: 'list',
  map: 'section',
  object: 'section',
  union: 'several forms',
  any: 'any value',
};

function typeWords(type: ValueType): string {
  if (type.kind === 'enum') return type.values.join(' | ');
  if (type.kind === 'list') return `list of: ${typeWords(type.item)}`;
  if (type.kind === 'object') return type.object.name;
  if (type.kind === 'union') return [...new Set(type.options.map(typeWords))].join(' or ');
  return TYPE_WORDS[type.kind];
}

/** A default as it is written in YAML, or its description; null when there is none. */
export function defaultText(field: SchemaField): string | null {
  if (field.defaultText !== undefined) return field.defaultText;
  if (field.default === undefined) return null;
  return field.default === null ? 'null' : String(field.default);
}

/** Limits in words: "at least 1", "0 to 1"; null when there are none. */
function limitText(type: ValueType): string | null {
  if (type.kind !== 'int' && type.kind !== 'float') return null;
  const { minimum, maximum, exclusiveMinimum } = type;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  if (minimum !== undefined) return `at least ${minimum}`;
  if (exclusiveMinimum !== undefined) return `greater than ${exclusiveMinimum}`;
  return maximum === undefined ? null : `at most ${maximum}`;
}

/** What hover says about a key: meaning, type, unit, range, default, and why it may do nothing. Markdown, one fact a line. */
export function fieldDescription(key: string, field: SchemaField): string {
  const facts = [`Type: ${typeWords(field.type)}${field.nullable === true ? ', or null' : ''}`];
  if (field.unit !== undefined) facts.push(`Unit: ${field.unit}`);
  const limits = limitText(field.type);
  if (limits !== null) facts.push(`Range: ${limits}`);
  const fallback = defaultText(field);
  facts.push(field.required === true ? 'Required' : `Default: ${fallback ?? 'not set'}`);
  if (field.noEffect !== undefined) facts.push(`No effect: ${field.noEffect}`);
  if (field.deprecated !== undefined) facts.push(`Old form: write ${field.deprecated}`);
  return `**${key}** (${field.label}): ${field.doc}\n\n${facts.join('  \n')}`;
}

function valueSchema(type: ValueType): JsonSchema {
  switch (type.kind) {
    case 'int':
      return { type: 'integer', ...limitsOf(type) };
    case 'float':
      // `1e-8` is a number to the editor's YAML 1.2 parser; our own validation explains that it is not.
      return { type: 'number', ...limitsOf(type) };
    case 'bool':
      return { type: 'boolean' };
    case 'str':
    case 'path':
      return { type: 'string' };
    case 'enum':
      return { enum: type.values };
    case 'list':
      return {
        type: 'array',
        items: valueSchema(type.item),
        ...(type.minimumItems ? { minItems: type.minimumItems } : {}),
      };
    case 'map':
      return { type: 'object', additionalProperties: valueSchema(type.value) };
    case 'object':
      return objectJson(type.object);
    case 'union':
      return { anyOf: type.options.map(valueSchema) };
    case 'any':
      return {};
  }
}

function limitsOf(type: {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}): JsonSchema {
  return {
    ...(type.minimum === undefined ? {} : { minimum: type.minimum }),
    ...(type.maximum === undefined ? {} : { maximum: type.maximum }),
    ...(type.exclusiveMinimum === undefined ? {} : { exclusiveMinimum: type.exclusiveMinimum }),
  };
}

function fieldJson(key: string, field: SchemaField): JsonSchema {
  const value = valueSchema(field.type);
  const nullable = field.nullable === true && Object.keys(value).length > 0;
  const text = fieldDescription(key, field);
  return {
    ...(nullable ? { anyOf: [value, { type: 'null' }] } : value),
    title: field.label,
    description: text.replaceAll('**', '').replaceAll('  \n', '\n'),
    markdownDescription: text,
    ...(field.default === undefined || typeof field.default === 'bigint' ? {} : { default: field.default }),
    ...(field.deprecated === undefined ? {} : { deprecationMessage: `Write ${field.deprecated}` }),
  };
}

function objectJson(object: ObjectSchema): JsonSchema {
  const entries = Object.entries(object.fields);
  const required = entries.filter(([, field]) => field.required === true).map(([key]) => key);
  return {
    type: 'object',
    title: object.name,
    properties: Object.fromEntries(entries.map(([key, field]) => [key, fieldJson(key, field)])),
    additionalProperties: object.unknownKeys !== 'error',
    ...(required.length > 0 ? { required } : {}),
  };
}

/** The JSON Schema of one kind of config. Plain data, safe to post to a worker. */
export function toJsonSchema(schema: ConfigSchema): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...objectJson(schema.root),
    title: schema.title,
    description: schema.root.doc,
  };
}
