// Reading on in files of another computer: one script asks for the new bytes of many files at once, and only what grew is
// answered. The copy's own length is the offset, so nothing can be lost or read twice, whoever was killed when.
import { quoteWord } from './quote.ts';

export interface FollowedFile {
  /** On the other computer, absolute. */
  readonly path: string;
  /** Bytes that are here already. */
  readonly offset: number;
  /** `<size> <inode>` of the last answer: a file that still has them is not answered at all. */
  readonly known: string;
}

/** `kind: same`: nothing new. `missing`: there is no such file. */
export type FollowAnswer =
  | { readonly kind: 'same' }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'grown';
      readonly size: number;
      readonly inode: string;
      readonly bytes: Uint8Array;
    };

/**
 * POSIX sh with the function `r` of the remote loop. At most `maxBytes` of each file; `mark` is random, letters and digits. A file
 * that is shorter than its offset is read from its start.
 */
export function followScript(files: readonly FollowedFile[], maxBytes: number, mark: string): string {
  return files
    .map(
      ({ path, offset, known }, index) =>
        `r ${index} ${quoteWord(path)} ${offset} ${maxBytes} ${quoteWord(known)} ${mark}`,
    )
    .join('\n');
}

/**
 * As part of the remote loop: prints `<index> <size> <inode> <count>\n`, so many bytes, `<mark>\n`. The count is settled before the
 * bytes are read, so a file may grow meanwhile. No `'` and no `!` (see remote-loop.ts).
 */
export const readFunction = [
  'r() { q=$(stat -Lc "%s %i" -- "$2" 2>/dev/null) || q="- -"',
  '[ "$q" = "$5" ] && return 0',
  'z=${q% *}',
  'if [ "$z" = - ]; then echo "$1 - - 0"; echo "$6"; return 0; fi',
  'o=$3; [ "$z" -lt "$o" ] && o=0',
  'n=$((z-o)); [ "$n" -gt "$4" ] && n=$4',
  'echo "$1 $q $n"',
  '[ "$n" -gt 0 ] && tail -c +$((o+1)) -- "$2" | head -c "$n"',
  'echo "$6"; }',
].join('; ');

/** Throws RangeError when the answer breaks off or a file shrank while it was read: ask again, nothing was taken. */
export function parseFollow(answer: Uint8Array, count: number, mark: string): readonly FollowAnswer[] {
  const answers: FollowAnswer[] = Array.from({ length: count }, () => ({ kind: 'same' as const }));
  const decoder = new TextDecoder();
  let position = 0;
  while (position < answer.length) {
    const end = answer.indexOf(0x0a, position);
    if (end === -1) throw new RangeError('An answer breaks off in a header');
    const [index = '', size = '', inode = '', length = ''] = decoder
      .decode(answer.subarray(position, end))
      .split(' ');
    const start = end + 1;
    const stop = start + Number(length);
    const markEnd = stop + mark.length + 1;
    const isWhole =
      Number(index) < count &&
      stop >= start &&
      decoder.decode(answer.subarray(stop, markEnd)) === `${mark}\n`;
    if (!isWhole) throw new RangeError(`The answer for file ${index} is not whole`);
    answers[Number(index)] =
      size === '-'
        ? { kind: 'missing' }
        : { kind: 'grown', size: Number(size), inode, bytes: answer.subarray(start, stop) };
    position = markEnd;
  }
  return answers;
}
