// What a block of text is drawn from: pieces that are each in one token and in or out of one match. Positions only.
import type { TokenColumns } from '../../../../core/rpc/token-columns.ts';
import type { Block } from './blocks.ts';
import type { Matches } from './find-matches.ts';

export interface Segment extends Block {
  /** The token that covers it, or the first of those that share it; null without tokens. */
  readonly token: number | null;
  /** How many tokens share it: the bytes of one character. */
  readonly shared: number;
  /** Put around the text by the tokenizer: drawn as a mark of its own. `from` equals `to`. */
  readonly isMark: boolean;
  readonly isSpecial: boolean;
  readonly match: 'none' | 'match' | 'current';
}

export interface SegmentWish {
  readonly block: Block;
  /** The last block of the text: what stands at its end belongs to it. */
  readonly isLast: boolean;
  readonly tokens: TokenColumns | null;
  readonly matches: Matches;
  readonly current: number | null;
}

export function blockSegments({ block, isLast, tokens, matches, current }: SegmentWish): readonly Segment[] {
  const marks: Segment[] = [];
  const regions = tokens === null ? [] : tokenRegions(block, tokens);
  if (tokens !== null) {
    for (const index of markTokens(block, isLast, tokens)) {
      const at = tokens.starts[index] ?? 0;
      marks.push({ from: at, to: at, token: index, shared: 1, isMark: true, isSpecial: true, match: 'none' });
    }
  }
  const cuts = new Set([block.from, block.to]);
  for (const { from, to } of regions) {
    cuts.add(from);
    cuts.add(to);
  }
  const found = matchesIn(block, matches);
  for (const index of found) {
    cuts.add(Math.max(block.from, matches.starts[index] ?? 0));
    cuts.add(Math.min(block.to, matches.ends[index] ?? 0));
  }
  const places = [...cuts].sort((a, b) => a - b);
  const segments: Segment[] = [];
  let region = 0;
  let match = 0;
  for (const [index, from] of places.entries()) {
    const to = places[index + 1];
    if (to === undefined) break;
    while ((regions[region]?.to ?? Number.POSITIVE_INFINITY) <= from) region += 1;
    while ((matches.ends[found[match] ?? -1] ?? Number.POSITIVE_INFINITY) <= from) match += 1;
    const own = regions[region];
    const covers = own !== undefined && own.from <= from;
    const at = found[match];
    const isIn = at !== undefined && (matches.starts[at] ?? Number.POSITIVE_INFINITY) <= from;
    segments.push({
      from,
      to,
      token: covers ? own.token : null,
      shared: covers ? own.shared : 1,
      isMark: false,
      isSpecial: covers && tokens?.kinds[own.token] === 1,
      match: isIn ? (at === current ? 'current' : 'match') : 'none',
    });
  }
  return [
    ...marks.filter(({ from }) => from === block.from && !(isLast && from === block.to)),
    ...segments,
    ...marks.filter(({ from }) => isLast && from === block.to),
  ];
}

interface Region extends Block {
  readonly token: number;
  readonly shared: number;
}

/** Parts of the block by token; tokens over the same characters are one part. */
function tokenRegions(block: Block, { starts, ends }: TokenColumns): readonly Region[] {
  const regions: Region[] = [];
  for (let index = firstBehind(ends, block.from); index < starts.length; index += 1) {
    const start = starts[index] ?? 0;
    const end = ends[index] ?? 0;
    if (start >= block.to) break;
    if (end <= start) continue;
    const last = regions.at(-1);
    const from = Math.max(block.from, start, last?.to ?? 0);
    const to = Math.min(block.to, end);
    if (last !== undefined && from >= to) {
      regions[regions.length - 1] = { ...last, shared: last.shared + 1 };
    } else if (to > from) {
      regions.push({ from, to, token: index, shared: 1 });
    }
  }
  return regions;
}

/** Tokens that stand around the text, at the border of this block. */
function markTokens(block: Block, isLast: boolean, { starts, kinds }: TokenColumns): readonly number[] {
  const found: number[] = [];
  if (block.from === 0) for (let index = 0; kinds[index] === 2; index += 1) found.push(index);
  if (!isLast) return found;
  const behind: number[] = [];
  for (let index = starts.length - 1; index >= found.length && kinds[index] === 2; index -= 1) {
    behind.unshift(index);
  }
  return [...found, ...behind];
}

/** First token that ends behind a place; ends only grow, but for marks at the end. */
function firstBehind(ends: Uint32Array, place: number): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

function matchesIn(block: Block, { starts, ends }: Matches): readonly number[] {
  const found: number[] = [];
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) > block.from) high = middle;
    else low = middle + 1;
  }
  for (let index = low; (starts[index] ?? Number.POSITIVE_INFINITY) < block.to; index += 1) found.push(index);
  return found;
}
