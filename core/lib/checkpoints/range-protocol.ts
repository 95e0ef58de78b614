// Parts of files of another computer through a plain pipe: a line asks for a part, a line answers, the bytes follow.
//
//   → "<offset> <count> <path>\n"; a count of h asks for the SHA-256 of the whole file
//   ← "= <size> <modified> <changed> <inode>\n" and so many bytes, "# <hash>\n", or "- <reason>\n"; then "\n<nonce>\n"
//
// The nonce after every answer tells at once when a file lost bytes while it was read.

export type RangeAnswer =
  | { readonly kind: 'bytes'; readonly stamp: string }
  | { readonly kind: 'hash'; readonly sha256: string }
  | { readonly kind: 'refused'; readonly reason: 'missing' | 'unreadable' | 'short' | 'other' };

export interface RangeEvents {
  onReady(): void;
  /** Bytes that follow the answer about to come: what was asked for. */
  expected(): number;
  onAnswer(answer: RangeAnswer): void;
  /** A view: copy what must be kept. */
  onBytes(bytes: Uint8Array): void;
  onEnd(): void;
}

/**
 * The functions that answer, without `'` and `!`, for POSIX sh. GNU dd reads parts in large pieces; where it is another one, tail and
 * head do it. openssl hashes four times as fast as sha256sum (it uses the processor's own instructions), but starts slowly.
 */
export const answerFunctions = [
  'export LC_ALL=C',
  'if [ "$(printf abcd | dd bs=64 skip=1 count=2 iflag=skip_bytes,count_bytes,fullblock 2>/dev/null)" = bc ]',
  'then g() { dd if="$1" bs=262144 skip="$2" count="$3" iflag=skip_bytes,count_bytes 2>/dev/null </dev/null; }',
  'else g() { tail -c +$(($2+1)) -- "$1" </dev/null | head -c "$3"; }',
  'fi',
  'a() { q=$(stat -Lc "%s %Y %Z %i" -- "$3" 2>/dev/null) || q=',
  'if [ -z "$q" ]',
  'then echo "- missing"',
  'elif [ -r "$3" ]',
  'then if [ "$2" = h ]',
  'then s=',
  '[ "${q%% *}" -lt 8000000 ] || s=$(nice -n 10 openssl dgst -sha256 -r <"$3" 2>/dev/null)',
  '[ -n "$s" ] || s=$(nice -n 10 sha256sum <"$3" 2>/dev/null)',
  '[ -n "$s" ] || s=$(nice -n 10 openssl dgst -sha256 -r <"$3" 2>/dev/null)',
  'echo "# ${s%% *}"',
  'elif [ "${q%% *}" -lt $(($1+$2)) ]',
  'then echo "- short"',
  'else echo "= $q"; [ "$2" -eq 0 ] || g "$3" "$1" "$2"',
  'fi',
  'else echo "- unreadable"',
  'fi',
];

/** As an argument of ssh: answers until its input ends. One line; the login shell may be csh. `nonce` is letters and digits. */
export function rangeCommand(nonce: string): string {
  if (!/^[A-Za-z0-9]{16,64}$/.test(nonce)) throw new RangeError('The nonce must be letters and digits');
  const program = [
    ...answerFunctions,
    `printf "\\n${nonce}\\n"; }`,
    `printf "\\n${nonce} ready\\n"`,
    'while IFS=" " read -r o n p; do a "$o" "$n" "$p"; done',
  ].join('; ');
  return `exec sh -c '${program}'`;
}

/** The same answers to one request, as a script of its own. */
export function rangeScript(nonce: string, words: string): string {
  return [
    ...answerFunctions,
    `printf "\\n${nonce}\\n"; }`,
    `printf "\\n${nonce} ready\\n"`,
    `a ${words}`,
  ].join('\n');
}

/** `path` is absolute and has no line break. */
export function rangeLine(offset: number, count: number | 'h', path: string): string {
  return `${offset} ${count} ${path}\n`;
}

const NEWLINE = 0x0a;
/** Start-up files of a shell print less; a header is a hundred bytes. */
const MAX_LINE_BYTES = 65_536;

/** Throws RangeError from `push` when the answers cannot be understood: the pipe is of no use then. */
export function createRangeReader(nonce: string, events: RangeEvents): { push(chunk: Uint8Array): void } {
  let state: 'greeting' | 'header' | 'body' | 'end' = 'greeting';
  let left = 0;
  let line = new Uint8Array(0);
  /** After a body the mark's own line break comes first. */
  let blank = false;

  const takeLine = (text: string): void => {
    if (state === 'greeting') {
      if (text !== `${nonce} ready`) return;
      state = 'header';
      events.onReady();
      return;
    }
    if (state === 'end') {
      if (text === '' && !blank) {
        blank = true;
        return;
      }
      if (text !== nonce) throw new RangeError('The other side sent fewer bytes than it said');
      state = 'header';
      events.onEnd();
      return;
    }
    const answer = answerOf(text);
    left = answer.kind === 'bytes' ? events.expected() : 0;
    blank = false;
    state = left > 0 ? 'body' : 'end';
    events.onAnswer(answer);
  };

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (state === 'body') {
          const take = Math.min(left, chunk.length - at);
          events.onBytes(chunk.subarray(at, at + take));
          at += take;
          left -= take;
          if (left === 0) state = 'end';
          continue;
        }
        const end = chunk.indexOf(NEWLINE, at);
        const part = chunk.subarray(at, end === -1 ? chunk.length : end);
        if (line.length + part.length > MAX_LINE_BYTES) throw new RangeError('An answer has no end');
        line = joined(line, part);
        if (end === -1) return;
        const text = new TextDecoder().decode(line);
        line = new Uint8Array(0);
        at = end + 1;
        takeLine(text);
      }
    },
  };
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

function answerOf(text: string): RangeAnswer {
  const rest = text.slice(2);
  if (text.startsWith('= ')) return { kind: 'bytes', stamp: rest };
  const hash = /^# \\?([0-9a-f]{64})$/.exec(text);
  if (hash) return { kind: 'hash', sha256: hash[1] ?? '' };
  if (text.startsWith('# ')) return { kind: 'refused', reason: 'other' };
  if (!text.startsWith('- ')) throw new RangeError(`An answer reads “${text.slice(0, 80)}”`);
  const reason = (['missing', 'unreadable', 'short'] as const).find((known) => known === rest);
  return { kind: 'refused', reason: reason ?? 'other' };
}
