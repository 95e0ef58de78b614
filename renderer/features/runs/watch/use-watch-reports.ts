// What the watchdog says about each run, live: a snapshot, then changes. One stream for the whole window.
import type { Finding } from '../../../../core/api/findings.ts';
import type { WatchEvent, WatchReport } from '../../../../core/api/monitor.ts';
import { createSharedStream } from '../../../app/shared-stream.ts';

export type WatchReports = ReadonlyMap<string, WatchReport>;

const none: WatchReports = new Map();

const useSharedReports = createSharedStream<WatchEvent, WatchReports>({
  open: (client, signal) => client.monitor.watch(undefined, { signal }),
  initial: none,
  apply: applied,
  // Reports come when something was found or said, which is seldom.
  isUrgent: () => true,
});

export function useWatchReports(): WatchReports {
  return useSharedReports().value;
}

function applied(known: WatchReports, event: WatchEvent): WatchReports {
  if (event.kind === 'snapshot') return new Map(event.reports.map((report) => [report.id, report]));
  return new Map(known).set(event.report.id, event.report);
}

/** Those a person has still to look at, newest first. */
export function openFindings(report: WatchReport | undefined): readonly Finding[] {
  if (report === undefined) return [];
  return report.findings
    .filter(({ acknowledgedMs, kind }) => acknowledgedMs === null && !report.muted.includes(kind))
    .toReversed();
}
