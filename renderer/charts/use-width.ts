// The width of an element in pixels, so that a chart draws in real pixels and its letters are never stretched.
import { type RefObject, useLayoutEffect, useState } from 'react';

export function useWidth(element: RefObject<HTMLElement | null>, initial: number): number {
  const [width, setWidth] = useState(initial);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const measure = () => setWidth(Math.max(1, Math.floor(target.clientWidth)));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return width;
}

/** A height that grows with the width, between two bounds. */
export function heightFor(
  width: number,
  bounds: { readonly least: number; readonly share: number; readonly most: number },
): number {
  return Math.round(Math.min(bounds.most, Math.max(bounds.least, width * bounds.share)));
}
