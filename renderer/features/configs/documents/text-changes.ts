// Turns "the text is now this" into small edits, so that cursor, folds and undo survive a reload, a merge or a fix.
// Knows nothing about editors or files.
import { diffArrays } from 'diff';
import type { TextEdit } from '../../../../core/lib/config/types.ts';

/** Line diffing is quadratic in the number of changes; beyond this the changed middle is replaced whole. */
const MAX_DIFFED_LINES = 20_000;

/** Edits, in order and apart from each other, that turn `before` into `after`; whole lines where lines changed. */
export function lineEdits(before: string, after: string): readonly TextEdit[] {
  if (before === after) return [];
  const oldLines = splitLines(before);
  const newLines = splitLines(after);
  if (Math.max(oldLines.length, newLines.length) > MAX_DIFFED_LINES) return [middleEdit(before, after)];
  const edits: TextEdit[] = [];
  let position = 0;
  let pending: { start: number; removed: string; added: string } | null = null;
  const flush = (): void => {
    if (pending === null) return;
    const inner = middleEdit(pending.removed, pending.added);
    edits.push({
      start: pending.start + inner.start,
      end: pending.start + inner.end,
      newText: inner.newText,
    });
    pending = null;
  };
  for (const part of diffArrays(oldLines, newLines)) {
    const text = part.value.join('');
    if (part.added || part.removed) {
      pending ??= { start: position, removed: '', added: '' };
      if (part.removed) pending.removed += text;
      else pending.added += text;
    } else flush();
    if (!part.added) position += text.length;
  }
  flush();
  return edits;
}

/** One edit over what differs between the common beginning and the common end. */
function middleEdit(before: string, after: string): TextEdit {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shortest - start && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { start, end: before.length - tail, newText: after.slice(start, after.length - tail) };
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
