// How a command shows a path.
import { relative } from 'node:path';

/** As a person would type it from here. */
export function shownPath(path: string): string {
  return relative(process.cwd(), path) || '.';
}
