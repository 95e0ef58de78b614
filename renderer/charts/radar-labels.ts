// Where the names around a radar stand: outside the circle, beside the end of their axis, and never on top of each other. Pure.

export interface RadarLabel {
  /** From the middle, downwards positive, in pixels: of the first of the two lines. */
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Two lines of text and the air between labels, in pixels. */
const LABEL_PX = 29;
const GAP_PX = 16;
/** Axes that stand this steep have their name above or below. */
const STEEP = 0.05;
const ROUNDS = 200;

export function radarLabels(axes: number, radius: number): readonly RadarLabel[] {
  const reach = radius + GAP_PX;
  const ends = Array.from({ length: axes }, (_, axis) => {
    const angle = (axis / axes) * 2 * Math.PI - Math.PI / 2;
    return { axis, x: Math.cos(angle), y: Math.sin(angle) * reach };
  });
  const heights = ends.map(({ y }) => y);
  for (const side of [-1, 1]) {
    const own = ends.filter(({ x }) => x * side > STEEP).toSorted((a, b) => a.y - b.y);
    const placed = pushedApart(own.map(({ y }) => y));
    for (const [place, { axis }] of own.entries()) heights[axis] = placed[place] ?? 0;
  }
  const aside = ends.flatMap(({ axis, x }) => (Math.abs(x) > STEEP ? [heights[axis] ?? 0] : []));
  return ends.map(({ axis, x, y }): RadarLabel => {
    if (Math.abs(x) <= STEEP) {
      // Names beside it would begin where this one ends.
      const isTop = y < 0;
      const free = isTop ? Math.min(...aside) - LABEL_PX : Math.max(...aside) + LABEL_PX;
      const isCrowded = aside.length > 0 && (isTop ? free < y : free > y) && axes > CROWDED_AXES;
      return { x: 0, y: isCrowded ? free : y, anchor: 'middle' };
    }
    const height = heights[axis] ?? y;
    // What was pushed up or down comes nearer to the middle line, but not into the circle.
    const chord = Math.sqrt(Math.max(0, reach * reach - height * height));
    const outwards = Math.max(chord, Math.min(Math.abs(x) * reach, reach));
    return { x: Math.sign(x) * outwards, y: height, anchor: x > 0 ? 'start' : 'end' };
  });
}

/** With fewer, the neighbours of a name at the top stand far enough below it. */
const CROWDED_AXES = 8;

/** In ascending order; neighbours that touch move away from each other, each half of the way. */
function pushedApart(heights: readonly number[]): readonly number[] {
  const placed = [...heights];
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    for (let place = 1; place < placed.length; place += 1) {
      const [above = 0, below = 0] = [placed[place - 1], placed[place]];
      const missing = LABEL_PX - (below - above);
      if (missing <= 0.01) continue;
      placed[place - 1] = above - missing / 2;
      placed[place] = below + missing / 2;
      moved = true;
    }
    if (!moved) break;
  }
  return placed;
}
