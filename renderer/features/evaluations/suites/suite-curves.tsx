// Curves of a suite over the steps of one run: its loss, below it the share that passes and the other measures, on one axis.
import { useCallback, useMemo } from 'react';
import { runId } from '../../../../core/api/launches.ts';
import type { SuiteAlert, SuiteOfRun, SuiteTable } from '../../../../core/api/suites.ts';
import { type MeasureKind, measureKinds, NOISE_ERRORS } from '../../../../core/lib/suites/measures.ts';
import { navigate } from '../../../app/route.ts';
import { LineChart } from '../../../charts/line-chart.tsx';
import { createZoomGroup } from '../../../charts/zoom-group.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Select } from '../../../ui/select.tsx';
import { AlertList, alertHref } from './alert-list.tsx';
import { MeasureCharts } from './measure-charts.tsx';
import { moveInSuite, type SuitePlace, suiteHref } from './place.ts';
import styles from './suite-curves.module.css';
import { useLoss } from './use-loss.ts';

const others: readonly MeasureKind[] = measureKinds.filter((kind) => kind !== 'score');
const plainAxes = { logarithmicX: false, logarithmicY: false } as const;

export interface SuiteCurvesProps {
  readonly name: string;
  readonly table: SuiteTable;
  readonly place: SuitePlace;
}

export function SuiteCurves({ name, table, place }: SuiteCurvesProps) {
  const runs = useMemo(() => [...new Set(table.models.flatMap((model) => model.run?.id ?? []))], [table]);
  const run = runs.find((id) => id === place.run) ?? runs[0];
  if (run === undefined) {
    return (
      <EmptyState title="No checkpoints among the models">
        <p>
          These models are no steps of a run in this workspace, so there is no axis to draw them on. Run the
          suite with the checkpoints of a run to see its curve under the loss.
        </p>
      </EmptyState>
    );
  }
  return (
    <div className={styles['view']}>
      {runs.length > 1 ? (
        <div className={styles['tools']}>
          <Select
            label="Run"
            isLabelHidden
            choices={runs.map((id) => ({ id, label: id }))}
            value={run}
            onChange={(id) => moveInSuite(name, { run: id })}
          />
        </div>
      ) : null}
      <RunCurves key={run} name={name} table={table} run={run} />
    </div>
  );
}

function RunCurves({
  name,
  table,
  run,
}: {
  readonly name: string;
  readonly table: SuiteTable;
  readonly run: string;
}) {
  const parsed = runId.safeParse(run);
  const loss = useLoss(parsed.success ? parsed.data : null);
  const zoom = useMemo(() => createZoomGroup(), []);
  const points = useMemo(() => pointsOf(table, run), [table, run]);
  const alerts = useMemo(
    () => table.alerts.filter(({ path }) => points.some((point) => point.path === path)),
    [table, points],
  );
  const extent = useMemo(() => {
    const steps = [
      ...points.map(({ step }) => step),
      ...(loss ? [loss.column.steps[0] ?? 0, loss.column.steps.at(-1) ?? 0] : []),
    ];
    return { min: Math.min(...steps), max: Math.max(...steps) };
  }, [points, loss]);
  const onModel = useCallback(
    (model: string) => navigate(suiteHref(name, { cell: { prompt: firstFailing(table, model), model } })),
    [name, table],
  );
  const onAlert = useCallback((alert: SuiteAlert) => navigate(alertHref(name, alert)), [name]);
  const axes = useMemo(() => ({ ...plainAxes, xExtent: extent }), [extent]);
  const series = useMemo(
    () =>
      loss === null
        ? []
        : [
            {
              id: 'loss',
              label: run,
              color: 7,
              steps: loss.column.steps,
              values: loss.column.values,
              smoothed: null,
            },
          ],
    [loss, run],
  );
  const shared = { points, alerts, syncKey: `suite ${name}`, extent, zoom, onModel, onAlert };
  return (
    <>
      {loss === null ? null : (
        <LineChart
          title={loss.tag}
          series={series}
          version={loss.column.steps.length}
          axes={axes}
          syncKey={`suite ${name}`}
          zoom={zoom}
          height={170}
        />
      )}
      <MeasureCharts {...shared} kinds={['score']} heightPx={150} />
      <section className={styles['section']}>
        <h3>What moved from one checkpoint to the next</h3>
        <p className={styles['rule']}>
          {`Counted when the mean difference over the prompts both answered is beyond ${NOISE_ERRORS} of its standard errors: of a hundred changes by chance about one is.`}
        </p>
        <AlertList name={name} alerts={alerts} />
      </section>
      <div className={styles['strip']}>
        <MeasureCharts {...shared} kinds={others} heightPx={110} />
      </div>
    </>
  );
}

export function pointsOf({ models }: Pick<SuiteTable, 'models'>, run: string): SuiteOfRun['points'] {
  return models.flatMap(({ path, type, measures, run: own }) =>
    own?.id === run ? [{ path, type, measures, step: own.step }] : [],
  );
}

function firstFailing({ models, prompts }: SuiteTable, path: string): string {
  const marks = models.find((model) => model.path === path)?.marks ?? [];
  const row = marks.findIndex((mark) => mark.includes('f'));
  return prompts[Math.max(0, row)]?.id ?? '';
}
