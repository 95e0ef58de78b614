// What the status bar says beside the name of a target, part by part.
import type { TargetStatus } from '../../core/api/system.ts';
import { formatDuration } from '../ui/format.ts';

export function targetWords(target: TargetStatus, nowMs: number): readonly string[] {
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
  if (sinceMs !== null) return ['connecting…'];
  return [target.needsPerson ? 'needs you' : 'not connected'];
}

function wholeSeconds(durationMs: number): string {
  return formatDuration(Math.max(1, Math.floor(durationMs / 1000)) * 1000);
}
