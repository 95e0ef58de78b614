// Applies quick fixes to a buffer, one or all of them, each as one undoable step.
// Knows findings as data; what a fix does to the text is decided in core/lib/config.
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { Finding } from '../../../../core/lib/config/types.ts';
import { runFixAll } from '../check/check-runner.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';

/** Applies the fix of a finding of the buffer's newest check; false when the text has moved on since. */
export function applyFix(buffer: ConfigBuffer, finding: Finding): boolean {
  const { checked, readOnly } = buffer.state.getState();
  const isCurrent = checked?.modelVersion === buffer.model.getVersionId();
  if (finding.fix === undefined || readOnly || !isCurrent) return false;
  buffer.apply(finding.fix.edits);
  return true;
}

/** Applies every fix as one step. Returns how many; 0 when somebody typed meanwhile or the file is read-only. */
export async function applyFixes(buffer: ConfigBuffer, options: DeriveOptions): Promise<number> {
  const before = buffer.model.getVersionId();
  const { text, fixes } = await runFixAll(buffer.text(), options);
  if (buffer.model.isDisposed() || buffer.model.getVersionId() !== before) return 0;
  if (buffer.state.getState().readOnly) return 0;
  buffer.become(text);
  return fixes;
}
