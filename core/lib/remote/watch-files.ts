// Asking whether files of another computer have changed, for many files at once and for next to nothing: the list is sent once and
// kept there beside the answer before; a look is one short script and one process, and only what changed is answered.
import { quoteWord } from './quote.ts';

/** Exit code of a look when the list is not there: another connection, or a temporary folder that was cleaned. */
export const NO_LIST = 92;

/**
 * Sends the list in place of the one called `before`. An id is letters and digits; `"$d"` is the loop's temporary folder. Paths
 * hold no line end: RangeError.
 */
export function watchListScript(id: string, paths: readonly string[], before: string | null): string {
  if (paths.some((path) => path.includes('\n'))) throw new RangeError('A path cannot hold a line end');
  const words = paths.map(quoteWord).join(' ');
  return [
    '[ -n "$d" ] || exit 90',
    ...(before === null ? [] : [`rm -f "$d"/[nkqs]${before}`]),
    `(set -- ${words}; for f; do printf '%s\\n' "$f"; done) > "$d"/n${id} || exit 90`,
    // Nothing was answered before.
    `: > "$d"/k${id}`,
    `printf '%s\\n' ${quoteWord(lookCommands(id, words))} > "$d"/s${id} || exit 90`,
  ].join('\n');
}

/** Prints `<index> <size> <inode>` for each file that is there and other than at the last look. One process where nothing changed. */
export function lookScript(id: string): string {
  return `[ -s "$d"/s${id} ] || exit ${NO_LIST}; . "$d"/s${id}`;
}

/** Kept on the other side, so that a look costs a line. */
function lookCommands(id: string, words: string): string {
  return [
    `q=$(stat -Lc "%s %i %n" -- ${words} 2>/dev/null)`,
    `k=; while IFS= read -r l; do k="$k$l`,
    `"; done < "$d"/k${id}`,
    '[ "$q" = "${k%?}" ] && exit 0',
    `printf '%s\\n' "$q" > "$d"/q${id} || exit 90`,
    `awk 'FILENAME == ARGV[1] { at[$0] = FNR - 1; next }`,
    '     FILENAME == ARGV[2] { before[$0] = 1; next }',
    '     !($0 in before) { s = $1 " " $2; print at[substr($0, length(s) + 2)], s }\' \\',
    `  "$d"/n${id} "$d"/k${id} "$d"/q${id} || exit 90`,
    `mv "$d"/q${id} "$d"/k${id}`,
  ].join('\n');
}

export interface ChangedFile {
  /** Place in the list. */
  readonly index: number;
  readonly size: number;
  readonly inode: string;
}

/** Throws RangeError for an answer that cannot be understood. */
export function parseLook(answer: string, count: number): readonly ChangedFile[] {
  return answer
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [index = '', size = '', inode = ''] = line.split(' ');
      if (!/^\d+$/.test(index) || Number(index) >= count || !/^\d+$/.test(size))
        throw new RangeError(`A look answers “${line.slice(0, 80)}”`);
      return { index: Number(index), size: Number(size), inode };
    });
}
