// What the mouse does in a plot beyond dragging: a click pins, Ctrl and wheel zooms at the cursor, a sideways wheel pans.
// A plain wheel scrolls the page, as everywhere.
import { ZOOM_STEP } from './chart-view.ts';
import { DRAG_FROM_PX } from './plot-options.ts';

export interface PlotGestures {
  isZoomed(): boolean;
  /** Pixels of the plot area. */
  width(): number;
  leftOf(event: MouseEvent): number;
  zoomAt(at: number, factor: number): void;
  pan(share: number): void;
  pin(): void;
}

/** Wheel units a step of zooming: what one notch of most mice gives. */
const NOTCH = 100;

/** Returns how to stop listening. */
export function listenToPlot(element: HTMLElement, gestures: PlotGestures): () => void {
  // The click that ends a drag does not pin, and a double click resets instead.
  let pressedAt = 0;
  const onPress = (event: MouseEvent) => {
    pressedAt = event.clientX;
  };
  const onClick = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('button')) return;
    if (event.detail === 1 && Math.abs(event.clientX - pressedAt) < DRAG_FROM_PX) gestures.pin();
  };
  const onWheel = (event: WheelEvent) => {
    const width = gestures.width();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const at = Math.min(1, Math.max(0, gestures.leftOf(event) / width));
      gestures.zoomAt(at, ZOOM_STEP ** Math.max(-4, Math.min(4, event.deltaY / NOTCH)));
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (!gestures.isZoomed() || Math.abs(sideways) <= Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    gestures.pan(sideways / width);
  };
  element.addEventListener('mousedown', onPress);
  element.addEventListener('click', onClick);
  element.addEventListener('wheel', onWheel, { passive: false });
  return () => {
    element.removeEventListener('mousedown', onPress);
    element.removeEventListener('click', onClick);
    element.removeEventListener('wheel', onWheel);
  };
}
