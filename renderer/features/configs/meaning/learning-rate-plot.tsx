// The learning rate over the whole run as a small drawing: stages marked, the flat end shaded, exact values on hover.
// Knows a schedule; where it comes from is not its business.
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useState } from 'react';
import {
  learningRateAt,
  sampleSchedule,
  type ScheduleStage,
} from '../../../../core/lib/config/derived/learning-rate.ts';
import type { LearningRateFigures } from '../../../../core/lib/config/derived/derived-types.ts';
import { formatCount, formatInteger, formatRate, formatShare } from '../../../ui/format.ts';
import styles from './meaning.module.css';
import { ScheduleTable, STAGE_WORDS } from './schedule-table.tsx';

const WIDTH = 280;
const HEIGHT = 96;
const POINTS = 160;

export function LearningRatePlot({
  figures,
  tokensPerStep,
}: {
  readonly figures: LearningRateFigures;
  readonly tokensPerStep: number | null;
}) {
  const { schedule, stages, floor } = figures;
  const [hovered, setHovered] = useState<number | null>(null);
  const [asTable, setAsTable] = useState(false);
  const summaryId = useId();
  const highest = Math.max(schedule.peak, schedule.minimum, Number.MIN_VALUE);
  const toX = (step: number): number => (step / Math.max(1, schedule.trainSteps)) * WIDTH;
  const toY = (rate: number): number => HEIGHT - (rate / highest) * (HEIGHT - 6);
  const line = useMemo(
    () =>
      sampleSchedule(schedule, POINTS)
        .map(({ step, rate }) => `${toX(step).toFixed(2)},${toY(rate).toFixed(2)}`)
        .join(' '),
    // oxlint-disable-next-line react/exhaustive-deps -- toX and toY follow from the schedule
    [schedule],
  );
  const hover = (event: PointerEvent<SVGSVGElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    setHovered(Math.round(share * schedule.trainSteps));
  };
  const step = (event: KeyboardEvent<SVGSVGElement>): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const stride = Math.max(1, Math.round(schedule.trainSteps / 100));
    const next = (hovered ?? 0) + by * stride;
    setHovered(Math.min(schedule.trainSteps, Math.max(0, next)));
  };
  const summary = stages
    .map(
      ({ kind, startStep, endStep }) =>
        `${STAGE_WORDS[kind]} ${formatCount(startStep)}–${formatCount(endStep)}`,
    )
    .join(', ');
  return (
    <figure className={styles['plot']} aria-describedby={summaryId}>
      <div className={styles['readout']} aria-live="polite">
        {hovered === null ? (
          <>
            peak {formatRate(schedule.peak)}, {schedule.decayStyle} decay to {formatRate(schedule.minimum)}
          </>
        ) : (
          <>
            step {formatInteger(hovered)}: <b>{formatRate(learningRateAt(schedule, hovered))}</b>
            {tokensPerStep === null ? null : ` · ${formatCount(hovered * tokensPerStep)} tokens`}
          </>
        )}
      </div>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={styles['curve']}
        onPointerMove={hover}
        onPointerLeave={() => setHovered(null)}
        onKeyDown={step}
        onBlur={() => setHovered(null)}
        tabIndex={0}
        role="slider"
        aria-valuemin={0}
        aria-valuemax={schedule.trainSteps}
        aria-valuenow={hovered ?? 0}
        aria-valuetext={`step ${formatInteger(hovered ?? 0)}: ${formatRate(learningRateAt(schedule, hovered ?? 0))}`}
        aria-label={`Learning rate over ${formatInteger(schedule.trainSteps)} steps: ${summary}`}
      >
        {floor === null ? null : (
          <rect
            className={styles['floor']}
            x={toX(floor.startStep)}
            width={toX(floor.steps)}
            y={0}
            height={HEIGHT}
          />
        )}
        {stages.slice(1).map(({ startStep }) => (
          <line
            key={startStep}
            className={styles['stage']}
            x1={toX(startStep)}
            x2={toX(startStep)}
            y1={0}
            y2={HEIGHT}
          />
        ))}
        <polyline className={styles['rate']} points={line} />
        {hovered === null ? null : (
          <line className={styles['cursor']} x1={toX(hovered)} x2={toX(hovered)} y1={0} y2={HEIGHT} />
        )}
      </svg>
      <div className={styles['axis']}>
        <span>0</span>
        {decayLabel(stages, schedule.trainSteps)}
        <span>{formatCount(schedule.trainSteps)}</span>
      </div>
      {floor === null ? null : (
        <p className={styles['warnNote']}>
          Flat at {formatRate(schedule.minimum)} for the last {formatShare(floor.steps / schedule.trainSteps)}{' '}
          of the run
          {floor.tokens === null ? '' : `: ${formatCount(floor.tokens)} tokens that teach almost nothing`}
        </p>
      )}
      <figcaption id={summaryId} className={styles['note']}>
        {summary}.{' '}
        <button type="button" className={styles['link']} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'Hide the table' : 'Show as table'}
        </button>
      </figcaption>
      {asTable ? <ScheduleTable schedule={schedule} stages={stages} /> : null}
    </figure>
  );
}

/** The step where the decay starts, under its place, unless it would stand on the ends. */
function decayLabel(stages: readonly ScheduleStage[], trainSteps: number) {
  const decay = stages.find(({ kind }) => kind === 'decay');
  if (decay === undefined) return null;
  const share = decay.startStep / Math.max(1, trainSteps);
  if (share < 0.08 || share > 0.85) return null;
  return (
    <span className={styles['tick']} style={{ left: `${share * 100}%` }}>
      {formatCount(decay.startStep)}
    </span>
  );
}
