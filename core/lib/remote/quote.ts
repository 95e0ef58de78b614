// Text as one word of a POSIX shell. Values are quoted, never pasted: whatever a name holds, it stays a name.

/** `it's` → `'it'\''s'`. A zero byte cannot be passed to any program: RangeError. */
export function quoteWord(text: string): string {
  if (text.includes('\0')) throw new RangeError('A word cannot hold a zero byte');
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export function quoteWords(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}
