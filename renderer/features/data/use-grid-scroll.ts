// The scroll position of the grid as rows: which are in sight, and how to bring one there.
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { scrollScale } from '../../ui/scroll-scale.ts';

/** Drawn beyond what is in sight, so that scrolling finds them there. */
const OVERSCAN_ROWS = 10;

export interface GridScroll {
  /** For the element that scrolls. */
  readonly frame: RefObject<HTMLDivElement | null>;
  readonly left: number;
  readonly width: number;
  /** Rows to draw, [first, end). */
  readonly first: number;
  readonly end: number;
  /** Rows that fit, for PageUp and PageDown. */
  readonly pageRows: number;
  readonly bodyPx: number;
  /** Where the top of a row is drawn in the body, px. */
  topOf(row: number): number;
  /** Scrolls as little as brings the row into sight. */
  reveal(row: number): void;
}

interface Seen {
  readonly left: number;
  readonly width: number;
  readonly height: number;
  readonly scrollPx: number;
}

export function useGridScroll(options: {
  readonly rows: number;
  readonly rowPx: number;
  readonly headPx: number;
}): GridScroll {
  const { rows, rowPx, headPx } = options;
  const frame = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<Seen>({ left: 0, width: 0, height: 0, scrollPx: 0 });
  const viewPx = Math.max(0, seen.height - headPx);
  const scale = useMemo(() => scrollScale(rows, rowPx, viewPx), [rows, rowPx, viewPx]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const look = () =>
      setSeen({
        left: element.scrollLeft,
        width: element.clientWidth,
        height: element.clientHeight,
        scrollPx: element.scrollTop,
      });
    look();
    const resize = new ResizeObserver(look);
    resize.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resize.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  // Where a pixel of the scroll bar is many rows, the wheel still goes row by row.
  useEffect(() => {
    const element = frame.current;
    if (!element || !scale.isScaled) return;
    const wheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY : event.deltaY / rowPx;
      element.scrollTop = scale.scrollOf(scale.rowAt(element.scrollTop) + step);
      element.scrollLeft += event.deltaX;
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [scale, rowPx]);

  const reveal = useCallback(
    (row: number) => {
      const element = frame.current;
      if (!element) return;
      const height = element.clientHeight - headPx;
      const top = scale.rowAt(element.scrollTop);
      const bottom = top + Math.floor(height / rowPx) - 1;
      if (row < top) element.scrollTop = scale.scrollOf(row);
      else if (row > bottom) element.scrollTop = scale.scrollOf(row - height / rowPx + 1);
    },
    [scale, rowPx, headPx],
  );

  const top = scale.rowAt(seen.scrollPx);
  const pageRows = Math.max(1, Math.floor(viewPx / rowPx));
  const first = Math.max(0, Math.floor(top) - OVERSCAN_ROWS);
  return {
    frame,
    left: seen.left,
    width: seen.width,
    first,
    end: Math.min(rows, Math.ceil(top) + pageRows + 1 + OVERSCAN_ROWS),
    pageRows,
    bodyPx: scale.heightPx,
    topOf: (row) => (scale.isScaled ? seen.scrollPx + (row - top) * rowPx : row * rowPx),
    reveal,
  };
}
