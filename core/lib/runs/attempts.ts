// attempts.jsonl of a run on a cluster, which its batch script writes: one line when an attempt starts, is warned, or ends.
import { type AttemptLine, attemptLine } from './run-files.ts';

/** Lines that are torn or somebody else's are left out. */
export function attemptsOf(text: string): readonly AttemptLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      const parsed = attemptLine.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}
