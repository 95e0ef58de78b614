// Finding the next or previous finding from a place in the text. Pure.
import type { Finding } from '../../../../core/lib/config/types.ts';

/** Identifies a finding within one check. */
export function findingKey(finding: Finding): string {
  return `${finding.code}@${finding.range.start}:${finding.range.end}`;
}

/**
 * The finding after (`direction` 1) or before (-1) `offset`, around the ends; null when there is none.
 * `currentKey` is the one last stepped to: several may start at the same place.
 */
export function stepFinding(
  findings: readonly Finding[],
  from: { readonly offset: number; readonly currentKey: string | null },
  direction: 1 | -1,
): Finding | null {
  if (findings.length === 0) return null;
  const current = findings.findIndex((finding) => findingKey(finding) === from.currentKey);
  const range = findings[current]?.range;
  // Going to a finding selects it, which leaves the cursor at its end.
  const isStillThere = range !== undefined && range.start <= from.offset && from.offset <= range.end;
  if (isStillThere) return findings[(current + direction + findings.length) % findings.length] ?? null;
  const next =
    direction === 1
      ? findings.find((finding) => finding.range.start >= from.offset)
      : findings.findLast((finding) => finding.range.start < from.offset);
  return next ?? findings.at(direction === 1 ? 0 : -1) ?? null;
}

export interface FindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly info: number;
}

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}
