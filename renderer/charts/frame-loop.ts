// One requestAnimationFrame loop draws all charts: a chart asks for a redraw and is drawn once in the next frame.
// Nothing is drawn while the page is hidden.

const dirty = new Set<() => void>();
let scheduled = false;

/** Draws `draw` once in the next frame, however often it is asked for. */
export function requestDraw(draw: () => void): void {
  dirty.add(draw);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(drawAll);
}

export function cancelDraw(draw: () => void): void {
  dirty.delete(draw);
}

function drawAll(): void {
  scheduled = false;
  const batch = [...dirty];
  dirty.clear();
  for (const draw of batch) draw();
}
