// The small declarative language in which the studio describes the YAML of each tool. One description feeds
// validation, completion, hover and the form. Exports types only; the builders are in fields.ts.
import type { ScalarValue, Severity } from '../types.ts';

export interface NumberLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  /** The value must be greater than this. */
  readonly exclusiveMinimum?: number;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly values: readonly (string | number)[];
  /** True where the tool itself ignores case (Nanotron's tp_mode, scaling_method, sampler names). */
  readonly ignoreCase?: boolean;
}

export type ValueType =
  | ({ readonly kind: 'int' } & NumberLimits)
  | ({ readonly kind: 'float' } & NumberLimits)
  | { readonly kind: 'bool' }
  | { readonly kind: 'str' }
  | { readonly kind: 'path' }
  | EnumType
  | { readonly kind: 'list'; readonly item: ValueType; readonly minimumItems?: number }
  | { readonly kind: 'map'; readonly value: ValueType }
  | { readonly kind: 'object'; readonly object: ObjectSchema }
  /** The first option that fits wins, as dacite decides unions. */
  | { readonly kind: 'union'; readonly options: readonly ValueType[] }
  | { readonly kind: 'any' };

export interface SchemaField {
  readonly type: ValueType;
  /** Name for a person, in the form. */
  readonly label: string;
  /** One sentence in our own words: what the value means. */
  readonly doc: string;
  readonly required?: boolean;
  /** True when `null` may be written. */
  readonly nullable?: boolean;
  /** The value used when the key is absent; `defaultText` says it in words when it depends on other values. */
  readonly default?: ScalarValue;
  readonly defaultText?: string;
  readonly unit?: string;
  /** Heading in the form; without it the field belongs to the section that holds it. */
  readonly group?: string;
  readonly advanced?: boolean;
  /** Why the key has no effect in the version described. */
  readonly noEffect?: string;
  /** What to write instead. */
  readonly deprecated?: string;
}

export type SchemaFields = Readonly<Record<string, SchemaField>>;

export interface ObjectSchema {
  /** Name used in messages: "optimizer", "Llama model config". */
  readonly name: string;
  readonly doc: string;
  readonly fields: SchemaFields;
  /** What an unknown key is: an error where the tool refuses it, a warning where our list is partial. */
  readonly unknownKeys: 'error' | 'warning' | 'allow';
}

/** The schema of one kind of file. */
export interface ConfigSchema {
  readonly title: string;
  /** Tool and version the description was read from. */
  readonly source: string;
  readonly root: ObjectSchema;
  /** What a number that YAML 1.1 reads as text means: an error where the tool refuses it, less where it converts it. */
  readonly textNumbers: Severity;
}
