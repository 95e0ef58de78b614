// What all edits of nodes share: the text with its lines, where a node ends, and replacing a node as a whole.
// Exports: EditContext, Placed, Edits and small measures of the text. Knows no paths.
import type { ScalarStyle } from './format-scalar.ts';
import type { LineIndex } from './position.ts';
import type { ConfigNode, TextEdit } from './types.ts';

export interface EditContext {
  readonly text: string;
  readonly lines: LineIndex;
  readonly newline: string;
  readonly style: ScalarStyle;
}

/** A node and the end of the key that holds it; null for the root and for list items. */
export interface Placed {
  readonly node: ConfigNode;
  readonly keyEnd: number | null;
}

export type Edits = { readonly edits: readonly TextEdit[] } | { readonly error: string };

export const columnOf = (context: EditContext, offset: number) => context.lines.positionAt(offset).column - 1;
export const lineEndAt = (context: EditContext, offset: number) =>
  context.lines.lineEnd(context.lines.positionAt(offset).line);
export const insertion = (offset: number, newText: string): TextEdit => ({
  start: offset,
  end: offset,
  newText,
});
export const joined = (context: EditContext, lines: readonly string[]) => lines.join(context.newline);

/** A block scalar ends after its line break; what follows it must go before that break. */
export function contentEnd(context: EditContext, offset: number): number {
  let end = offset;
  while (end > 0 && /[\n\r]/.test(context.text[end - 1] ?? '')) end -= 1;
  return end;
}

/** Where lines that follow a node are inserted: the end of its last line, the comment there included. */
export function afterNode(context: EditContext, end: number): number {
  return lineEndAt(context, contentEnd(context, end));
}

export const isAlias = (context: EditContext, node: ConfigNode) => context.text[node.range.start] === '*';

/** A value after `key:` or `-` needs a space before it. */
export function spaced(context: EditContext, offset: number, newText: string): string {
  const before = context.text[offset - 1] ?? ' ';
  const after = context.text[offset] ?? '\n';
  return `${/\s/.test(before) ? '' : ' '}${newText}${/[\s,\]}]/.test(after) ? '' : ' '}`;
}

/** Replaces everything after the key (or the item's own characters) by one piece of text. */
export function replaceWhole(context: EditContext, placed: Placed, newText: string): TextEdit {
  const { node, keyEnd } = placed;
  if (node.kind === 'scalar' || node.flow || keyEnd === null || isAlias(context, node)) {
    if (node.range.start === node.range.end)
      return insertion(node.range.start, spaced(context, node.range.start, newText));
    const tail = context.text[node.range.end - 1] === '\n' ? context.newline : '';
    return { start: node.range.start, end: node.range.end, newText: newText + tail };
  }
  const colon = context.text.indexOf(':', keyEnd) + 1;
  return { start: colon, end: contentEnd(context, node.range.end), newText: ` ${newText}` };
}
