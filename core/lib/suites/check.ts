// The conditions an answer can be held to, as they are written in a suite: one key says which, its value with what.
// What they mean for an answer is judge.ts.
import { z } from 'zod';

/** A pattern longer than this is a list of words, which `contains` takes. */
export const MAX_PATTERN_CHARACTERS = 2000;
const MAX_WORDS = 200;

const words = z.array(z.string().min(1).max(2000)).min(1).max(MAX_WORDS);
const bound = z.number().int().min(0).max(1_000_000).nullable();

export const check = z.discriminatedUnion('kind', [
  /** Any of the texts, or all of them. */
  z.object({ kind: z.literal('contains'), texts: words, all: z.boolean(), ignoreCase: z.boolean() }),
  /** None of the texts. */
  z.object({ kind: z.literal('excludes'), texts: words, ignoreCase: z.boolean() }),
  /** One of the texts and nothing else, white space around it aside. */
  z.object({ kind: z.literal('equals'), texts: words, ignoreCase: z.boolean() }),
  z.object({
    kind: z.literal('regex'),
    pattern: z.string().min(1).max(MAX_PATTERN_CHARACTERS),
    ignoreCase: z.boolean(),
  }),
  z.object({ kind: z.literal('json') }),
  z.object({ kind: z.literal('jsonSchema'), schema: z.unknown() }),
  z.object({ kind: z.literal('language'), language: z.string() }),
  z.object({
    kind: z.literal('length'),
    unit: z.enum(['words', 'tokens', 'characters']),
    min: bound,
    max: bound,
  }),
  /** At most this share of the groups of four words came before in the answer, and it does not end in a loop. */
  z.object({ kind: z.literal('repetition'), max: z.number().min(0).max(1) }),
  /** By the model's own end, not by the limit of tokens. */
  z.object({ kind: z.literal('ends') }),
  z.object({ kind: z.literal('notEmpty') }),
]);
export type Check = z.infer<typeof check>;

type Parsed = Check | { readonly problem: string };

const kinds =
  'contains, containsAll, excludes, equals, regex, json, jsonSchema, language, length, repetition, ends or notEmpty';

/** Share of repeated groups above which an answer reads as going round in circles. */
export const DEFAULT_REPETITION = 0.3;

/** One check as a suite has it: `contains: Roma`, or just `ends`. Says what is wrong instead of throwing. */
export function parseCheck(value: unknown): Parsed {
  if (typeof value === 'string') return parseCheck({ [value]: true });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { problem: `a check is one of ${kinds}` };
  }
  const { ignoreCase = true, ...rest } = value as Readonly<Record<string, unknown>>;
  if (typeof ignoreCase !== 'boolean') return { problem: 'ignoreCase must be true or false' };
  const [name, ...others] = Object.keys(rest);
  if (name === undefined || others.length > 0) {
    return {
      problem: `a check has one of ${kinds}${others.length > 0 ? `, not ${others.length + 1} of them` : ''}`,
    };
  }
  const made = build(name, rest[name], ignoreCase);
  if (typeof made === 'string') return { problem: made };
  const parsed = check.safeParse(made);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    return { problem: `${name}: ${lowerFirst(first?.message ?? 'is wrong')}` };
  }
  return semantics(parsed.data);
}

type Draft = { readonly kind: string } & Readonly<Record<string, unknown>>;

function build(name: string, value: unknown, ignoreCase: boolean): Draft | string {
  const texts = Array.isArray(value) ? (value as readonly unknown[]).map(asText) : [asText(value)];
  switch (name) {
    case 'contains':
      return { kind: 'contains', texts, all: false, ignoreCase };
    case 'containsAll':
      return { kind: 'contains', texts, all: true, ignoreCase };
    case 'excludes':
      return { kind: 'excludes', texts, ignoreCase };
    case 'equals':
      return { kind: 'equals', texts, ignoreCase };
    case 'regex':
      return { kind: 'regex', pattern: value, ignoreCase };
    case 'json':
    case 'ends':
    case 'notEmpty':
      return value === true ? { kind: name } : `${name} takes only true; leave it out otherwise`;
    case 'jsonSchema':
      return { kind: 'jsonSchema', schema: value };
    case 'language':
      return { kind: 'language', language: value };
    case 'length': {
      if (typeof value !== 'object' || value === null) {
        return 'length takes a unit (words, tokens or characters) and min, max or both';
      }
      const {
        unit = 'words',
        min = null,
        max = null,
        ...unknown
      } = value as Readonly<Record<string, unknown>>;
      const [odd] = Object.keys(unknown);
      if (odd !== undefined) return `length has no ${odd}`;
      return { kind: 'length', unit, min, max };
    }
    case 'repetition':
      return { kind: 'repetition', max: value === true ? DEFAULT_REPETITION : value };
    default:
      return `there is no check ${name}; there are ${kinds}`;
  }
}

/** YAML reads `contains: 12` as a number; a person means the text. */
const asText = (value: unknown): unknown => (typeof value === 'number' ? String(value) : value);

function semantics(own: Check): Parsed {
  if (own.kind === 'regex') {
    const problem = patternProblem(own.pattern);
    if (problem !== null) return { problem };
  }
  if (own.kind === 'jsonSchema') {
    const problem = schemaProblem(own.schema);
    if (problem !== null) return { problem };
  }
  if (own.kind === 'length') {
    if (own.min === null && own.max === null) return { problem: 'length needs min, max or both' };
    if (own.min !== null && own.max !== null && own.min > own.max) {
      return { problem: `length: min ${own.min} is above max ${own.max}` };
    }
  }
  return own;
}

function patternProblem(pattern: string): string | null {
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^.*?: (?=[^:]*$)/s, '') : String(error);
    return `regex is no regular expression: ${reason}`;
  }
}

function schemaProblem(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return 'jsonSchema takes a JSON schema, such as {type: object, required: [name]}';
  }
  try {
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
    return null;
  } catch (error) {
    return `jsonSchema cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** As a person reads it: `contains “Roma”`. */
export function checkWords(own: Check): string {
  switch (own.kind) {
    case 'contains':
      return `contains ${own.all ? 'all of ' : ''}${quoted(own.texts, own.all ? 'and' : 'or')}`;
    case 'excludes':
      return `does not contain ${quoted(own.texts, 'or')}`;
    case 'equals':
      return `is ${quoted(own.texts, 'or')}`;
    case 'regex':
      return `matches ${own.pattern}`;
    case 'json':
      return 'is valid JSON';
    case 'jsonSchema':
      return 'is JSON that follows the schema';
    case 'language':
      return `is in language ${own.language}`;
    case 'length': {
      if (own.min !== null && own.max !== null) return `has ${own.min} to ${own.max} ${own.unit}`;
      return own.min === null ? `has at most ${own.max} ${own.unit}` : `has at least ${own.min} ${own.unit}`;
    }
    case 'repetition':
      return `repeats itself in at most ${Math.round(own.max * 100)} %`;
    case 'ends':
      return 'ends by itself';
    case 'notEmpty':
      return 'is not empty';
  }
}

function quoted(texts: readonly string[], joiner: string): string {
  const shown = texts.slice(0, 4).map((text) => `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`);
  const more = texts.length > shown.length ? [`${texts.length - shown.length} more`] : [];
  return [...shown, ...more].join(` ${joiner} `);
}
