// Loss or gradient norm that is no number any more. One such step in mixed precision may be skipped by the trainer; a loss that
// stays so is lost.
import type { Detector } from './detector.ts';
import { formatInteger } from '../format/numbers.ts';

export function createNotFiniteDetector(): Detector {
  let count = 0;
  /** Of the first of them: what came before it is whole. */
  let firstStep = 0;
  return {
    push({ step, values }, report) {
      const loss = values.get('loss');
      const gradNorm = values.get('gradNorm');
      if (loss === undefined && gradNorm === undefined) return;
      const lossIsBad = loss !== undefined && !Number.isFinite(loss);
      const normIsBad = gradNorm !== undefined && !Number.isFinite(gradNorm);
      if (!lossIsBad && !normIsBad) {
        if (count > 0) report.settle('not-finite');
        count = 0;
        return;
      }
      if (count === 0) firstStep = step;
      count += 1;
      const what = lossIsBad ? (normIsBad ? 'loss and gradient norm' : 'loss') : 'gradient norm';
      report.raise(
        {
          kind: 'not-finite',
          severity: 'error',
          step,
          title: `The ${what} is no number ${count === 1 ? 'at' : 'since'} step ${formatInteger(firstStep)}`,
          explanation:
            count === 1
              ? `The ${what} of step ${formatInteger(step)} is ${said(lossIsBad ? loss : gradNorm)}.`
              : `The ${what} is ${said(lossIsBad ? loss : gradNorm)} for ${count} logged steps, ${formatInteger(firstStep)} to ${formatInteger(step)}.`,
          advice: lossIsBad
            ? `From there on the weights are lost: stop, and go on from the newest checkpoint before step ${formatInteger(firstStep)}, with a lower learning rate or other data. Nanotron itself goes on with ignore_sanity_checks.`
            : `A single step is often skipped by the trainer. If it goes on, stop and go on from the newest checkpoint before step ${formatInteger(firstStep)}.`,
        },
        count === 2 || count % 50 === 0,
      );
    },
  };
}

function said(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}
