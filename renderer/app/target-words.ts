// What the status bar says beside the name of a target, part by part.
import type { TargetStatus } from '../../core/api/system.ts';
import { formatDateTime, formatDuration, formatTime } from '../ui/format.ts';

/** `isAsked`: ssh waits for a person's answer. */
export function targetWords(target: TargetStatus, nowMs: number, isAsked = false): readonly string[] {
  const { sinceMs, retryMs, nextCheckMs } = target;
  const for_ = sinceMs === null ? '' : ` ${wholeSeconds(nowMs - sinceMs)}`;
  if (target.connected) {
    return [
      `connected${for_}`,
      ...(nextCheckMs === null
        ? []
        : [nextCheckMs <= nowMs ? 'asking' : `next check in ${wholeSeconds(nextCheckMs - nowMs)}`]),
    ];
  }
  if (retryMs !== null)
    return [
      `link lost${for_}`,
      retryMs <= nowMs ? 'trying again' : `next try in ${wholeSeconds(retryMs - nowMs)}`,
    ];
  if (target.isConnecting) return [isAsked ? 'waits for your answer' : 'connecting…'];
  return [
    target.needsPerson ? 'needs you' : 'not connected',
    ...(sinceMs === null ? [] : [`was until ${formatTime(sinceMs)}`]),
  ];
}

/** With the moment itself: what lasts for hours is said in hours beside it. */
export function targetTitle({ connected, sinceMs, detail }: TargetStatus): string {
  if (sinceMs === null) return detail;
  return connected ? `Connected since ${formatDateTime(sinceMs)}` : `${detail}; ${formatDateTime(sinceMs)}`;
}

function wholeSeconds(durationMs: number): string {
  return formatDuration(Math.max(1, Math.floor(durationMs / 1000)) * 1000);
}
