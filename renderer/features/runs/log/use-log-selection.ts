// Selecting text of a log with the mouse or the keyboard, across rows that are not on screen any more: places are lines of the file
// and letters in them, the browser only paints what is in sight.
import { type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { markRanges, placeAt, rangeIn } from './text-highlights.ts';

export interface TextPlace {
  readonly line: number;
  readonly at: number;
}

export interface TextSelection {
  readonly from: TextPlace;
  readonly to: TextPlace;
}

/** Dragging beyond the edge scrolls by this, as often as below. */
const EDGE_PX = 54;
const EDGE_MS = 50;

const END_OF_LINE = Number.MAX_SAFE_INTEGER;

export function useLogSelection({
  frame,
  block,
  moveBy,
  painted,
}: {
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly block: RefObject<HTMLDivElement | null>;
  readonly moveBy: (px: number) => void;
  /** Changes whenever rows are drawn anew. */
  readonly painted: unknown;
}) {
  const [ends, setEnds] = useState<{ readonly anchor: TextPlace; readonly focus: TextPlace } | null>(null);
  const drag = useRef<{ readonly anchor: TextPlace; x: number; y: number; timer: number } | null>(null);
  const selection = ends === null ? null : ordered(ends.anchor, ends.focus);

  const rowAt = (y: number): Element | null => {
    const rows = [...(block.current?.children ?? [])];
    return rows.find((row) => row.getBoundingClientRect().bottom > y) ?? rows.at(-1) ?? null;
  };
  const placeOf = (x: number, y: number): TextPlace | null => {
    const row = rowAt(y);
    const text = row?.querySelector('[data-text]');
    const line = Number((row as HTMLElement | null)?.dataset['line']);
    if (!row || !text || Number.isNaN(line)) return null;
    const box = text.getBoundingClientRect();
    const at = placeAt(text, x, Math.min(Math.max(y, box.top + 1), box.bottom - 1));
    if (at !== null) return { line, at };
    return { line, at: x < box.left ? 0 : (text.textContent?.length ?? 0) };
  };
  const stop = (): void => {
    if (drag.current) clearInterval(drag.current.timer);
    drag.current = null;
  };
  useEffect(() => stop, []);

  useLayoutEffect(() => {
    if (!selection || !block.current) return;
    const ranges: Range[] = [];
    for (const row of block.current.children) {
      const line = Number((row as HTMLElement).dataset['line']);
      const text = row.querySelector('[data-text]');
      if (!text || Number.isNaN(line) || line < selection.from.line || line > selection.to.line) continue;
      const length = text.textContent?.length ?? 0;
      const start = line === selection.from.line ? Math.min(length, selection.from.at) : 0;
      const end = line === selection.to.line ? Math.min(length, selection.to.at) : length;
      const range = start < end ? rangeIn(text, start, end) : null;
      if (range) ranges.push(range);
    }
    return markRanges('log-selection', ranges);
    // oxlint-disable-next-line react/exhaustive-deps
  }, [ends, painted, block]);

  return {
    selection: selection && isEmpty(selection) ? null : selection,
    clear: () => setEnds(null),
    /** Whole lines. */
    selectLines(first: number, last: number) {
      setEnds({ anchor: { line: first, at: 0 }, focus: { line: last, at: END_OF_LINE } });
    },
    handlers: {
      onPointerDown(event: PointerEvent) {
        if (event.button !== 0 || !(event.target instanceof Element)) return;
        if (event.target.closest('button, [data-scrolls]')) return;
        // On the scroll bar.
        const box = frame.current?.getBoundingClientRect();
        if (!box || !frame.current || event.clientX > box.left + frame.current.clientWidth) return;
        if (event.clientY > box.top + frame.current.clientHeight) return;
        const place = placeOf(event.clientX, event.clientY);
        if (!place) return;
        if (event.detail === 2 || event.detail === 3) {
          const row = rowAt(event.clientY);
          const text = row?.querySelector('[data-text]')?.textContent ?? '';
          const [start, end] = event.detail === 3 ? [0, END_OF_LINE] : wordAt(text, place.at);
          setEnds({ anchor: { line: place.line, at: start }, focus: { line: place.line, at: end } });
          return;
        }
        const anchor = event.shiftKey && ends ? ends.anchor : place;
        setEnds({ anchor, focus: place });
        event.currentTarget.setPointerCapture(event.pointerId);
        const timer = window.setInterval(() => {
          const held = drag.current;
          const edges = frame.current?.getBoundingClientRect();
          if (!held || !edges) return;
          if (held.y < edges.top) moveBy(-EDGE_PX);
          else if (held.y > edges.bottom) moveBy(EDGE_PX);
          else return;
          const next = placeOf(held.x, Math.min(Math.max(held.y, edges.top + 1), edges.bottom - 1));
          if (next) setEnds({ anchor: held.anchor, focus: next });
        }, EDGE_MS);
        drag.current = { anchor, x: event.clientX, y: event.clientY, timer };
      },
      onPointerMove(event: PointerEvent) {
        const held = drag.current;
        if (!held) return;
        held.x = event.clientX;
        held.y = event.clientY;
        const box = frame.current?.getBoundingClientRect();
        if (!box || event.clientY < box.top || event.clientY > box.bottom) return;
        const focus = placeOf(event.clientX, event.clientY);
        if (focus) setEnds({ anchor: held.anchor, focus });
      },
      onPointerUp: stop,
      onPointerCancel: stop,
    },
  };
}

function ordered(one: TextPlace, other: TextPlace): TextSelection {
  const isBefore = one.line < other.line || (one.line === other.line && one.at <= other.at);
  return isBefore ? { from: one, to: other } : { from: other, to: one };
}

function isEmpty({ from, to }: TextSelection): boolean {
  return from.line === to.line && from.at === to.at;
}

/** The word around a place, as terminals take it: paths and numbers are one word. */
function wordAt(text: string, at: number): readonly [number, number] {
  const isWord = (place: number): boolean => /[\p{L}\p{N}_./+-]/u.test(text[place] ?? '');
  let start = at;
  let end = at;
  while (start > 0 && isWord(start - 1)) start -= 1;
  while (end < text.length && isWord(end)) end += 1;
  return start === end ? [at, Math.min(text.length, at + 1)] : [start, end];
}

/** Text of whole lines cut to a selection. */
export function cutToSelection(text: string, { from, to }: TextSelection, isAll: boolean): string {
  const lines = text.split('\n');
  const last = lines.length - 1;
  if (isAll && lines[last] !== undefined) lines[last] = lines[last].slice(0, to.at);
  lines[0] = (lines[0] ?? '').slice(from.at);
  return lines.join('\n');
}
