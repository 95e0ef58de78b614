// watch.json of a run's folder: what the watchdog found and what a person said about it. One writer at a time, replaced as a whole.
import { z } from 'zod';
import { finding, findingKind, stopRule, thresholdChange } from '../../api/findings.ts';

export const watchFile = z.object({
  format: z.literal(1),
  findings: z.array(finding).default([]),
  muted: z.array(findingKind).default([]),
  thresholds: thresholdChange.default({}),
  stopRule: stopRule.nullable().default(null),
  stopped: z.object({ atMs: z.number(), finding: z.string() }).nullable().default(null),
  /** As a person gave it. */
  bytesPerToken: z.number().positive().nullable().default(null),
  /** The run was over and everything it wrote was looked at. */
  isComplete: z.boolean().default(false),
});
export type WatchFile = z.infer<typeof watchFile>;

export const emptyWatchFile: WatchFile = {
  format: 1,
  findings: [],
  muted: [],
  thresholds: {},
  stopRule: null,
  stopped: null,
  bytesPerToken: null,
  isComplete: false,
};
