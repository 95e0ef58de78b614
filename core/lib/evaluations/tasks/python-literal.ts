// Lists, texts and numbers as Python writes them: what templates of lm-eval print where a list is wanted. Pure.

/** Longer lists of choices are no task; keeps a broken literal from being read for long. */
const MAX_CHARACTERS = 1_000_000;

/** A list of literals, a text or a number; undefined for anything else. */
export function pythonLiteral(text: string): unknown {
  if (text.length > MAX_CHARACTERS) return undefined;
  const reader = new Reader(text);
  const value = reader.value();
  return value !== undefined && reader.isAtEnd() ? value : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
};
const NAMES: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  isAtEnd(): boolean {
    this.skip();
    return this.at === this.text.length;
  }

  value(): unknown {
    this.skip();
    const next = this.text[this.at];
    if (next === '[' || next === '(') return this.list(next === '[' ? ']' : ')');
    if (next === "'" || next === '"') return this.string(next);
    const word = /^(?:True|False|None|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)/i.exec(
      this.text.slice(this.at, this.at + 40),
    )?.[0];
    if (word === undefined) return undefined;
    this.at += word.length;
    return word in NAMES ? NAMES[word] : Number(word);
  }

  private list(end: string): unknown {
    const items: unknown[] = [];
    this.at += 1;
    for (;;) {
      this.skip();
      if (this.text[this.at] === end) break;
      const item = this.value();
      if (item === undefined) return undefined;
      items.push(item);
      this.skip();
      if (this.text[this.at] === ',') this.at += 1;
      else if (this.text[this.at] !== end) return undefined;
    }
    this.at += 1;
    return items;
  }

  private string(quote: string): string | undefined {
    let value = '';
    this.at += 1;
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at] ?? '';
      if (character === quote) {
        this.at += 1;
        return value;
      }
      if (character !== '\\') {
        value += character;
        continue;
      }
      this.at += 1;
      const escaped = this.text[this.at] ?? '';
      const hex = /^(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/i.exec(this.text.slice(this.at, this.at + 5));
      if (hex) {
        value += String.fromCharCode(Number.parseInt(hex[1] ?? hex[2] ?? '0', 16));
        this.at += hex[0].length - 1;
      } else value += ESCAPES[escaped] ?? `\\${escaped}`;
    }
    return undefined;
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
