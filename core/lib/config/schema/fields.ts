// Builders for schema fields, so that a schema file reads as a table: int('Label', 'What it means', {...}).
// Exports: int, float, bool, str, path, oneOf, list, map, section, union, any, objectSchema, withGroup.
import type { EnumType, NumberLimits, ObjectSchema, SchemaField, SchemaFields, ValueType } from './types.ts';

type Options = Omit<SchemaField, 'type' | 'label' | 'doc'>;

/** Splits the limits of a number from the options of its field. */
function numeric(kind: 'int' | 'float', options: Options & NumberLimits): { type: ValueType; rest: Options } {
  const { minimum, maximum, exclusiveMinimum, ...rest } = options;
  return {
    type: {
      kind,
      ...(minimum === undefined ? {} : { minimum }),
      ...(maximum === undefined ? {} : { maximum }),
      ...(exclusiveMinimum === undefined ? {} : { exclusiveMinimum }),
    },
    rest,
  };
}

export function int(label: string, doc: string, options: Options & NumberLimits = {}): SchemaField {
  const { type, rest } = numeric('int', options);
  return { type, label, doc, ...rest };
}

export function float(label: string, doc: string, options: Options & NumberLimits = {}): SchemaField {
  const { type, rest } = numeric('float', options);
  return { type, label, doc, ...rest };
}

export function bool(label: string, doc: string, options: Options = {}): SchemaField {
  return { type: { kind: 'bool' }, label, doc, ...options };
}

export function str(label: string, doc: string, options: Options = {}): SchemaField {
  return { type: { kind: 'str' }, label, doc, ...options };
}

export function path(label: string, doc: string, options: Options = {}): SchemaField {
  return { type: { kind: 'path' }, label, doc, ...options };
}

export function oneOf(
  values: EnumType['values'],
  label: string,
  doc: string,
  options: Options & { readonly ignoreCase?: boolean } = {},
): SchemaField {
  const { ignoreCase, ...rest } = options;
  return { type: { kind: 'enum', values, ...(ignoreCase ? { ignoreCase } : {}) }, label, doc, ...rest };
}

export function list(item: ValueType, label: string, doc: string, options: Options = {}): SchemaField {
  return { type: { kind: 'list', item }, label, doc, ...options };
}

export function map(value: ValueType, label: string, doc: string, options: Options = {}): SchemaField {
  return { type: { kind: 'map', value }, label, doc, ...options };
}

export function section(object: ObjectSchema, label: string, options: Options = {}): SchemaField {
  return { type: { kind: 'object', object }, label, doc: object.doc, ...options };
}

export function union(
  options: readonly ValueType[],
  label: string,
  doc: string,
  rest: Options = {},
): SchemaField {
  return { type: { kind: 'union', options }, label, doc, ...rest };
}

export function any(label: string, doc: string, options: Options = {}): SchemaField {
  return { type: { kind: 'any' }, label, doc, ...options };
}

/** An object schema; strict unless told otherwise. */
export function objectSchema(
  name: string,
  doc: string,
  fields: SchemaFields,
  unknownKeys: ObjectSchema['unknownKeys'] = 'error',
): ObjectSchema {
  return { name, doc, fields, unknownKeys };
}

/** Puts every field that has no heading of its own under one heading of the form. */
export function withGroup(group: string, fields: SchemaFields): SchemaFields {
  return Object.fromEntries(Object.entries(fields).map(([key, field]) => [key, { group, ...field }]));
}

export const STRING: ValueType = { kind: 'str' };
export const INTEGER: ValueType = { kind: 'int' };
export const FLOAT: ValueType = { kind: 'float' };
