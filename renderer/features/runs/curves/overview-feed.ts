// First pictures of charts whose curves are long, outside React: asked for by chart, again when the way of drawing changes or when
// core has read a good deal more, and forgotten when the points themselves are there.
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { OverviewRequest } from '../../../../core/api/series.ts';
import { rangeOfColumns, shownRange } from '../../../../core/lib/series/shown-range.ts';
import { type Overview, readOverview } from '../../../../core/rpc/series-columns.ts';
import type { ChartSeries } from '../../../charts/chart-series.ts';

export interface PictureOrder {
  readonly chartId: string;
  readonly request: OverviewRequest;
  /** As many as curves are asked for. */
  readonly labels: readonly Pick<ChartSeries, 'id' | 'label' | 'color'>[];
  /** Points core has of all of them. */
  readonly points: number;
  readonly isReading: boolean;
}

export interface OverviewFeed {
  /** Asks for what is not there yet; what is not ordered any more is forgotten. */
  sync(client: StudioClient, orders: readonly PictureOrder[]): void;
  /** Drawn in the way it was ordered last, or null. */
  pictureOf(chartId: string): readonly ChartSeries[] | null;
  /** Whether an order waits for its first answer. */
  readonly isWaiting: boolean;
  readonly version: number;
  subscribe(listener: () => void): () => void;
  dispose(): void;
}

/** While core still reads, a picture is asked for again when there are so many times the points. */
const GROWTH_WHILE_READING = 1.5;
/** A run that goes on grows while its points are fetched: they bring what is new. */
const GROWTH_AT_REST = 1.05;

interface Entry {
  key: string;
  controller: AbortController | null;
  /** Points at which it was asked for last. */
  points: number;
  picture: readonly ChartSeries[] | null;
  pictureKey: string;
  hasFailed: boolean;
}

export function createOverviewFeed(): OverviewFeed {
  const entries = new Map<string, Entry>();
  const listeners = new Set<() => void>();
  let version = 0;
  const changed = () => {
    version += 1;
    for (const listener of listeners) listener();
  };
  const forget = (chartId: string) => {
    entries.get(chartId)?.controller?.abort();
    entries.delete(chartId);
  };

  async function ask(client: StudioClient, entry: Entry, order: PictureOrder): Promise<void> {
    const controller = new AbortController();
    const { key } = entry;
    entry.controller = controller;
    entry.points = order.points;
    try {
      const answer = await client.series.overview(order.request, { signal: controller.signal });
      const overview = await readOverview(answer, order.request);
      if (controller.signal.aborted) return;
      entry.picture = pictureOf(overview, order);
      entry.pictureKey = key;
    } catch {
      // The points themselves come all the same, and say what is wrong where they do not.
      entry.hasFailed = true;
    } finally {
      if (entry.controller === controller) entry.controller = null;
      if (!controller.signal.aborted) changed();
    }
  }

  return {
    sync(client, orders) {
      const wanted = new Set(orders.map(({ chartId }) => chartId));
      for (const chartId of entries.keys()) if (!wanted.has(chartId)) forget(chartId);
      for (const order of orders) {
        const key = JSON.stringify(order.request);
        const known = entries.get(order.chartId);
        const entry: Entry = known ?? {
          key: '',
          controller: null,
          points: 0,
          picture: null,
          pictureKey: '',
          hasFailed: false,
        };
        entries.set(order.chartId, entry);
        const isOther = entry.key !== key;
        const growth = order.isReading ? GROWTH_WHILE_READING : GROWTH_AT_REST;
        if (!isOther && (entry.controller !== null || order.points <= entry.points * growth)) continue;
        entry.controller?.abort();
        entry.key = key;
        entry.hasFailed = false;
        void ask(client, entry, order);
      }
    },
    pictureOf(chartId) {
      const entry = entries.get(chartId);
      return entry && entry.pictureKey === entry.key ? entry.picture : null;
    },
    get isWaiting() {
      return [...entries.values()].some(
        ({ key, pictureKey, controller, hasFailed }) =>
          !hasFailed && (key !== pictureKey || controller !== null),
      );
    },
    get version() {
      return version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispose() {
      for (const chartId of entries.keys()) forget(chartId);
    },
  };
}

function pictureOf({ curves, middle }: Overview, { request, labels }: PictureOrder): readonly ChartSeries[] {
  const x = shownRange(rangeOfColumns(curves.map((curve) => curve.x)), request.look.logarithmicX);
  return curves.flatMap((curve, place): ChartSeries[] => {
    const names = labels[place];
    if (!names || curve.kept === 0) return [];
    const { steps, values, smoothed, replaced, total, points, notFinite, outside } = curve;
    return [
      {
        ...names,
        steps,
        x: curve.x,
        values,
        smoothed,
        replaced,
        standsFor: { total, x, points, notFinite, outside, middle },
      },
    ];
  });
}

/** Whether the points of everything in a picture are there, ready to be drawn in its place. */
export function areAllThere(picture: readonly ChartSeries[], points: readonly ChartSeries[]): boolean {
  return picture.every(({ id, smoothed, standsFor }) => {
    const whole = points.find((one) => one.id === id);
    if (!whole || whole.standsFor || whole.values.length < (standsFor?.total ?? 0)) return false;
    return smoothed === null || whole.smoothed?.length === whole.values.length;
  });
}
