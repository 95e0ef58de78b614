// What the watchdog says about a run, and what a person says back. A finding is an episode: it begins at a step, may go on, and is
// over when the run is as it was.
import { z } from 'zod';

export const findingKind = z.enum([
  'not-finite',
  'loss-spike',
  'loss-rise',
  'grad-norm',
  'throughput-drop',
  'low-mfu',
  'rate-off-schedule',
  'stalled',
  'checkpoint-incomplete',
  'disk-nearly-full',
  'time-limit',
]);
export type FindingKind = z.infer<typeof findingKind>;

export const finding = z.object({
  /** `<kind>@<step>`: the same episode has the same name after a restart of the studio. */
  id: z.string(),
  kind: findingKind,
  severity: z.enum(['error', 'warning']),
  title: z.string(),
  /** What was seen, with its numbers. */
  explanation: z.string(),
  /** What a person can do about it. */
  advice: z.string(),
  /** Null for what has nothing to do with a step. */
  step: z.number().nullable(),
  /** Last step it was seen at. */
  lastStep: z.number().nullable(),
  /** When it was found, Unix ms. */
  atMs: z.number(),
  isOver: z.boolean(),
  acknowledgedMs: z.number().nullable().default(null),
});
export type Finding = z.infer<typeof finding>;

const share = z.number().min(0).max(1);
const factor = z.number().min(1).max(1e6);

/** From where on something is a finding. The defaults were chosen on the recorded curves of test/fixtures/watchdog. */
export const thresholds = z.object({
  /** A point is a spike when it lies so many robust deviations above the median of the points before it … */
  spikeDeviations: z.number().min(2).max(1000).default(8),
  /** … and is so much higher than that median. */
  spikeShare: z.number().min(0).max(100).default(0.15),
  /** The loss has risen when the median of its newest 16 points lies so much above that of the 256 before. */
  riseShare: z.number().min(0).max(100).default(0.05),
  /** … and so many deviations of such a median. */
  riseDeviations: z.number().min(2).max(1000).default(6),
  /** The gradient norm explodes when it is so many times the median of the points before it. */
  gradNormFactor: factor.default(10),
  /** So much slower than the run was. */
  throughputDrop: share.default(0.2),
  /** Model FLOPs utilisation in the convention of the numbers above the charts. */
  lowMfu: share.default(0.15),
  /** Logged rate against the schedule, as a share of it. */
  rateDeviation: share.default(0.02),
  /** Nothing new for so many iterations … */
  stallIterations: factor.default(10),
  /** … and at least so many seconds. */
  stallSeconds: z.number().min(1).max(1e6).default(60),
  /** A checkpoint still not whole after so many seconds without change. */
  checkpointSeconds: z.number().min(10).max(1e6).default(900),
  /** Less than so much of the disk is free. */
  diskShare: share.default(0.03),
  /** Or so few checkpoints fit on it. */
  diskCheckpoints: z.number().min(0).max(1000).default(2),
  /** So much of the time limit is left … */
  limitSeconds: z.number().min(10).max(1e7).default(1800),
});
export type Thresholds = z.infer<typeof thresholds>;
export type ThresholdName = keyof Thresholds;

export const thresholdChange = z.object(
  Object.fromEntries(
    Object.entries(thresholds.shape).map(([name, schema]) => [name, schema.unwrap().optional()]),
  ) as { [K in ThresholdName]: z.ZodOptional<z.ZodNumber> },
);
export type ThresholdChange = z.infer<typeof thresholdChange>;

/** Stops the run by itself when a finding of these kinds begins; none by default. */
export const stopRule = z.object({
  kinds: z.array(findingKind).max(findingKind.options.length),
  /** Between the request to end and the end by force. */
  graceSeconds: z.number().int().min(0).max(3600).default(120),
});
