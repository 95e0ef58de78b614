// The program that answers on the other side of a connection: a loop in plain POSIX sh that reads framed scripts from its input,
// runs them one after another, and marks the end of each on both outputs. Nothing is installed for it.
//
//   → "<id> <bytes>\n" and so many bytes of script, then whatever the script itself reads from fd 3
//   ← what the script prints, byte for byte, then "\n<nonce> <id> <exit code>\n" (standard error: "\n<nonce> <id>\n")
//
// The nonce is random, so no output can be taken for a mark; what shell start-up files print before "ready" is dropped.
import { readFunction } from './follow.ts';

/**
 * `h COUNT` passes on so many bytes of its input and leaves the rest to the next reader. Where `head` reads ahead (BusyBox does), bytes
 * are taken one by one.
 */
const takeFunction = [
  'h() { head -c "$1"; }',
  '[ "$(printf ab | { head -c 1 > /dev/null; cat; })" = b ] || h() { dd bs=1 count="$1" 2>/dev/null; }',
];

/** As an argument of ssh. One line without `'` and `!`: the login shell may be csh or fish. `nonce` is letters and digits. */
export function remoteCommand(nonce: string): string {
  if (!/^[A-Za-z0-9]{16,64}$/.test(nonce)) throw new RangeError('The nonce must be letters and digits');
  const loop = [
    'umask 077',
    // A TMPDIR of start-up files may name a folder that is not there.
    'd=$(mktemp -d 2>/dev/null || TMPDIR=/tmp mktemp -d 2>/dev/null || echo "")',
    'trap "rm -rf \\"$d\\"" 0',
    'exec 3<&0',
    ...takeFunction,
    readFunction,
    `printf "\\n${nonce} ready %s %s\\n" "$$" "$d"`,
    `printf "\\n${nonce} ready\\n" >&2`,
    'while IFS=" " read -r i n',
    'do s=$(h "$n")',
    '(eval "$s") 0</dev/null',
    'r=$?',
    `printf "\\n${nonce} %s %s\\n" "$i" "$r"`,
    `printf "\\n${nonce} %s\\n" "$i" >&2`,
    'done',
  ].join('; ');
  return `exec sh -c '${loop.replaceAll('do; ', 'do ')}'`;
}

/** The header line and the script, as bytes to send. */
export function scriptFrame(id: number, script: string): Uint8Array {
  const body = new TextEncoder().encode(script);
  const header = new TextEncoder().encode(`${id} ${body.length}\n`);
  const frame = new Uint8Array(header.length + body.length);
  frame.set(header);
  frame.set(body, header.length);
  return frame;
}
