// What the watchdog says about each run, live: a snapshot, then changes.
import { useState } from 'react';
import type { Finding } from '../../../core/api/findings.ts';
import type { WatchEvent, WatchReport } from '../../../core/api/monitor.ts';
import { useStream } from '../../app/use-stream.ts';

export type WatchReports = ReadonlyMap<string, WatchReport>;

const none: WatchReports = new Map();

export function useWatchReports(): WatchReports {
  const [reports, setReports] = useState(none);
  useStream<WatchEvent>({
    key: 'watch-reports',
    open: (client, signal) => client.monitor.watch(undefined, { signal }),
    onItem: (event) => setReports((known) => applied(known, event)),
  });
  return reports;
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
