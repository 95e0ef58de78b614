// Where rows lie in a scrolling pane that may have more rows than a browser can lay out: up to a limit a row has its own
// pixels; beyond, the scroll bar stands for the whole and the wheel moves by rows. Pure.

/** Browsers stop laying out elements near 33 million pixels. */
const MAX_HEIGHT_PX = 15_000_000;

export interface ScrollScale {
  /** Of the element that scrolls, without its header. */
  readonly heightPx: number;
  readonly isScaled: boolean;
  /** The row at the top, as a fraction, for a scroll position. */
  rowAt(scrollPx: number): number;
  /** The scroll position that has this row at the top. */
  scrollOf(row: number): number;
}

export function scrollScale(rows: number, rowPx: number, viewPx: number): ScrollScale {
  const wanted = rows * rowPx;
  if (wanted <= MAX_HEIGHT_PX) {
    const clamp = (px: number): number => Math.max(0, Math.min(px, Math.max(0, wanted - viewPx)));
    return {
      heightPx: wanted,
      isScaled: false,
      rowAt: (scrollPx) => scrollPx / rowPx,
      scrollOf: (row) => clamp(row * rowPx),
    };
  }
  const span = Math.max(1, MAX_HEIGHT_PX - viewPx);
  const last = Math.max(0, rows - viewPx / rowPx);
  return {
    heightPx: MAX_HEIGHT_PX,
    isScaled: true,
    rowAt: (scrollPx) => Math.min(last, (Math.max(0, scrollPx) / span) * last),
    scrollOf: (row) => (Math.min(last, Math.max(0, row)) / last) * span,
  };
}
