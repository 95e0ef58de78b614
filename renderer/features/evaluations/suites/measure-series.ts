// Points of checkpoints as series of a chart: one line a type of weights, one point a step. Pure.
import type { SuiteAlert, SuiteOfRun } from '../../../../core/api/suites.ts';
import { type MeasureKind, measureInfo } from '../../../../core/lib/suites/measures.ts';
import type { ChartMark } from '../../../charts/chart-marks.ts';
import type { ChartSeries } from '../../../charts/chart-series.ts';
import { formatFixed, formatInteger, formatShare } from '../../../ui/format.ts';

type Points = SuiteOfRun['points'];

/** Empty where no checkpoint has this measure. */
export function seriesOf(points: Points, kind: MeasureKind): readonly ChartSeries[] {
  const types = [...new Set(points.map(({ type }) => type))];
  return types.flatMap((type, color) => {
    const own = points
      .filter((point) => point.type === type)
      .flatMap(({ step, measures }) => {
        const found = measures.find((one) => one.kind === kind);
        return found === undefined ? [] : [{ step, value: found.value }];
      })
      .sort((a, b) => a.step - b.step);
    if (own.length === 0) return [];
    const scale = measureInfo[kind].unit === 'share' ? 100 : 1;
    return [
      {
        id: `${kind} ${type ?? ''}`,
        label: type?.toLowerCase() ?? 'model',
        color,
        steps: Float64Array.from(own, ({ step }) => step),
        values: Float64Array.from(own, ({ value }) => value * scale),
        smoothed: null,
      },
    ];
  });
}

export const valueText = (kind: MeasureKind, value: number): string => {
  const { unit } = measureInfo[kind];
  if (unit === 'share') return formatShare(value);
  return unit === 'tokens' ? `${formatFixed(value, 1)} tokens` : `${formatFixed(value, 3)} bits`;
};

/** A ring for every checkpoint, and a warning where it moved more than its noise. */
export function marksOf(
  points: Points,
  alerts: readonly SuiteAlert[],
  kind: MeasureKind,
  on: { readonly model: (path: string) => void; readonly alert: (alert: SuiteAlert) => void },
): readonly ChartMark[] {
  const rings = points.flatMap(({ path, step, type, measures }): ChartMark[] => {
    const found = measures.find((one) => one.kind === kind);
    if (found === undefined) return [];
    return [
      {
        id: `point ${path}`,
        kind: 'checkpoint',
        step,
        seriesId: `${kind} ${type ?? ''}`,
        label: `Step ${formatInteger(step)}: ${valueText(kind, found.value)}`,
        detail: `${type?.toLowerCase() ?? ''} · ${found.units} ${kind === 'bitsPerByte' ? 'documents' : 'prompts'}`,
        onOpen: () => on.model(path),
      },
    ];
  });
  const warnings = alerts
    .filter((alert) => alert.kind === kind && alert.direction !== 'better')
    .map(
      (alert): ChartMark => ({
        id: `alert ${alert.path} ${kind}`,
        kind: 'finding',
        step: alert.step,
        severity: alert.direction === 'worse' ? 'warning' : 'info',
        label: `${valueText(kind, alert.before)} → ${valueText(kind, alert.after)}`,
        detail: `more than its noise of ${valueText(kind, alert.noise)}`,
        onOpen: () => on.alert(alert),
      }),
    );
  return [...rings, ...warnings];
}
