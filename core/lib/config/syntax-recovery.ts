// Where a syntax error really is, and how to read on behind it. Exports: syntaxPlace, patchAround, runOnLines.
// A patch never moves an offset: indentation is swapped with the line break before it, or a line becomes a comment.
import { type Document, isCollection, isScalar, visit, type YAMLError } from 'yaml';
import { syntaxMessage } from './syntax-messages.ts';
import type { TextRange } from './types.ts';

type SyntaxError = Pick<YAMLError, 'code' | 'message' | 'pos'>;

export interface SyntaxPlace {
  readonly range: TextRange;
  readonly message: string;
}

/** Two lines that YAML reads as one value: the second was meant as a key of its own. */
export interface RunOn {
  readonly firstStart: number;
  readonly firstIndent: number;
  readonly secondStart: number;
  readonly secondIndent: number;
  /** The first line has no `key:`; else the second is indented too deep. */
  readonly firstHasNoColon: boolean;
}

const lineStartOf = (text: string, offset: number) => text.lastIndexOf('\n', offset - 1) + 1;
const lineEndOf = (text: string, offset: number) => {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
};
const indentAt = (text: string, lineStart: number) =>
  /^[ ]*/.exec(text.slice(lineStart, lineEndOf(text, lineStart)))?.[0].length ?? 0;

/** The lines of an error “implicit keys need to be on a single line”; null for other errors. */
export function runOnLines(text: string, error: SyntaxError): RunOn | null {
  if (error.code !== 'MULTILINE_IMPLICIT_KEY') return null;
  const firstStart = lineStartOf(text, error.pos[0]);
  const nextLine = lineEndOf(text, error.pos[0]) + 1;
  if (nextLine >= text.length) return null;
  const secondStart = lineStartOf(text, Math.max(nextLine, Math.min(error.pos[1], text.length) - 1));
  const firstIndent = indentAt(text, firstStart);
  return {
    firstStart,
    firstIndent,
    secondStart,
    secondIndent: indentAt(text, secondStart),
    firstHasNoColon: !/:(?:\s|$)/.test(text.slice(firstStart, lineEndOf(text, firstStart))),
  };
}

/** Place and message of an error; null when another error of the same line says it better. */
export function syntaxPlace(text: string, error: SyntaxError, document: Document): SyntaxPlace | null {
  const runOn = runOnLines(text, error);
  if (runOn?.firstHasNoColon === true) {
    const start = runOn.firstStart + runOn.firstIndent;
    return {
      range: { start, end: lineEndOf(text, start) },
      message: 'This line has no “: ” between a key and a value.',
    };
  }
  if (runOn !== null) {
    const start = runOn.secondStart + runOn.secondIndent;
    return { range: { start, end: lineEndOf(text, start) }, message: syntaxMessage(error) };
  }
  const sameStart = (other: SyntaxError) => other.pos[0] === error.pos[0];
  if (
    error.code === 'BLOCK_AS_IMPLICIT_KEY' &&
    document.errors.some((other) => other.code === 'MULTILINE_IMPLICIT_KEY' && sameStart(other))
  ) {
    return null;
  }
  const opened = openedAt(error, document);
  if (opened !== null) {
    // The parser reports an open bracket by the indentation of the line at which it gave up.
    const isOpen = error.code === 'BAD_INDENT' && !/[\]}]/.test(text.charAt(error.pos[0]));
    const message = isOpen ? 'The bracket that is opened here is never closed.' : syntaxMessage(error);
    return { range: { start: opened, end: opened + 1 }, message };
  }
  const start = Math.min(error.pos[0], text.length);
  const end = Math.min(Math.max(error.pos[1], start), text.length);
  return { range: { start, end }, message: syntaxMessage(error) };
}

/** Where the quote or bracket stands that an error misses the end of; the parser only says where it gave up. */
function openedAt(error: SyntaxError, document: Document): number | null {
  if (error.code !== 'MISSING_CHAR' && error.code !== 'BAD_INDENT') return null;
  if (!/closing|end with/.test(error.message)) return null;
  let opened: number | null = null;
  visit(document, {
    Node(_, node) {
      const wanted = isScalar(node)
        ? node.type?.startsWith('QUOTE')
        : isCollection(node) && node.flow === true;
      if (wanted && node.range && node.range[0] < error.pos[0] && error.pos[0] <= node.range[2])
        opened = node.range[0];
    },
  });
  return opened;
}

/** The text with one error patched away, every other character at its old offset; null when nothing can be done. */
export function patchAround(text: string, error: SyntaxError): string | null {
  // “Nested mappings …” comes together with the run-on error of the same place and has the same cause.
  const runOn = runOnLines(
    text,
    error.code === 'BLOCK_AS_IMPLICIT_KEY' ? { ...error, code: 'MULTILINE_IMPLICIT_KEY' } : error,
  );
  if (runOn !== null && !runOn.firstHasNoColon) return dedent(text, runOn);
  const lineStart = runOn?.firstStart ?? lineStartOf(text, error.pos[0]);
  const valueless =
    runOn !== null || (error.code === 'MISSING_CHAR' && error.message.includes('Implicit map keys'));
  return valueless ? commentOut(text, lineStart) : null;
}

/**
 * `false\n  key: 1` → `false  \nkey: 1`: the same length, the second key at the column of the first. The lines below that
 * are indented as deep go along, because they lost their place together.
 */
function dedent(text: string, runOn: RunOn): string | null {
  const spaces = runOn.secondIndent - runOn.firstIndent;
  const second = text.slice(runOn.secondStart, lineEndOf(text, runOn.secondStart));
  if (spaces <= 0 || !/^\s*[\w.-]+:(?:\s|$)/.test(second)) return null;
  const pieces: string[] = [];
  let copied = 0;
  for (let start = runOn.secondStart; start < text.length; start = lineEndOf(text, start) + 1) {
    const isBlank = /^\s*$/.test(text.slice(start, lineEndOf(text, start)));
    if (!isBlank && indentAt(text, start) < runOn.secondIndent) break;
    if (isBlank) continue;
    const lineBreak = text.startsWith('\r\n', start - 2) ? '\r\n' : '\n';
    pieces.push(text.slice(copied, start - lineBreak.length), ' '.repeat(spaces), lineBreak);
    copied = start + spaces;
  }
  return pieces.join('') + text.slice(copied);
}

function commentOut(text: string, lineStart: number): string | null {
  const start = lineStart + indentAt(text, lineStart);
  if (start >= text.length || text[start] === '#' || text[start] === '\n') return null;
  return `${text.slice(0, start)}#${text.slice(start + 1)}`;
}
