// Contract of the monitor: derived numbers of a run, and what the watchdog found.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { finding, findingKind, stopRule, thresholdChange, thresholds } from './findings.ts';
import { procedure } from './procedure.ts';
import { runFacts, runNumbers } from './run-facts.ts';
import { runId } from './runs.ts';

/** What the watchdog says about one run. */
export const watchReport = z.object({
  id: runId,
  /** Oldest first; those of muted kinds are among them. */
  findings: z.array(finding),
  /** Kinds that raise no alarm for this run. */
  muted: z.array(findingKind),
  /** What this run has of its own; the workspace's where it has none. */
  thresholds: thresholdChange,
  stopRule: stopRule.nullable(),
  /** What the rule did: when, and for which finding. */
  stopped: z.object({ atMs: z.number(), finding: z.string() }).nullable(),
});
export type WatchReport = z.infer<typeof watchReport>;

export const watchEvent = z.discriminatedUnion('kind', [
  /** Runs about which nothing was said are left out. */
  z.object({ kind: z.literal('snapshot'), reports: z.array(watchReport) }),
  z.object({ kind: z.literal('changed'), report: watchReport }),
]);
export type WatchEvent = z.infer<typeof watchEvent>;

const ofRun = z.object({ id: runId });

export const monitorContract = {
  /** The constants of a run: the window turns its columns into numbers with them. */
  facts: procedure.input(ofRun).output(runFacts),
  numbers: procedure.input(ofRun).output(runNumbers),
  /** Bytes of text a token stands for, as a person knows it; null forgets it. */
  setBytesPerToken: procedure
    .input(ofRun.extend({ value: z.number().min(0.1).max(100).nullable() }))
    .output(runFacts),
  watch: procedure.output(eventIterator(watchEvent)),
  report: procedure.input(ofRun).output(watchReport),
  acknowledge: procedure
    .input(ofRun.extend({ finding: z.string(), isAcknowledged: z.boolean().default(true) }))
    .output(watchReport),
  mute: procedure.input(ofRun.extend({ kind: findingKind, isMuted: z.boolean() })).output(watchReport),
  /** Null for the workspace's own value. */
  setThresholds: procedure.input(ofRun.extend({ thresholds: thresholdChange })).output(watchReport),
  setStopRule: procedure.input(ofRun.extend({ rule: stopRule.nullable() })).output(watchReport),
  workspaceThresholds: procedure.output(thresholds),
  setWorkspaceThresholds: procedure.input(thresholdChange).output(thresholds),
};
