// Questions about a log and their answers, as the contract has them.
import type { z } from 'zod';
import type { LogLocation, LogTrouble, logFolding } from '../../api/logs.ts';

export type LogFolding = z.output<typeof logFolding>;
export type LogLocated = LogLocation;

export interface LogTroubles {
  readonly troubles: LogTrouble[];
  readonly count: number;
  readonly root: LogTrouble | null;
}
