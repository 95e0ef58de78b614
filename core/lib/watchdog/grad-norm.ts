// A gradient norm far beyond what this run has shown, which often comes before the loss breaks.
import type { Detector, WatchContext } from './detector.ts';
import { short } from './detector.ts';
import { createRollingWindow } from './rolling-window.ts';
import { formatInteger } from '../format/numbers.ts';

const WINDOW = 128;
const LEAST = 48;
const CALM_POINTS = 8;
/** Longer is another level. */
const LONGEST = 64;
/** Some runs have heavy tails: the largest of the window has to be passed too, by this. */
const BEYOND_LARGEST = 2;

export function createGradNormDetector({ thresholds }: WatchContext): Detector {
  const usual = createRollingWindow(WINDOW);
  let held = 0;
  let calm = 0;
  let peak = 0;
  return {
    push({ step, values }, report) {
      const norm = values.get('gradNorm');
      if (norm === undefined || !Number.isFinite(norm) || norm < 0) return;
      const median = usual.median();
      const isHigh =
        usual.length >= LEAST &&
        norm > thresholds.gradNormFactor * median &&
        norm > BEYOND_LARGEST * usual.max() &&
        held < LONGEST;
      if (!isHigh) {
        usual.push(norm);
        calm += 1;
        if (held > 0 && (calm >= CALM_POINTS || held >= LONGEST)) {
          held = 0;
          report.settle('grad-norm');
        }
        return;
      }
      calm = 0;
      held += 1;
      const isWorse = held === 1 || norm > peak;
      peak = held === 1 ? norm : Math.max(peak, norm);
      report.raise(
        {
          kind: 'grad-norm',
          severity: 'warning',
          step,
          title: `Gradient norm explodes at step ${formatInteger(step)}`,
          explanation: `The gradient norm is ${short(peak)}, ${short(peak / median)} times the median of the ${usual.length} points before (${short(median)}); the largest of them was ${short(usual.max())}.`,
          advice:
            'With clipping the step is scaled down, and one such step does little. If they become frequent, lower the learning rate or look at the data of these steps.',
        },
        isWorse,
      );
    },
  };
}
