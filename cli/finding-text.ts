// A finding of a launch as lines of text.
import type { PreflightFinding } from '../core/api/launches.ts';

const marks: Readonly<Record<PreflightFinding['severity'], string>> = {
  error: 'error  ',
  warning: 'warning',
  info: 'info   ',
};

export function findingText({ severity, source, message, reason }: PreflightFinding): string {
  return `${marks[severity]}  ${source}: ${message}${reason === '' ? '' : `\n         ${reason}`}`;
}
