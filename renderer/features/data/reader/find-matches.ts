// Where a text is found in a document: upper and lower case alike, any run of spaces for a space.

export interface Matches {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** There are more than are marked. */
  readonly isCut: boolean;
}

export const noMatches: Matches = { starts: [], ends: [], isCut: false };
/** Nobody steps through more. */
export const MAX_MATCHES = 10_000;

export function findMatches(text: string, wanted: string): Matches {
  if (wanted.trim() === '') return noMatches;
  const pattern = wanted.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replace(/\s+/g, String.raw`\s+`);
  const starts: number[] = [];
  const ends: number[] = [];
  for (const match of text.matchAll(new RegExp(pattern, 'giu'))) {
    if (starts.length === MAX_MATCHES) return { starts, ends, isCut: true };
    starts.push(match.index);
    ends.push(match.index + match[0].length);
  }
  return { starts, ends, isCut: false };
}
