// Forward, loss, gradients and AdamW against NumPy (test/fixtures/head), and gradients against finite differences.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cosineLearningRate } from '../../../../../core/lib/jql/cosine-schedule.ts';
import { forward, type Head, randomHead, scoreDocuments } from '../../../../../core/lib/jql/head.ts';
import { seededRandom } from '../../../../../core/lib/jql/random.ts';
import { adamWStep, newAdamW } from '../../../../support/plain-adamw.ts';
import {
  gradientBuffers,
  gradientNorm,
  lossAndGradient,
  parametersOf,
} from '../../../../support/plain-gradient.ts';

const numbers = z.array(z.number());
const parameters = z.object({
  layer1Weight: numbers,
  layer1Bias: numbers,
  layer2Weight: numbers,
  layer2Bias: numbers,
});
const fixture = z
  .object({
    inputs: z.number(),
    hidden: z.number(),
    learningRate: z.number(),
    weightDecay: z.number(),
    features: numbers,
    labels: numbers,
    head: parameters,
    steps: z.array(
      z.object({
        scores: numbers,
        loss: z.number(),
        gradientNorm: z.number(),
        gradient: parameters,
        headAfter: parameters,
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(new URL('../../../../fixtures/head/head-fixture.json', import.meta.url), 'utf8')),
  );

function headFrom(values: z.infer<typeof parameters>): Head {
  return {
    inputs: fixture.inputs,
    hidden: fixture.hidden,
    layer1Weight: Float32Array.from(values.layer1Weight),
    layer1Bias: Float32Array.from(values.layer1Bias),
    layer2Weight: Float32Array.from(values.layer2Weight),
    layer2Bias: Float32Array.from(values.layer2Bias),
  };
}

function expectClose(actual: Head, expected: z.infer<typeof parameters>, digits: number): void {
  for (const [part, values] of parametersOf(actual).entries()) {
    const wanted = parametersOf(headFrom(expected))[part] ?? new Float32Array();
    expect(values.length).toBe(wanted.length);
    for (const [index, value] of values.entries())
      expect(value).toBeCloseTo(wanted[index] ?? Number.NaN, digits);
  }
}

describe('head arithmetic', () => {
  const features = Float32Array.from(fixture.features);
  const labels = Float32Array.from(fixture.labels);

  it('matches NumPy over three optimiser steps', () => {
    const head = headFrom(fixture.head);
    const buffers = gradientBuffers(fixture.inputs, fixture.hidden, 8);
    let optimiser = newAdamW(head);
    for (const step of fixture.steps) {
      for (const [row, score] of scoreDocuments(head, features).entries()) {
        expect(score).toBeCloseTo(step.scores[row] ?? Number.NaN, 5);
      }
      expect(lossAndGradient(head, features, labels, buffers)).toBeCloseTo(step.loss, 4);
      expect(gradientNorm(buffers.gradient)).toBeCloseTo(step.gradientNorm, 4);
      expectClose(buffers.gradient, step.gradient, 4);
      optimiser = adamWStep(head, buffers.gradient, optimiser, fixture);
      expectClose(head, step.headAfter, 5);
    }
    expect(optimiser.steps).toBe(fixture.steps.length);
  });

  it('has gradients that agree with finite differences', () => {
    const random = seededRandom(3);
    const head = randomHead(9, 5, random);
    const batch = Float32Array.from({ length: 36 }, () => random() - 0.5);
    const truth = Float32Array.from({ length: 4 }, () => random() * 5);
    const buffers = gradientBuffers(9, 5, 4);
    lossAndGradient(head, batch, truth, buffers);
    const analytic = parametersOf(buffers.gradient).map((part) => part.slice());
    const lossAt = (): number => {
      const scores = new Float32Array(4);
      forward(head, batch, new Float32Array(20), scores);
      return scores.reduce((sum, score, row) => sum + (score - (truth[row] ?? 0)) ** 2 / 4, 0);
    };
    for (const [part, values] of parametersOf(head).entries()) {
      for (const [index, value] of values.entries()) {
        values[index] = value + 1e-3;
        const above = lossAt();
        values[index] = value - 1e-3;
        const below = lossAt();
        values[index] = value;
        expect(analytic[part]?.[index]).toBeCloseTo((above - below) / 2e-3, 2);
      }
    }
  });

  it('follows half a cosine', () => {
    expect(cosineLearningRate(0, 100, 5e-4)).toBe(5e-4);
    expect(cosineLearningRate(50, 100, 5e-4)).toBeCloseTo(2.5e-4, 12);
    expect(cosineLearningRate(100, 100, 5e-4)).toBeCloseTo(0, 12);
  });
});
