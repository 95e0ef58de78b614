// Learning rates against those that transformers and Nanotron's formula gave (test/fixtures/schedules/make.py).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { completeSchedule } from '../../../../../core/lib/config/derived/learning-rate.ts';
import { expectedRate, rateDeviation } from '../../../../../core/lib/derived/expected-rate.ts';
import { isKnownSchedule } from '../../../../../core/lib/derived/hugging-face-schedule.ts';

const points = z.array(z.tuple([z.number(), z.number()]));
const fixture = z
  .object({
    huggingFace: z.array(
      z.object({
        name: z.string(),
        warmupSteps: z.number(),
        trainSteps: z.number(),
        peak: z.number(),
        options: z.record(z.string(), z.union([z.number(), z.string()])),
        points,
      }),
    ),
    nanotron: z.array(
      z.object({
        peak: z.number(),
        warmupSteps: z.number(),
        warmupStyle: z.enum(['linear', 'constant']),
        decayStyle: z.enum(['linear', 'cosine', '1-sqrt']),
        decayStart: z.number().nullable(),
        decaySteps: z.number().nullable(),
        minimum: z.number(),
        trainSteps: z.number(),
        points,
      }),
    ),
  })
  .parse(
    JSON.parse(readFileSync(join(import.meta.dirname, '../../../../fixtures/schedules/rates.json'), 'utf8')),
  );

test.each(
  fixture.huggingFace.map((entry) => [`${entry.name} ${JSON.stringify(entry.options)}`, entry] as const),
)('%s is that of transformers', (_, { name, warmupSteps, trainSteps, peak, options, points: expected }) => {
  const schedule = { kind: 'hugging-face', name, peak, warmup: warmupSteps, trainSteps, options } as const;
  for (const [step, rate] of expected) {
    const found = expectedRate(schedule, step);
    expect(Math.abs((found ?? Number.NaN) - rate), `step ${step}: ${found} for ${rate}`).toBeLessThanOrEqual(
      1e-12 * peak,
    );
  }
});

test.each(fixture.nanotron.map((entry) => [`${entry.decayStyle} from ${entry.decayStart}`, entry] as const))(
  'Nanotron, %s',
  (_, { points: expected, ...input }) => {
    const schedule = { kind: 'nanotron', ...completeSchedule(input) } as const;
    for (const [step, rate] of expected) expect(expectedRate(schedule, step)).toBeCloseTo(rate, 15);
  },
);

describe('what is not known', () => {
  const cosine = {
    kind: 'hugging-face',
    name: 'cosine',
    peak: 1,
    warmup: 0.1,
    trainSteps: null,
    options: {},
  } as const;

  it('waits for the number of steps, and rounds a share of it up', () => {
    expect(expectedRate(cosine, 5)).toBeNull();
    expect(expectedRate(cosine, 5, 95)).toBe(0.5);
  });

  it('says nothing about schedules that look at the loss, nor about names from elsewhere', () => {
    expect(isKnownSchedule('reduce_lr_on_plateau')).toBe(false);
    expect(isKnownSchedule('constructor')).toBe(false);
    expect(expectedRate({ ...cosine, name: 'toString' }, 5, 95)).toBeNull();
  });
});

describe('how far a logged rate is away', () => {
  const schedule = {
    kind: 'hugging-face',
    name: 'linear',
    peak: 1e-3,
    warmup: 10,
    trainSteps: 100,
    options: {},
  } as const;

  it('takes the rate of the step or the one before it', () => {
    expect(rateDeviation(schedule, { step: 5, rate: 5e-4 })?.share).toBeLessThan(1e-12);
    expect(rateDeviation(schedule, { step: 5, rate: 4e-4 })?.share).toBeLessThan(1e-12);
    expect(rateDeviation(schedule, { step: 5, rate: 3e-4 })?.share).toBeCloseTo(0.25, 9);
  });

  it('is a share of the larger one, so that 0 against something is all of it', () => {
    expect(rateDeviation(schedule, { step: 50, rate: 0 })?.share).toBe(1);
    expect(rateDeviation(schedule, { step: 100, rate: 0 })?.share).toBe(0);
  });
});
