// Marks on text without touching the document: the browser paints named sets of ranges. Every view adds its own ranges to the sets
// and takes them out again.

/** Names in log.module.css. */
export type MarkName = 'log-selection' | 'log-match' | 'log-match-current';

function setOf(name: MarkName): Highlight {
  const known = CSS.highlights.get(name);
  if (known) return known;
  const made = new Highlight();
  CSS.highlights.set(name, made);
  return made;
}

/** Replaces what a view had marked; the result takes it away. */
export function markRanges(name: MarkName, ranges: readonly Range[]): () => void {
  const marks = setOf(name);
  for (const range of ranges) marks.add(range);
  return () => {
    for (const range of ranges) marks.delete(range);
  };
}

/** A part of the text inside an element, by places in its whole text. Null when it is not (any more) there. */
export function rangeIn(element: Element, start: number, end: number): Range | null {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let before = 0;
  let hasStart = false;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const length = node.nodeValue?.length ?? 0;
    if (!hasStart && start <= before + length) {
      range.setStart(node, start - before);
      hasStart = true;
    }
    if (hasStart && end <= before + length) {
      range.setEnd(node, end - before);
      return range;
    }
    before += length;
  }
  return null;
}

/** The place in an element's text that a point on screen is at. */
export function placeAt(element: Element, x: number, y: number): number | null {
  const caret = document.caretPositionFromPoint(x, y);
  if (!caret || !element.contains(caret.offsetNode)) return null;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let before = 0;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node === caret.offsetNode) return before + caret.offset;
    before += node.nodeValue?.length ?? 0;
  }
  return caret.offset === 0 ? 0 : before;
}
