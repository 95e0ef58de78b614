// Stepping through findings (F8, Shift+F8) and jumping to one. Knows the desk's signals, not the panes.
import type { Finding } from '../../../../core/lib/config/types.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { deskSignals, reveal } from '../documents/desk-signals.ts';
import { findingKey, stepFinding } from './step.ts';

export function goToFinding(buffer: ConfigBuffer, finding: Finding, takeFocus = true): void {
  deskSignals.setState({ finding: findingKey(finding) });
  reveal(buffer.path, finding.range, takeFocus);
}

export function stepToFinding(buffer: ConfigBuffer, direction: 1 | -1): void {
  const { cursor, finding: currentKey } = deskSignals.getState();
  const offset = cursor?.path === buffer.path ? buffer.model.getOffsetAt(cursor) : 0;
  const findings = buffer.state.getState().checked?.findings ?? [];
  const next = stepFinding(findings, { offset, currentKey }, direction);
  if (next !== null) goToFinding(buffer, next);
}
