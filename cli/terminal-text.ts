// Texts of others on a terminal: a name, an answer of a model or a log line must not move the cursor, set the title of the window or
// hide what stands before it. Into a file or a pipe everything goes as it is. Knows no command.

/** Where control characters have their pictures: U+2400 shows NUL, U+241B escape. */
const PICTURES = 0x2400;
const DELETE = 0x7f;
const DELETE_PICTURE = '\u2421';

// oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
const controls = /\r\n|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// oxlint-disable-next-line no-control-regex -- as above; colours first, so that they are found whole
const logControls = /\u001b\[[0-9;:]*m|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

function seen(found: string): string {
  if (found.length > 1) return found;
  const code = found.charCodeAt(0);
  if (code === DELETE) return DELETE_PICTURE;
  return code < 0x20 ? String.fromCharCode(PICTURES + code) : '\uFFFD';
}

/** Line ends and tabs stay; every other control character becomes one that is seen and does nothing. */
export function terminalText(text: string): string {
  return text.replace(controls, seen);
}

/** As `terminalText`, but a log keeps its colours and the carriage returns of its progress bars. */
export function terminalLog(text: string): string {
  return text.replace(logControls, seen);
}

/** The text as it may be written to the stream. */
export function onTerminal(text: string, stream: { readonly isTTY?: boolean }): string {
  return stream.isTTY ? terminalText(text) : text;
}
