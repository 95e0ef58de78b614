// A finding of the watchdog as text, for the commands that print it.
import type { Finding } from '../../core/api/findings.ts';

export function findingLine(id: string, { severity, title, explanation, isOver: isPast }: Finding): string {
  return `${severity.padEnd(7)}  ${id}  ${title}${isPast ? ' (over)' : ''}\n         ${explanation}`;
}
