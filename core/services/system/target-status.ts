// What the status bar says of a target. Times go out as times: only the window knows how old they are.
import type { TargetStatus } from '../../api/system.ts';
import type { Target } from '../../api/targets.ts';
import { assertNever } from '../../lib/assert-never.ts';

export function targetStatusOf({ name, kind, connection }: Target, nextCheckMs: number | null): TargetStatus {
  const base = {
    name,
    kind,
    connected: false,
    isConnecting: false,
    sinceMs: null,
    retryMs: null,
    nextCheckMs,
    needsPerson: false,
  };
  switch (connection.kind) {
    case 'connected':
      return { ...base, connected: true, detail: 'connected', sinceMs: connection.sinceMs };
    case 'connecting':
      return {
        ...base,
        detail: 'connecting',
        isConnecting: true,
        sinceMs: connection.sinceMs,
        nextCheckMs: null,
      };
    case 'lost':
      return {
        ...base,
        detail: connection.message,
        sinceMs: connection.sinceMs,
        retryMs: connection.retryAtMs,
        nextCheckMs: null,
      };
    case 'disconnected':
      return {
        ...base,
        detail: connection.message ?? 'not connected',
        sinceMs: connection.untilMs,
        nextCheckMs: null,
        needsPerson: connection.needsPerson,
      };
    default:
      return assertNever(connection);
  }
}
