// How findings are made and ordered. Knows no subject.
import type { PreflightFinding } from '../../api/launches.ts';

type Source = PreflightFinding['source'];
export type Say = (
  severity: PreflightFinding['severity'],
  message: string,
  reason: string,
) => PreflightFinding;

export function findingsOf(source: Source): Say {
  return (severity, message, reason) => ({ source, severity, message, reason });
}

const order = { error: 0, warning: 1, info: 2 } as const;

/** Errors first; within a severity as they were found. */
export function bySeverity(findings: readonly PreflightFinding[]): PreflightFinding[] {
  return findings.toSorted((left, right) => order[left.severity] - order[right.severity]);
}
