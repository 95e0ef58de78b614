// The entry of the folder: is this a JSON schema, and does a value fit it. Pure; answers are sentences, null means yes.
import { findSchemaProblem } from './schema-problem.ts';
import { problemOf } from './validate.ts';

/** Longer answers are not checked: a pattern could take forever on them. */
const MAX_CHECKED_CHARACTERS = 1024 * 1024;

/** Why a schema cannot be used; null when it can. */
export function schemaProblem(schema: unknown): string | null {
  return findSchemaProblem(schema, schema, '');
}

/** Text a person wrote, as a schema. */
export function readSchema(text: string): { readonly schema: unknown; readonly problem: string | null } {
  try {
    const schema = JSON.parse(text) as unknown;
    return { schema, problem: schemaProblem(schema) };
  } catch (error) {
    return {
      schema: null,
      problem: `This is not valid JSON: ${error instanceof Error ? error.message : ''}`,
    };
  }
}

/** Why a value does not fit; null when it does. A schema that is none fits nothing. */
export function checkJson(schema: unknown, value: unknown): string | null {
  const broken = schemaProblem(schema);
  return broken === null
    ? problemOf(schema, value, { root: schema, path: '', depth: 0 })
    : `The schema is broken: ${broken}`;
}

/** As `checkJson`, of a text that has to be JSON and nothing else. */
export function checkJsonText(schema: unknown, text: string): string | null {
  if (text.length > MAX_CHECKED_CHARACTERS) return 'it is too long to be checked';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is not valid JSON: ${error instanceof Error ? error.message : ''}`;
  }
  return checkJson(schema, value);
}
