// The grammar an answer is held to, from a schema or as it is given.
import { StudioError } from '../../api/errors.ts';
import { type AnswerFormat, MAX_FORMAT_CHARACTERS } from '../../api/generation.ts';
import { grammarOfSchema, SchemaFault } from '../../lib/generation/json-schema-grammar.ts';

/** Null for an answer that may say anything. Throws INVALID_INPUT for a schema that no grammar can hold. */
export function grammarOf(format: AnswerFormat | null): string | null {
  if (format === null) return null;
  if (format.kind === 'grammar') return format.gbnf;
  try {
    const { gbnf } = grammarOfSchema(format.schema);
    if (gbnf.length <= MAX_FORMAT_CHARACTERS) return gbnf;
    throw new SchemaFault('The schema is too large for a grammar');
  } catch (error) {
    if (!(error instanceof SchemaFault)) throw error;
    throw new StudioError('INVALID_INPUT', `The answer cannot be held to this schema: ${error.message}`, {
      hint: 'Change the schema, or take it away',
      cause: error,
    });
  }
}
