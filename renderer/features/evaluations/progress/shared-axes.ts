// The trainings of a progression as entries to choose from, and the axes their charts share. Pure, but for the zoom they share.
import type { ProgressPoint, ProgressTask } from '../../../../core/api/evaluation-progress.ts';
import { grouped } from '../../../../core/lib/evaluations/grouped.ts';
import type { Extent } from '../../../charts/chart-series.ts';
import { createZoomGroup, type ZoomGroup } from '../../../charts/zoom-group.ts';
import type { DrawnLine } from './chart-lines.ts';

interface SeriesOfAll {
  readonly id: string;
  readonly title: string;
  readonly kind: 'run' | 'named' | 'reference';
}

const kindOrder = { run: 0, named: 1, reference: 2 } as const;

/** What was trained here first, then what files name, then what was published. */
export function seriesOfAll(tasks: readonly ProgressTask[]): readonly SeriesOfAll[] {
  const found = new Map<string, SeriesOfAll>();
  for (const { lines } of tasks)
    for (const { series, title, kind } of lines) found.set(series, { id: series, title, kind });
  return [...found.values()].toSorted(
    (a, b) => kindOrder[a.kind] - kindOrder[b.kind] || a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
}

interface SharedAxis {
  readonly extent: Extent | null;
  readonly zoom: ZoomGroup;
}

/** Charts of the same trainings stand on one axis and zoom together; those of others have theirs. */
export function sharedAxes(
  charts: readonly { readonly lines: readonly DrawnLine[] }[],
  x: 'steps' | 'tokens',
): { readonly all: Extent | null; readonly of: (lines: readonly DrawnLine[]) => SharedAxis } {
  const nameOf = (lines: readonly DrawnLine[]) =>
    JSON.stringify([...new Set(lines.map(({ line }) => line.series))].toSorted());
  const pointsOf = (own: typeof charts) => own.flatMap(({ lines }) => lines.flatMap(({ points }) => points));
  const axes = new Map(
    [...grouped(charts, ({ lines }) => nameOf(lines))].map(([name, own]) => [
      name,
      { extent: extentOf(pointsOf(own), x), zoom: createZoomGroup() },
    ]),
  );
  return {
    all: extentOf(pointsOf(charts), x),
    of: (lines) => axes.get(nameOf(lines)) ?? { extent: null, zoom: createZoomGroup() },
  };
}

/** Rings at the ends are not cut off by the frame. */
const ROOM = 0.02;

function extentOf(points: readonly ProgressPoint[], x: 'steps' | 'tokens'): Extent | null {
  const places = points.map(({ step, tokens }) => (x === 'steps' ? step : (tokens ?? step)));
  if (places.length === 0) return null;
  const [min, max] = [Math.min(...places), Math.max(...places)];
  // A single step stands in the middle of an axis.
  const room = max > min ? ROOM * (max - min) : Math.max(1, max / 2);
  return { min: min - room, max: max + room };
}
