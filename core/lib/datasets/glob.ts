// Glob patterns as a person types them: which part is a plain folder, and whether a path matches. Forward slashes only.
import picomatch from 'picomatch';

/** True when the text can match more than itself. */
export function isGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path);
}

export interface GlobParts {
  /** Up to the last folder without a wildcard; empty when the first part has one. */
  readonly base: string;
  /** What the paths below `base` are compared with. */
  readonly pattern: string;
}

/** `data/ita_Latn/*.parquet` → `data/ita_Latn` and `*.parquet`. */
export function splitGlob(glob: string): GlobParts {
  const parts = glob.split('/');
  const first = parts.findIndex((part) => isGlob(part));
  const at = first < 0 ? parts.length - 1 : first;
  return { base: parts.slice(0, at).join('/'), pattern: parts.slice(at).join('/') };
}

/** A test for paths below `base`. `**` matches folders at any depth; names that start with a dot are never matched by a wildcard. */
export function globMatcher(pattern: string): (path: string) => boolean {
  // Parentheses are part of names here, not groups.
  return picomatch(pattern.replaceAll(/[()]/g, '\\$&'), { dot: false, nonegate: true });
}

/** How many folders deep matches can lie; Infinity with `**`, and with braces, which may hold slashes. */
export function globDepth(pattern: string): number {
  return /\*\*|\{/.test(pattern) ? Number.POSITIVE_INFINITY : pattern.split('/').length;
}
