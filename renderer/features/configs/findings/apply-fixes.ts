// Applies quick fixes to a buffer, one or all of them, each as one undoable step.
// Knows findings as data; what a fix does to the text is decided in core/lib/config.
import { applyEdits } from '../../../../core/lib/config/edit.ts';
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { Finding, TextEdit } from '../../../../core/lib/config/types.ts';
import { runCheck } from '../check/check-runner.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';

/** One fix may reveal the next (a line that parses at last); more rounds than this is a fix that undoes another. */
const MAX_ROUNDS = 12;

/** Applies the fix of a finding of the buffer's newest check; false when the text has moved on since. */
export function applyFix(buffer: ConfigBuffer, finding: Finding): boolean {
  const { checked, readOnly } = buffer.state.getState();
  if (finding.fix === undefined || readOnly || checked?.modelVersion !== buffer.model.getVersionId()) return false;
  buffer.apply(finding.fix.edits);
  return true;
}

/** Applies every fix, checking again after each round, and changes the buffer once. Returns how many fixes were made. */
export async function applyAllFixes(buffer: ConfigBuffer, options: DeriveOptions): Promise<number> {
  const owner = {};
  let text = buffer.text();
  const versionBefore = buffer.model.getVersionId();
  let fixes = 0;
  const seen = new Set([text]);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const checked = await runCheck(owner, text, options);
    const chosen = apartFixes(checked?.result.findings ?? []);
    if (chosen.length === 0) break;
    const next = applyEdits(text, chosen.flat());
    if (seen.has(next)) break;
    seen.add(next);
    text = next;
    fixes += chosen.length;
  }
  if (buffer.model.getVersionId() !== versionBefore || buffer.state.getState().readOnly) return 0;
  buffer.become(text);
  return fixes;
}

/** The fixes that can be applied together: those whose edits do not touch an earlier one's. */
export function apartFixes(findings: readonly Finding[]): readonly (readonly TextEdit[])[] {
  const chosen: (readonly TextEdit[])[] = [];
  for (const { fix } of findings) {
    if (fix === undefined || fix.edits.length === 0) continue;
    const taken = chosen.flat();
    const apart = fix.edits.every((edit) =>
      taken.every((other) => edit.end < other.start || other.end < edit.start),
    );
    if (apart) chosen.push(fix.edits);
  }
  return chosen;
}
