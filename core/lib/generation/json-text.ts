// Reads the members of one JSON object as the texts they were written as, also out of JSON that is cut off or wrong.

export interface JsonObjectText {
  /** Behind the object, or the end of the text where it is not closed. */
  readonly end: number;
  /** Each member's value as it stands there, without the white space around it. */
  readonly members: ReadonlyMap<string, string>;
}

/** `start` is at the opening brace. */
export function readJsonText(text: string, start: number): JsonObjectText {
  const members = new Map<string, string>();
  let at = start + 1;
  while (at < text.length && text[at] !== '}') {
    const quote = text.indexOf('"', at);
    const close = text.indexOf('}', at);
    if (quote < 0 || (close >= 0 && close < quote)) break;
    const nameEnd = endOfString(text, quote);
    const colon = text.indexOf(':', nameEnd);
    if (colon < 0) break;
    const end = endOfValue(text, colon + 1);
    members.set(text.slice(quote + 1, nameEnd - 1), text.slice(colon + 1, end).trim());
    at = text[end] === ',' ? end + 1 : end;
  }
  return { end: Math.min(text.length, at + 1), members };
}

/** Behind the closing quote. `start` is at the opening one. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}

/** At the comma or closing bracket that ends a value, or the end of the text. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character === '"') {
      at = endOfString(text, at);
      continue;
    }
    if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
    } else if (character === ',' && depth === 0) return at;
    at += 1;
  }
  return text.length;
}
