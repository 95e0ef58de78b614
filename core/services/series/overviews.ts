// First pictures of charts of long curves, and the newest of them kept: a window that goes back to a run asks for the same again.
import type { OverviewHeader, OverviewRequest, SeriesSource } from '../../api/series.ts';
import { chartOverview } from '../../lib/series/chart-overview.ts';
import type { ColumnBuffer } from '../../lib/series/column-buffer.ts';
import { curveColumns } from '../../lib/series/curve-columns.ts';
import { createValueSummary, type ValueSummary } from '../../lib/series/value-summary.ts';
import { packColumns } from '../../rpc/columns.ts';
import type { SourceLease } from './source-pool.ts';

/** An answer of one curve is about 200 kB. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

export interface Overviews {
  answer(request: OverviewRequest, signal: AbortSignal | undefined): Promise<Blob>;
}

export function createOverviews(leaseOf: (source: SeriesSource) => Promise<SourceLease>): Overviews {
  const kept = new Map<string, Blob>();
  let keptBytes = 0;
  /** Of columns that grow, for every way of drawing them. */
  const summaries = new WeakMap<ColumnBuffer, { epoch: number; summary: ValueSummary }>();

  const summaryOf = (column: ColumnBuffer): ValueSummary => {
    const known = summaries.get(column);
    const entry =
      known?.epoch === column.epoch ? known : { epoch: column.epoch, summary: createValueSummary() };
    summaries.set(column, entry);
    entry.summary.update(column.view().values);
    return entry.summary;
  };
  const keep = (key: string, blob: Blob) => {
    kept.set(key, blob);
    keptBytes += blob.size;
    for (const [oldest, { size }] of kept) {
      if (keptBytes <= MAX_KEPT_BYTES) return;
      kept.delete(oldest);
      keptBytes -= size;
    }
  };

  return {
    async answer(request, signal) {
      const leases: SourceLease[] = [];
      try {
        const sources = new Map<string, SourceLease>();
        for (const { source } of request.curves) {
          const name = JSON.stringify(source);
          if (sources.has(name)) continue;
          const lease = await leaseOf(source);
          leases.push(lease);
          sources.set(name, lease);
          if (lease.isFirst) await lease.source.catchUp();
        }
        const curves = request.curves.map((curve) => {
          const lease = sources.get(JSON.stringify(curve.source));
          return { ...curve, lease, state: lease?.source.state() };
        });
        const key = JSON.stringify([
          request,
          curves.map(({ state, tag }) => [state?.generation, state?.readBytes, state?.points[tag]]),
        ]);
        const known = kept.get(key);
        if (known) return known;
        const made = [];
        for (const { lease, tag, tokensPerStep } of curves) {
          // Smoothed, a million points take some 10 ms: others are answered between.
          if (made.length > 0) await new Promise((resolve) => setImmediate(resolve));
          signal?.throwIfAborted();
          const columns = lease?.source.columns() ?? new Map<string, ColumnBuffer>();
          const column = columns.get(tag);
          const curve = curveColumns(columns, { tag, tokensPerStep, look: request.look, span: request.span });
          made.push(curve && column ? { ...curve, summary: summaryOf(column) } : null);
        }
        const answer = packed(
          made.map((curve) => curve?.values.length ?? 0),
          curves.map(({ state }) => state?.generation ?? 0),
          chartOverview(made, { ...request.look, columns: request.columns }),
        );
        keep(key, answer);
        return answer;
      } finally {
        for (const lease of leases) lease[Symbol.dispose]();
      }
    },
  };
}

function packed(
  totals: readonly number[],
  generations: readonly number[],
  { curves, middle }: ReturnType<typeof chartOverview>,
): Blob {
  const header: OverviewHeader = {
    middle,
    curves: curves.map((curve, place) => ({
      generation: generations[place] ?? 0,
      total: totals[place] ?? 0,
      points: curve?.points ?? 0,
      notFinite: curve?.notFinite ?? 0,
      outside: curve?.outside ?? 0,
      kept: curve?.steps.length ?? 0,
      isSmoothed: curve?.smoothed != null,
      replaced: curve?.replaced.map(({ x }) => x.length) ?? [],
    })),
  };
  const columns = curves.flatMap((curve) => {
    if (!curve) return [];
    const { steps, x, values, smoothed, replaced } = curve;
    return [
      steps,
      ...(x === steps ? [] : [x]),
      values,
      ...(smoothed ? [smoothed] : []),
      ...replaced.flatMap((piece) => [piece.x, piece.values]),
    ];
  });
  return packColumns(header, columns);
}
