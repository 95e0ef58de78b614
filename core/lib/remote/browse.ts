// A folder of another computer as a person browses it: its entries, newest first, and which of them look like the folder of a run.
import { PART } from './answer-parts.ts';

/** A person reads no longer list; the path can be typed further. */
const MAX_ENTRIES = 1000;

/** POSIX sh. `path` is a quoted word. Ends with 76 where there is nothing, 77 where it may not be read. */
export function browseScript(path: string): string {
  return [
    'export LC_ALL=C',
    `p=${path}`,
    '[ -e "$p" ] || exit 76',
    '[ -d "$p" ] || p=${p%/*}',
    'cd -- "$p" 2>/dev/null && ls >/dev/null 2>&1 || exit 77',
    'pwd -P',
    // Newest first; a run's folder is changed when it begins.
    `ls -1t 2>/dev/null | head -n ${MAX_ENTRIES} | while IFS= read -r n; do`,
    '  if [ -d "$n" ]; then k=d',
    '    for r in "$n"/attempts.jsonl "$n"/log.txt "$n"/metrics.jsonl "$n"/slurm-*.out "$n"/trainer_state.json; do',
    '      [ -e "$r" ] && { k=r; break; }',
    '    done',
    '  else k=f; fi',
    `  printf '%s ${PART}%s\n' "$k" "$n"`,
    'done',
    'printf "%s\n" "$(ls -1 | wc -l)"',
  ].join('\n');
}

export const browseCodes = { missing: 76, unreadable: 77 } as const;

export interface BrowsedFolder {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly entries: readonly BrowsedEntry[];
  /** How many more there are. */
  readonly left: number;
}

export interface BrowsedEntry {
  readonly name: string;
  /** `run` is a folder that looks like one. */
  readonly kind: 'folder' | 'run' | 'file';
}

const kinds = { d: 'folder', r: 'run', f: 'file' } as const;

export function parseBrowsed(answer: string): BrowsedFolder {
  const lines = answer.split('\n');
  const entries = lines.slice(1).flatMap((line): BrowsedEntry[] => {
    const kind = kinds[line.charAt(0) as keyof typeof kinds];
    return kind !== undefined && line.slice(1, 3) === ` ${PART}` ? [{ name: line.slice(3), kind }] : [];
  });
  const count = Number(lines.filter((line) => line !== '').at(-1) ?? 0);
  return { path: lines[0] ?? '', entries, left: Math.max(0, count - entries.length) };
}
