// Cuts a text by a pattern as the Split of the Python library does, with each of its five behaviours.

/** [start, end) in UTF-16 code units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

interface Part extends TextRange {
  readonly isMatch: boolean;
}

export interface SplitRule {
  /** Global. */
  readonly pattern: RegExp;
  readonly behavior: string;
  readonly invert: boolean;
}

/** The pieces' texts; quicker than their ranges where the pattern covers the text, as those of language models do. */
export function splitTexts(text: string, rule: SplitRule): readonly string[] {
  if (rule.behavior === 'Isolated' || (rule.behavior === 'Removed' && rule.invert)) {
    const found = text.match(rule.pattern) ?? [];
    let covered = 0;
    for (const piece of found) covered += piece.length;
    if (covered === text.length) return found;
  }
  return splitRanges(text, rule).map(({ start, end }) => text.slice(start, end));
}

/** Empty pieces are left out. */
export function splitRanges(text: string, { pattern, behavior, invert }: SplitRule): readonly TextRange[] {
  const parts: Part[] = [];
  const add = (start: number, end: number, isMatch: boolean): void => {
    if (end > start) parts.push({ start, end, isMatch: isMatch !== invert });
  };
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    add(last, match.index, false);
    add(match.index, match.index + match[0].length, true);
    last = match.index + match[0].length;
  }
  add(last, text.length, false);
  switch (behavior) {
    case 'Removed':
      return parts.filter(({ isMatch }) => !isMatch);
    case 'MergedWithPrevious':
      return merge(parts, (before, part) => part.isMatch && !before.isMatch);
    case 'MergedWithNext':
      return merge(parts, (before, part) => before.isMatch && !part.isMatch);
    case 'Contiguous':
      return merge(parts, (before, part) => before.isMatch === part.isMatch);
    default:
      return parts;
  }
}

/** Joins neighbours; the last part of what was joined decides about the next one. */
function merge(parts: readonly Part[], belong: (before: Part, part: Part) => boolean): readonly TextRange[] {
  const merged: TextRange[] = [];
  let before: Part | null = null;
  for (const part of parts) {
    const last = merged.at(-1);
    if (before !== null && last !== undefined && belong(before, part)) {
      merged[merged.length - 1] = { start: last.start, end: part.end };
    } else {
      merged.push({ start: part.start, end: part.end });
    }
    before = part;
  }
  return merged;
}
