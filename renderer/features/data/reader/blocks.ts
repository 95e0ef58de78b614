// A text cut into blocks for a virtual list: some lines together, and very long lines in parts. Knows positions only.

/** [from, to) in UTF-16 code units; blocks follow one another and cover the text. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/** About a screenful: fewer elements than lines, and quick to draw. */
const BLOCK_UNITS = 1500;
/** A line without a break is cut where a word ends, if one ends within this much. */
const WORD_UNITS = 200;

/** Blocks end behind a line break where there is one; never between the halves of a character or before its marks. */
export function textBlocks(text: string, blockUnits = BLOCK_UNITS): readonly Block[] {
  const blocks: Block[] = [];
  let from = 0;
  while (from < text.length) {
    const to = blockEnd(text, from, blockUnits);
    blocks.push({ from, to });
    from = to;
  }
  return blocks;
}

function blockEnd(text: string, from: number, blockUnits: number): number {
  const most = from + blockUnits;
  if (most >= text.length) return text.length;
  const line = text.lastIndexOf('\n', most - 1);
  if (line >= from) return line + 1;
  const next = text.indexOf('\n', most);
  // A line that ends soon is kept whole.
  if (next >= 0 && next - most < WORD_UNITS) return next + 1;
  for (let at = most; at > most - WORD_UNITS && at > from; at -= 1) {
    if (text[at - 1] === ' ') return at;
  }
  let at = most;
  while (at > from + 1 && at > most - WORD_UNITS && isInside(text, at)) at -= 1;
  return at;
}

/** Marks, joiners and the tones of skin belong to the character before them. */
const JOINED = /^(?:\p{M}|\u200d|\p{Emoji_Modifier})/u;

/** Whether a character goes on across this place. */
function isInside(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  const isLow = code >= 0xdc00 && code < 0xe000;
  return isLow || JOINED.test(text.slice(at, at + 2)) || text[at - 1] === '\u200d';
}

/** Index of the block that holds a place; the last one for the end of the text. */
export function blockAt(blocks: readonly Block[], place: number): number {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.to ?? 0) > place) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low);
}
