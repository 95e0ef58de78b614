// JSON as evaluation harnesses leave it: with Python's NaN and Infinity, or cut off where a job was killed. What stands there is
// read, the rest is named. Knows no harness.

/** Deeper is no result file; guards the walk against a file of brackets. */
const MAX_DEPTH = 200;

export interface BrokenJson {
  readonly value: unknown;
  /** Sentences; empty for JSON as it should be. */
  readonly problems: readonly string[];
}

/** Throws SyntaxError where nothing can be read at all. */
export function readBrokenJson(text: string): BrokenJson {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  try {
    return { value: JSON.parse(plain), problems: [] };
  } catch (error) {
    const { repaired, problems } = repair(plain);
    if (problems.length === 0) throw error;
    return { value: JSON.parse(repaired), problems };
  }
}

const NOT_NUMBERS = /^(NaN|-?Infinity)/;

/** Numbers that are none become null, and what was cut off is closed after the last whole value. */
function repair(text: string): { readonly repaired: string; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const open: string[] = [];
  const parts: string[] = [];
  let copied = 0;
  let notNumbers = 0;
  /** Where the text may end: a place in it, how much of `parts` belongs before it, and the brackets to close. */
  let whole = { parts: 0, copied: 0, at: 0, open: '' };
  let at = 0;
  const here = () => ({ parts: parts.length, copied, at, open: open.toReversed().join('') });
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      const end = endOfString(text, at);
      if (end === null) break;
      at = end;
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']');
      if (open.length > MAX_DEPTH) throw new SyntaxError(`Deeper than ${MAX_DEPTH} levels`);
      at += 1;
      whole = here();
    } else if (character === '}' || character === ']') {
      open.pop();
      at += 1;
      whole = here();
    } else if (character === ',') {
      // All before a comma is whole; the comma itself is left out.
      whole = here();
      at += 1;
    } else {
      const match = NOT_NUMBERS.exec(text.slice(at, at + 9));
      if (match) {
        parts.push(text.slice(copied, at), 'null');
        at += match[0].length;
        copied = at;
        notNumbers += 1;
      } else {
        at += 1;
      }
    }
  }
  if (notNumbers > 0) {
    problems.push(`${notNumbers} ${notNumbers === 1 ? 'value is' : 'values are'} NaN or infinite`);
  }
  if (open.length === 0) return { repaired: parts.join('') + text.slice(copied), problems };
  const kept = parts.slice(0, whole.parts).join('') + text.slice(whole.copied, whole.at) + whole.open;
  return { repaired: kept, problems: [...problems, 'The file ends in the middle'] };
}

/** One past the closing quote; null when it is missing. */
function endOfString(text: string, start: number): number | null {
  for (let at = start + 1; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === 92) at += 1;
    else if (character === 34) return at + 1;
  }
  return null;
}
