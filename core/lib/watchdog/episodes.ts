// Findings as episodes: one begins, goes on, and is over. Detectors open and close them; nothing here knows what they are about.
import type { Finding, FindingKind } from '../../api/findings.ts';

export type Alarm = Pick<Finding, 'kind' | 'severity' | 'title' | 'explanation' | 'advice' | 'step'>;

export interface Episodes {
  /** Begins an episode, or goes on with the one of this kind, whose words become the newer ones where `isWorse`. */
  raise(alarm: Alarm, atMs: number, isWorse?: boolean): void;
  /** Ends the episode of this kind, if there is one. */
  settle(kind: FindingKind): void;
  isOpen(kind: FindingKind): boolean;
  readonly findings: readonly Finding[];
  /** Grows with every change but that an episode goes on. */
  readonly version: number;
}

/** Found by the clock, not by points: they are not found again when the points are read again. */
const BY_THE_CLOCK: ReadonlySet<FindingKind> = new Set([
  'stalled',
  'checkpoint-incomplete',
  'disk-nearly-full',
  'time-limit',
]);

/** A run that alarms without end must not fill memory: the oldest of the ended ones go. */
const MAX_FINDINGS = 500;

/** `known` are those of an earlier look at the same run: an episode that begins within one of them is that one. */
export function createEpisodes(known: readonly Finding[] = []): Episodes {
  const findings: Finding[] = known
    .slice(-MAX_FINDINGS)
    .map((finding) => (BY_THE_CLOCK.has(finding.kind) ? finding : { ...finding, isOver: true }));
  const open = new Map<FindingKind, number>();
  let version = 0;

  for (const [index, { kind, isOver }] of findings.entries()) if (!isOver) open.set(kind, index);
  const replace = (index: number, next: Finding) => {
    const before = findings[index];
    findings[index] = next;
    // That it goes on is no news.
    if (JSON.stringify({ ...before, lastStep: 0 }) !== JSON.stringify({ ...next, lastStep: 0 })) version += 1;
  };

  return {
    findings,
    get version() {
      return version;
    },
    isOpen: (kind) => open.has(kind),
    raise(alarm, atMs, isWorse = false) {
      const { kind, step } = alarm;
      const index = open.get(kind) ?? findings.findIndex((finding) => covers(finding, alarm));
      const before = findings[index];
      if (before !== undefined) {
        open.set(kind, index);
        const words = isWorse ? { ...alarm, step: before.step } : {};
        replace(index, { ...before, ...words, lastStep: later(before.lastStep, step), isOver: false });
        return;
      }
      if (findings.length >= MAX_FINDINGS) dropOldest(findings, open);
      open.set(kind, findings.length);
      findings.push({
        ...alarm,
        id: `${kind}@${step ?? atMs}`,
        lastStep: step,
        atMs,
        isOver: false,
        acknowledgedMs: null,
      });
      version += 1;
    },
    settle(kind) {
      const index = open.get(kind);
      const before = index === undefined ? undefined : findings[index];
      open.delete(kind);
      if (index !== undefined && before !== undefined) replace(index, { ...before, isOver: true });
    },
  };
}

function covers(finding: Finding, { kind, step }: Alarm): boolean {
  if (finding.kind !== kind || step === null || finding.step === null) return false;
  return finding.step <= step && step <= (finding.lastStep ?? finding.step);
}

function later(left: number | null, right: number | null): number | null {
  return left === null || right === null ? (right ?? left) : Math.max(left, right);
}

function dropOldest(findings: Finding[], open: Map<FindingKind, number>): void {
  const index = Math.max(
    0,
    findings.findIndex(({ isOver }) => isOver),
  );
  findings.splice(index, 1);
  for (const [kind, place] of open) {
    if (place === index) open.delete(kind);
    else if (place > index) open.set(kind, place - 1);
  }
}
