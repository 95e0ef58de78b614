// The logged learning rate against the schedule of the config: what goes wrong after a resume.
import { rateDeviation } from '../derived/expected-rate.ts';
import type { Detector, WatchContext } from './detector.ts';
import { percent, short } from './detector.ts';
import { formatInteger } from '../format/numbers.ts';

/** The first rows after a resume may still be of the optimizer that was loaded. */
const POINTS_IN_A_ROW = 3;

export function createRateDetector({ facts, thresholds, trainSteps }: WatchContext): Detector {
  let off = 0;
  let firstStep = 0;
  return {
    push({ step, values }, report) {
      const rate = values.get('rate');
      const { schedule } = facts;
      if (rate === undefined || schedule === null || !Number.isFinite(rate)) return;
      const deviation = rateDeviation(schedule, { step, rate }, trainSteps());
      if (deviation === null) return;
      if (deviation.share <= thresholds.rateDeviation) {
        if (off >= POINTS_IN_A_ROW) report.settle('rate-off-schedule');
        off = 0;
        return;
      }
      off += 1;
      if (off === 1) firstStep = step;
      if (off < POINTS_IN_A_ROW) return;
      const { expected } = deviation;
      const isFirst = off === POINTS_IN_A_ROW;
      report.raise(
        {
          kind: 'rate-off-schedule',
          severity: 'warning',
          step: isFirst ? firstStep : step,
          title: `Learning rate off its schedule since step ${formatInteger(firstStep)}`,
          explanation: `At step ${formatInteger(step)} the log has ${short(rate)}; the schedule of the config gives ${short(expected)} (${percent(deviation.share)} apart).`,
          advice:
            'After a resume, look at load_lr_scheduler and whether the optimizer’s rate was taken over; some versions start again at 0 or at another peak. Go on from the checkpoint with the schedule set right.',
        },
        isFirst,
      );
    },
  };
}
