// Keys that stand twice in one object of a results file: two tasks with one name, a metric written twice. A parser keeps the last and
// says nothing. Reads the text once beside the parser and looks at the outer levels alone. Knows no harness.

/** How many levels below its own name each part of a results file is looked at: tasks, and in results their metrics. */
const PARTS: ReadonlyMap<string, number> = new Map([
  ['results', 2],
  ['groups', 2],
  ['versions', 1],
  ['configs', 1],
  ['config_tasks', 1],
  ['n-shot', 1],
  ['n-samples', 1],
  ['higher_is_better', 1],
]);

/** A file that repeats more is broken as a whole; the first say so. */
export const MAX_REPEATED = 50;

export interface RepeatedKey {
  /** Of the object that holds it; empty for the file itself. */
  readonly inside: readonly string[];
  readonly key: string;
  readonly times: number;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;

interface OpenObject {
  /** Null for an object that is not looked at, and for an array. */
  readonly counts: Map<string, number> | null;
  /** The key whose value is read now. */
  key: string;
}

/** In the order in which they end. Text that is cut off is read as far as it goes. */
export function repeatedKeys(text: string): readonly RepeatedKey[] {
  const found: RepeatedKey[] = [];
  const open: OpenObject[] = [];
  let expectsKey = false;
  const close = (): void => {
    const last = open.pop();
    if (last?.counts == null) return;
    const inside = open.map(({ key }) => key);
    for (const [key, times] of last.counts)
      if (times > 1 && found.length < MAX_REPEATED) found.push({ inside, key, times });
  };
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfString(text, at);
      if (end === -1) break;
      if (expectsKey) {
        const top = open.at(-1);
        if (top?.counts != null) {
          const key = keyText(text.slice(at, end + 1));
          top.key = key;
          top.counts.set(key, (top.counts.get(key) ?? 0) + 1);
        }
        expectsKey = false;
      }
      at = end;
    } else if (code === OPEN_BRACE) {
      open.push({ counts: isLookedAt(open) ? new Map() : null, key: '' });
      expectsKey = true;
    } else if (code === OPEN_BRACKET) {
      open.push({ counts: null, key: '' });
      expectsKey = false;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      close();
      expectsKey = false;
    } else if (code === COMMA) {
      expectsKey = open.at(-1)?.counts != null;
    }
  }
  while (open.length > 0) close();
  return found;
}

function isLookedAt(outer: readonly OpenObject[]): boolean {
  const [file] = outer;
  if (file === undefined) return true;
  return outer.at(-1)?.counts != null && outer.length <= (PARTS.get(file.key) ?? 0);
}

/** The place of the closing quote; −1 when it is missing. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

/** `"\u0061"` and `"a"` are one key. */
function keyText(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
