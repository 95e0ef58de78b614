// Our words for the syntax errors of the `yaml` package (2.9), by its error code. Exports: syntaxMessage.
import type { YAMLError } from 'yaml';

/** One sentence for a person who edits the file; the details of the parser's own message where they help. */
export function syntaxMessage(error: Pick<YAMLError, 'code' | 'message'>): string {
  switch (error.code) {
    case 'BAD_INDENT':
      return 'This line is indented differently from the lines it belongs to.';
    case 'TAB_AS_INDENT':
      return 'A tab is used for indentation; YAML allows only spaces there.';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'A nested “key: value” cannot start here: put it on a line of its own with its own indentation, or quote the value.';
    case 'MULTILINE_IMPLICIT_KEY':
      return 'The value above runs on into this line, because this line is indented deeper than its key.';
    case 'MISSING_CHAR':
      return missingCharacter(error.message);
    case 'BAD_SCALAR_START':
      return 'A value that starts with this character must be quoted.';
    case 'BAD_DQ_ESCAPE':
      return 'This escape is not known inside double quotes; write a backslash as \\\\.';
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
      return 'This alias (*name) does not refer to an anchor (&name) above it.';
    case 'BLOCK_IN_FLOW':
      return 'A block of indented lines cannot stand inside [ ] or { }.';
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'BAD_PROP_ORDER':
      return 'An anchor or tag stands where YAML does not allow one.';
    case 'KEY_OVER_1024_CHARS':
      return 'This key is longer than 1,024 characters.';
    case 'BAD_DIRECTIVE':
      return 'A line that starts with % is read as a YAML directive, and this one is not valid.';
    case 'UNEXPECTED_TOKEN':
    case 'BAD_COLLECTION_TYPE':
    case 'DUPLICATE_KEY':
    case 'IMPOSSIBLE':
    case 'MULTIPLE_DOCS':
    case 'NON_STRING_KEY':
    case 'RESOURCE_EXHAUSTION':
    case 'TAG_RESOLVE_FAILED':
      return 'Something stands here that YAML does not expect.';
  }
}

function missingCharacter(message: string): string {
  if (message.includes('Implicit map keys'))
    return 'This key has no value: a colon and a space are missing after it.';
  if (message.includes('closing') && message.includes('quote'))
    return 'The quote that is opened here is never closed.';
  if (message.includes('Comments'))
    return 'A comment must be separated from what stands before it by a space.';
  if (message.includes('space after :')) return 'A space is missing after the colon.';
  if (message.includes('Missing ,')) return 'A comma is missing between two items.';
  if (message.includes('without -')) return 'This list item does not start with “- ”.';
  if (message.includes('expected') || message.includes('end with') || message.includes('closing')) {
    return 'A bracket that was opened is never closed.';
  }
  return 'A character is missing here.';
}
