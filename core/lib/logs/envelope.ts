// What surrounds a Nanotron message: ANSI colours, launcher prefixes, date, level, rank tags, node.
// Forms of main since 2025-03 (`12/21 01:39:51 [INFO|DP=0|TP=0|node]: …`) and of v0.5 (with the year).

export type LogLevel = 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR' | 'CRITICAL';

export interface LogEnvelope {
  /** As written: `MM/DD HH:MM:SS` or `MM/DD/YYYY HH:MM:SS`, in the node's own time zone. */
  readonly stamp: string;
  readonly level: LogLevel;
  /** Rank tags by dimension, only those the line has: `{ DP: 0, TP: 1 }`. */
  readonly ranks: Readonly<Record<string, number>>;
  readonly category: string | null;
  readonly node: string | null;
  readonly message: string;
}

// oxlint-disable-next-line no-control-regex
const ansi = /\u001b\[[0-9;]*[A-Za-z]/g;
const envelope =
  /^(?:\d+: ?)?(?:\[[^\]\s]+\]:\s?)?(\d\d\/\d\d(?:\/\d{4})? \d\d:\d\d:\d\d) \[(INFO|WARNING|ERROR|DEBUG|CRITICAL)((?:\|[^\]|]+)*)\]: (.*)$/;
const rankTag = /^(EP|CP|DP|PP|TP)=(\d+)$/;

/** The line without colour codes. */
export function stripAnsi(line: string): string {
  return line.includes('\u001b') ? line.replace(ansi, '') : line;
}

/** The line without what `srun -l` (`0: `) and torchrun's tee (`[default0]:`) put before it. Colours gone already. */
export function stripLauncherPrefix(line: string): string {
  return line.replace(/^(?:\d+: ?)?(?:\[[A-Za-z_][^\]\s]*\d\]:\s?)?/, '');
}

/** The parts of a Nanotron line, or null when it has no such envelope. */
export function parseEnvelope(line: string): LogEnvelope | null {
  const match = envelope.exec(stripAnsi(line));
  if (!match) return null;
  const [, stamp = '', level = 'INFO', tags = '', message = ''] = match;
  const ranks: Record<string, number> = {};
  const before: string[] = [];
  const after: string[] = [];
  for (const tag of tags.split('|').slice(1)) {
    const rank = rankTag.exec(tag);
    if (rank?.[1] !== undefined) ranks[rank[1]] = Number(rank[2]);
    else (Object.keys(ranks).length === 0 ? before : after).push(tag);
  }
  // Without rank tags one word is the node; a category stands before it.
  if (Object.keys(ranks).length === 0) after.push(...before.splice(-1));
  return {
    stamp,
    level: level as LogLevel,
    ranks,
    category: before[0] ?? null,
    node: after.at(-1) ?? null,
    message,
  };
}

/**
 * Unix ms of a stamp, read as UTC. Stamps of newer versions have no year: the latest year is taken for which the
 * line is at most a day after `referenceMs` (the job's end, or now), so a log over New Year stays in order.
 */
export function stampMs(stamp: string, referenceMs: number): number {
  const match = /^(\d\d)\/(\d\d)(?:\/(\d{4}))? (\d\d):(\d\d):(\d\d)$/.exec(stamp);
  if (!match) return Number.NaN;
  const [, month, day, year, hours, minutes, seconds] = match;
  const at = (fullYear: number) =>
    Date.UTC(fullYear, Number(month) - 1, Number(day), Number(hours), Number(minutes), Number(seconds));
  if (year !== undefined) return at(Number(year));
  const thisYear = at(new Date(referenceMs).getUTCFullYear());
  return thisYear > referenceMs + 86_400_000 ? at(new Date(referenceMs).getUTCFullYear() - 1) : thisYear;
}
