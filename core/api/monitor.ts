// Contract of the monitor: derived numbers of a run, and what the watchdog found.
import { z } from 'zod';
import { procedure } from './procedure.ts';
import { runFacts, runNumbers } from './run-facts.ts';
import { runId } from './runs.ts';

const ofRun = z.object({ id: runId });

export const monitorContract = {
  /** The constants of a run: the window turns its columns into numbers with them. */
  facts: procedure.input(ofRun).output(runFacts),
  numbers: procedure.input(ofRun).output(runNumbers),
  /** Bytes of text a token stands for, as a person knows it; null forgets it. */
  setBytesPerToken: procedure
    .input(ofRun.extend({ value: z.number().min(0.1).max(100).nullable() }))
    .output(runFacts),
};
