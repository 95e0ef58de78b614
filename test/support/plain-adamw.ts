// AdamW in plain loops, with decoupled weight decay on weights only (biases are not decayed), as the Hugging Face Trainer does it.
import { parametersOf } from './plain-gradient.ts';
import { type Head, zeroHead } from '../../core/lib/jql/head.ts';

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

export interface AdamWState {
  readonly first: Head;
  readonly second: Head;
  /** Steps taken so far; bias correction depends on it. */
  readonly steps: number;
}

export function newAdamW(head: Head): AdamWState {
  return { first: zeroHead(head.inputs, head.hidden), second: zeroHead(head.inputs, head.hidden), steps: 0 };
}

/**
 * One step in place on `head` and on the moments; returns the state to pass to the next step.
 * theta -= rate * (m' / (sqrt(v') + 1e-8) + decay * theta), m' and v' bias-corrected.
 */
export function adamWStep(
  head: Head,
  gradient: Head,
  state: AdamWState,
  options: { readonly learningRate: number; readonly weightDecay: number },
): AdamWState {
  const steps = state.steps + 1;
  const firstCorrection = 1 - FIRST_DECAY ** steps;
  const secondCorrection = 1 - SECOND_DECAY ** steps;
  const [gradients, firsts, seconds] = [gradient, state.first, state.second].map(parametersOf);
  for (const [part, theta] of parametersOf(head).entries()) {
    const decay = part % 2 === 0 ? options.learningRate * options.weightDecay : 0;
    const g = gradients?.[part] ?? theta;
    const m = firsts?.[part] ?? theta;
    const v = seconds?.[part] ?? theta;
    for (let index = 0; index < theta.length; index += 1) {
      const slope = g[index] as number;
      const first = FIRST_DECAY * (m[index] as number) + (1 - FIRST_DECAY) * slope;
      const second = SECOND_DECAY * (v[index] as number) + (1 - SECOND_DECAY) * slope * slope;
      m[index] = first;
      v[index] = second;
      const update = first / firstCorrection / (Math.sqrt(second / secondCorrection) + EPSILON);
      const value = theta[index] as number;
      theta[index] = value - decay * value - options.learningRate * update;
    }
  }
  return { ...state, steps };
}
