// The scroll position of a log as rows. Rows may be of different heights (wrapped, opened): then the wheel goes by what is on screen,
// and the scroll bar stands for row numbers. Knows how to stay at the end, and lets go when a person scrolls up.
import {
  type KeyboardEvent,
  type RefObject,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { scrollScale } from '../../../ui/scroll-scale.ts';

export const ROW_PX = 18;
/** Drawn beyond what is in sight. */
const OVERSCAN_ROWS = 4;
/** Nearer to the end than this counts as at the end. */
const END_PX = 4;
/** Where a row that is gone to is placed: some lines before it are in sight too. */
const LEAD_SHARE = 0.3;

export interface LogScroll {
  /** The element that scrolls. */
  readonly frame: RefObject<HTMLDivElement | null>;
  /** Holds the drawn rows, in order. */
  readonly block: RefObject<HTMLDivElement | null>;
  readonly bodyPx: number;
  readonly viewPx: number;
  /** Rows to draw, [first, end). */
  readonly first: number;
  readonly end: number;
  /** The drawn rows end at the bottom of the view. */
  readonly isAtEnd: boolean;
  readonly isFollowing: boolean;
  setFollowing(isFollowing: boolean): void;
  /** Brings a row into sight. */
  reveal(row: number): void;
  /** Puts a row at the top. */
  toRow(row: number): void;
  /** The first row on screen. */
  topRow(): number;
  /** Scrolls by what is on screen, whatever the heights of rows. */
  moveBy(px: number): void;
  onKeyDown(event: KeyboardEvent): void;
}

interface Seen {
  readonly scrollPx: number;
  readonly viewPx: number;
}

export function useLogScroll({
  rows,
  isUniform,
  layoutKey,
}: {
  readonly rows: number;
  /** Every row is one line. */
  readonly isUniform: boolean;
  /** Changes when rows change their heights. */
  readonly layoutKey: unknown;
}): LogScroll {
  const frame = useRef<HTMLDivElement>(null);
  const block = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState<Seen>({ scrollPx: 0, viewPx: 0 });
  const [isFollowing, setFollowing] = useState(true);
  const [isShort, setShort] = useState(false);
  const { viewPx } = seen;
  const pageRows = Math.max(1, Math.ceil(viewPx / ROW_PX));
  const scale = useMemo(
    () => scrollScale(rows, ROW_PX, isUniform ? viewPx : ROW_PX),
    [rows, isUniform, viewPx],
  );
  // Of rows of different heights any may be the first one on screen.
  const bodyPx = scale.heightPx + (isUniform ? 0 : Math.max(0, viewPx - ROW_PX));
  const top = Math.min(Math.max(0, rows - 1), scale.rowAt(seen.scrollPx));
  const isScrollable = bodyPx > viewPx;
  // What came since the last look is followed before it is seen.
  const isAtBottom = isScrollable && (isFollowing || seen.scrollPx >= bodyPx - viewPx - END_PX);
  const isAtEnd = isAtBottom || (!isUniform && isShort && rows > 0);
  const first = isAtEnd ? Math.max(0, rows - pageRows - OVERSCAN_ROWS) : Math.floor(top);
  const end = isAtEnd ? rows : Math.min(rows, Math.ceil(top) + pageRows + OVERSCAN_ROWS);
  const newest = useRef({ scale, isFollowing, rows, first, isAtEnd, isUniform });
  useLayoutEffect(() => {
    newest.current = { scale, isFollowing, rows, first, isAtEnd, isUniform };
  });

  const toEnd = useCallback(() => {
    const element = frame.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, []);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let before = element.scrollTop;
    const look = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      const isEnd = scrollHeight - scrollTop - clientHeight <= END_PX;
      // Where the end is does not matter while it is followed.
      const isStill = isEnd && newest.current.isFollowing && newest.current.isAtEnd;
      setSeen((old) =>
        isStill && old.viewPx === clientHeight ? old : { scrollPx: scrollTop, viewPx: clientHeight },
      );
      // Only a movement upwards lets go: growth moves the end away too.
      if (isEnd) setFollowing(true);
      else if (scrollTop < before - 1) setFollowing(false);
      before = scrollTop;
    };
    const resized = (): void => {
      if (newest.current.isFollowing) toEnd();
      look();
    };
    const resize = new ResizeObserver(resized);
    resize.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      resize.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [toEnd]);

  useLayoutEffect(() => {
    if (isFollowing) toEnd();
  }, [isFollowing, bodyPx, viewPx, toEnd]);

  // Rows of their own heights: the first one is cut at its top by its share, and the last ones stand at the bottom.
  useLayoutEffect(() => {
    const element = block.current;
    if (!element) return;
    const firstPx = isUniform ? ROW_PX : (element.firstElementChild?.getBoundingClientRect().height ?? 0);
    element.style.transform = isAtEnd ? '' : `translateY(${-(top - first) * firstPx}px)`;
    if (isUniform || isAtEnd) return;
    const drawnPx = element.getBoundingClientRect().height - (top - first) * firstPx;
    if (end === rows && drawnPx < viewPx && first > 0) setShort(true);
  }, [top, first, end, rows, viewPx, isUniform, isAtEnd, layoutKey]);
  useEffect(() => setShort(false), [seen.scrollPx, rows, isUniform, layoutKey]);

  const topInSight = useCallback((): { row: number; share: number } => {
    const { scale: now, first: drawn, isAtEnd: atEnd, isUniform: uniform } = newest.current;
    const element = frame.current;
    const rowsElement = block.current;
    if (!element || !rowsElement) return { row: 0, share: 0 };
    if (uniform && !atEnd) {
      const row = now.rowAt(element.scrollTop);
      return { row: Math.floor(row), share: row % 1 };
    }
    const edge = element.getBoundingClientRect().top;
    for (const [index, child] of [...rowsElement.children].entries()) {
      const box = child.getBoundingClientRect();
      if (box.bottom > edge + 0.5)
        return { row: drawn + index, share: box.height > 0 ? Math.max(0, (edge - box.top) / box.height) : 0 };
    }
    return { row: drawn, share: 0 };
  }, []);

  const moveBy = useCallback(
    (px: number) => {
      const element = frame.current;
      const rowsElement = block.current;
      if (!element || !rowsElement) return;
      const { scale: now, first: drawn, rows: count, isUniform: uniform } = newest.current;
      const { row, share } = topInSight();
      const heightOf = (index: number): number =>
        uniform ? ROW_PX : (rowsElement.children[index - drawn]?.getBoundingClientRect().height ?? ROW_PX);
      let at = row;
      let offset = share * heightOf(at) + px;
      while (offset < 0 && at > 0) {
        at -= 1;
        offset += heightOf(at);
      }
      while (offset >= heightOf(at) && at < count - 1) {
        offset -= heightOf(at);
        at += 1;
      }
      element.scrollTop = now.scrollOf(at + Math.max(0, Math.min(0.999, offset / heightOf(at))));
    },
    [topInSight],
  );

  useEffect(() => {
    const element = frame.current;
    if (!element || (isUniform && !scale.isScaled)) return;
    const wheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return;
      // What scrolls by itself inside a row.
      if (event.target instanceof Element && event.target.closest('[data-scrolls]')) return;
      event.preventDefault();
      moveBy(event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * ROW_PX : event.deltaY);
      element.scrollLeft += event.deltaX;
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [isUniform, scale, moveBy]);

  const reveal = useCallback(
    (row: number) => {
      const element = frame.current;
      if (!element) return;
      const { scale: now } = newest.current;
      const visible = Math.floor(element.clientHeight / ROW_PX);
      const { row: shown } = topInSight();
      if (newest.current.isUniform && row >= shown + 1 && row < shown + visible - 1) return;
      setFollowing(false);
      element.scrollTop = now.scrollOf(Math.max(0, row - Math.floor(visible * LEAD_SHARE)));
    },
    [topInSight],
  );

  return {
    frame,
    block,
    bodyPx,
    viewPx,
    first,
    end,
    isAtEnd,
    isFollowing,
    setFollowing,
    reveal,
    toRow(row) {
      setFollowing(false);
      if (frame.current) frame.current.scrollTop = scale.scrollOf(row);
    },
    topRow: () => topInSight().row,
    moveBy,
    onKeyDown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        if (event.key !== 'Home' && event.key !== 'End') return;
      }
      const page = Math.max(ROW_PX, viewPx - 2 * ROW_PX);
      const step = { ArrowDown: ROW_PX, ArrowUp: -ROW_PX, PageDown: page, PageUp: -page, ' ': page }[
        event.key
      ];
      if (event.key === 'End') toEnd();
      else if (event.key === 'Home') {
        setFollowing(false);
        if (frame.current) frame.current.scrollTop = 0;
      } else if (step !== undefined && !event.shiftKey) moveBy(step);
      else return;
      event.preventDefault();
    },
  };
}
