// Three-way merge of texts by line: what I typed, what another program wrote, what both started from.
// Knows nothing about YAML; a clean merge is clean by lines only.
import { diff3Merge } from 'node-diff3';

/** Comparing costs time with the product of repeated lines; texts this long are for a person to compare. */
export const MAX_MERGE_LINES = 50_000;

export interface MergeSource {
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
}

/** Parts of the text in order: agreed text, or the two versions of a place that both sides changed. */
export type MergeHunk =
  | { readonly kind: 'same'; readonly text: string }
  | {
      readonly kind: 'conflict';
      readonly base: string;
      readonly mine: string;
      readonly theirs: string;
      /** 1-based line in `mine` where the conflict starts. */
      readonly mineLine: number;
      /** 1-based line in `theirs` where the conflict starts. */
      readonly theirsLine: number;
    };

export type MergeResult =
  | { readonly kind: 'clean'; readonly text: string }
  | { readonly kind: 'conflict'; readonly hunks: readonly MergeHunk[] };

/** Merges both changes. Line ends are part of the lines, so CRLF files stay CRLF. */
export function mergeTexts({ base, mine, theirs }: MergeSource): MergeResult {
  if (mine === theirs || theirs === base) return { kind: 'clean', text: mine };
  if (mine === base) return { kind: 'clean', text: theirs };
  const lines = { base: splitLines(base), mine: splitLines(mine), theirs: splitLines(theirs) };
  if (Math.max(lines.base.length, lines.mine.length, lines.theirs.length) > MAX_MERGE_LINES) {
    return {
      kind: 'conflict',
      hunks: [{ kind: 'conflict', base, mine, theirs, mineLine: 1, theirsLine: 1 }],
    };
  }
  const hunks: MergeHunk[] = [];
  for (const region of diff3Merge(lines.mine, lines.base, lines.theirs, { excludeFalseConflicts: true })) {
    if (region.ok) hunks.push({ kind: 'same', text: region.ok.join('') });
    if (region.conflict) {
      hunks.push({
        kind: 'conflict',
        base: region.conflict.o.join(''),
        mine: region.conflict.a.join(''),
        theirs: region.conflict.b.join(''),
        mineLine: region.conflict.aIndex + 1,
        theirsLine: region.conflict.bIndex + 1,
      });
    }
  }
  if (hunks.some((hunk) => hunk.kind === 'conflict')) return { kind: 'conflict', hunks };
  return { kind: 'clean', text: hunks.map((hunk) => (hunk.kind === 'same' ? hunk.text : '')).join('') };
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}
