// Text as Python's str methods change it, where JavaScript's differ: prompts of benchmarks are made with these. Pure.

/** Python's str.strip() knows more separators than String.trim(), and no byte order mark. */
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const START = new RegExp(`^${SPACE}+`);
const LAST = new RegExp(SPACE);

export function strip(text: string): string {
  const start = text.replace(START, '');
  let end = start.length;
  while (end > 0 && LAST.test(start.charAt(end - 1))) end -= 1;
  return start.slice(0, end);
}

/** Letters of two, whose form at the start of a word is neither large nor small. */
const TITLE: Readonly<Record<string, string>> = { Ǆ: 'ǅ', Ǉ: 'ǈ', Ǌ: 'ǋ', Ǳ: 'ǲ' };

/** str.capitalize(): the first letter as at the start of a word, all others small. */
export function capitalize(text: string): string {
  const [first = ''] = text;
  const [head = '', ...more] = first.toUpperCase();
  return (TITLE[head] ?? head) + more.join('').toLowerCase() + text.slice(first.length).toLowerCase();
}

/** Unicode characters, as Python's len() counts them. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
