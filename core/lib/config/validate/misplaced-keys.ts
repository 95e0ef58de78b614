// Keys that stand at the top level but belong to a section, as in the published Zagreus config whose checkpoint keys lost
// their indentation. Offers to move their lines, re-indented, to the end of that section. Exports: misplacedKey.
import type { ConfigSchema, ObjectSchema } from '../schema/types.ts';
import type { LineIndex } from '../position.ts';
import type { ConfigDocument, Fix, MapEntry, MapNode, TextEdit } from '../types.ts';
import type { Issue } from './issue.ts';

interface Home {
  readonly key: string;
  readonly object: ObjectSchema;
  /** The section in the text, when it is there. */
  readonly entry: MapEntry | undefined;
}

/** Sections of the schema that have a key of this name, those in the text before it and nearest to it first. */
function homesOf(schema: ConfigSchema, root: MapNode, entry: MapEntry): readonly Home[] {
  const homes: Home[] = [];
  for (const [key, field] of Object.entries(schema.root.fields)) {
    if (field.type.kind !== 'object' || !Object.hasOwn(field.type.object.fields, entry.key)) continue;
    homes.push({
      key,
      object: field.type.object,
      entry: root.entries.find((candidate) => candidate.key === key),
    });
  }
  const distance = (home: Home) => {
    if (home.entry === undefined) return Number.POSITIVE_INFINITY;
    const gap = entry.keyRange.start - home.entry.keyRange.start;
    return gap > 0 ? gap : Number.MAX_SAFE_INTEGER;
  };
  return homes.toSorted((left, right) => distance(left) - distance(right));
}

/** The issue for a top-level key the schema root does not know but one of its sections does; null for other keys. */
export function misplacedKey(
  document: ConfigDocument,
  lines: LineIndex,
  schema: ConfigSchema,
  entry: MapEntry,
): Issue | null {
  const root = document.root;
  if (root?.kind !== 'map' || Object.hasOwn(schema.root.fields, entry.key)) return null;
  const home = homesOf(schema, root, entry)[0];
  if (home === undefined) return null;
  const fix = moveInto(document, lines, { entry, home });
  return {
    code: 'key-outside-its-section',
    severity: 'error',
    range: entry.keyRange,
    path: [entry.key],
    message: `${entry.key} belongs to ${home.key}, but its indentation does not put it there.`,
    reason: `As written, ${home.key} goes on without it and the tool refuses the unknown key (${schema.source}).`,
    ...(fix === null ? {} : { fix }),
  };
}

interface Move {
  readonly entry: MapEntry;
  readonly home: Home;
}

function moveInto(document: ConfigDocument, lines: LineIndex, { entry, home }: Move): Fix | null {
  const { text } = document;
  const section = home.entry?.value;
  const start = lines.lineStart(lines.positionAt(entry.keyRange.start).line);
  if (text.slice(start, entry.keyRange.start).trim() !== '' || home.entry === undefined) return null;
  if (section?.kind !== 'map' || section.flow || section.entries.length === 0) return null;
  if (section.entries.some((candidate) => candidate.key === entry.key)) return null;
  const indent = lines.positionAt(section.entries[0]?.keyRange.start ?? 0).column - 1;
  const end = endOfLines(lines, text, Math.max(entry.keyRange.end, entry.value.range.end));
  const by = indent - (entry.keyRange.start - start);
  const moved = text
    .slice(start, end)
    .split('\n')
    .map((line) => shifted(line, by))
    .join('\n');
  const target = endOfLines(lines, text, section.range.end);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const insert: TextEdit = { start: target, end: target, newText: newline + moved };
  const remove: TextEdit = { ...withoutOneBreak(text, start, end), newText: '' };
  return { title: `Move ${entry.key} into ${home.key}`, edits: [insert, remove] };
}

/** End of the last line with content; a block scalar ends after its line break. */
function endOfLines(lines: LineIndex, text: string, offset: number): number {
  let end = offset;
  while (end > 0 && /[\r\n]/.test(text[end - 1] ?? '')) end -= 1;
  return lines.lineEnd(lines.positionAt(end).line);
}

function shifted(line: string, by: number): string {
  if (line.trim() === '') return line;
  return by >= 0 ? ' '.repeat(by) + line : line.slice(Math.min(-by, line.length - line.trimStart().length));
}

/** The lines with one of the line breaks around them. */
function withoutOneBreak(
  text: string,
  start: number,
  end: number,
): { readonly start: number; readonly end: number } {
  if (text.startsWith('\r\n', end)) return { start, end: end + 2 };
  if (end < text.length) return { start, end: end + 1 };
  return { start: Math.max(0, text.endsWith('\r\n', start) ? start - 2 : start - 1), end };
}
