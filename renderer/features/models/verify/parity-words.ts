// The words of a verdict, the same in the list, in the report and after a conversion.
import type { ParityReport } from '../../../../core/api/conversion.ts';
import type { Tone } from '../../../ui/badge.tsx';

interface VerdictWords {
  readonly tone: Tone;
  /** On a badge. */
  readonly short: string;
  readonly sentence: string;
}

export const verdictWords: Readonly<Record<ParityReport['verdict'], VerdictWords>> = {
  equal: { tone: 'good', short: 'Verified', sentence: 'The model is the same as its source' },
  lossy: {
    tone: 'warn',
    short: 'Verified, lossy',
    sentence: 'The model is its source, with the loss of its quantization',
  },
  different: { tone: 'bad', short: 'Not the same', sentence: 'The model is not the same as its source' },
};

export function nats(value: number): string {
  if (!Number.isFinite(value)) return `${value} nats`;
  return `${value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(2) : value.toFixed(4)} nats`;
}
