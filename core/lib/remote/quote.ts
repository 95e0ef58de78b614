// Text as one word of a POSIX shell. Values are quoted, never pasted: whatever a name holds, it stays a name.

/** `it's` → `'it'\''s'`. A zero byte cannot be passed to any program: RangeError. */
export function quoteWord(text: string): string {
  if (text.includes('\0')) throw new RangeError('A word cannot hold a zero byte');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

/** A folder as a shell word: `~/x` and `$HOME/x` start at the home of the target, everything else is taken as it is. */
export function remotePath(folder: string): string {
  const home = /^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/.exec(folder);
  const scratch = /^\$\{?(SCRATCH|WORK)\}?(?=\/|$)/.exec(folder);
  if (home) return `"$HOME"${quoteTail(folder.slice(home[0].length))}`;
  if (scratch) return `"$${scratch[1] ?? ''}"${quoteTail(folder.slice(scratch[0].length))}`;
  return quoteWord(folder);
}

function quoteTail(tail: string): string {
  return tail === '' ? '' : quoteWord(tail);
}
