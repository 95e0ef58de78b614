// A connection's state as a tone and words.
import type { ConnectionState } from '../../../core/api/targets.ts';
import { assertNever } from '../../../core/lib/assert-never.ts';
import type { Tone } from '../../ui/badge.tsx';
import { formatDuration, formatTime } from '../../ui/format.ts';

export interface ConnectionWords {
  readonly tone: Tone;
  readonly text: string;
}

export function connectionWords(state: ConnectionState, nowMs: number): ConnectionWords {
  const ago = (ms: number) => formatDuration(Math.max(1, Math.floor((nowMs - ms) / 1000)) * 1000);
  switch (state.kind) {
    case 'connected':
      return { tone: 'good', text: `connected ${ago(state.sinceMs)}` };
    case 'connecting':
      return { tone: 'info', text: 'connecting…' };
    case 'lost':
      return {
        tone: 'warn',
        text: `link lost ${ago(state.sinceMs)} ago · ${state.retryAtMs <= nowMs ? 'trying again' : `next try in ${ago(2 * nowMs - state.retryAtMs)}`}`,
      };
    case 'disconnected':
      return state.needsPerson
        ? { tone: 'warn', text: 'needs you' }
        : {
            tone: 'neutral',
            text: `${state.message === null ? 'not connected' : 'could not connect'}${state.untilMs === null ? '' : ` · was until ${formatTime(state.untilMs)}`}`,
          };
    default:
      return assertNever(state);
  }
}
