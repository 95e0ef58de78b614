// Which of the troubles of several logs came first: where one looks when many ranks end together. Knows no window.
import type { LogTrouble } from '../../../../core/api/logs.ts';

export interface CauseOf {
  /** Name of the log. */
  readonly name: string;
  readonly trouble: LogTrouble;
}

/**
 * The one that is no consequence of another comes before those that are, then the earliest by its time; without times the order of
 * the logs decides, in which the run's own comes first. Null where nothing went wrong.
 */
export function firstCause(causes: readonly CauseOf[]): CauseOf | null {
  const rank = ({ trouble: { isConsequence, kind } }: CauseOf): number =>
    // A launcher only tells that a rank ended, NCCL mostly that another one did not answer.
    isConsequence || kind === 'launcher' ? 2 : kind === 'nccl' || kind === 'nccl-timeout' ? 1 : 0;
  const time = ({ trouble }: CauseOf): number => trouble.timeMs ?? Number.POSITIVE_INFINITY;
  let first: CauseOf | null = null;
  for (const cause of causes) {
    if (first === null || rank(cause) < rank(first)) first = cause;
    else if (rank(cause) === rank(first) && time(cause) < time(first)) first = cause;
  }
  return first;
}
