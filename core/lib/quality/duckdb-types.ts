// Reads the type names of DuckDB: which fields a STRUCT has, at any depth. Text in, text out.

/** Fields of `STRUCT(a VARCHAR, "b c" STRUCT(d DOUBLE))`, in order; null for any other type, lists of structs included. */
export function structFields(
  type: string,
): readonly { readonly name: string; readonly type: string }[] | null {
  if (!type.startsWith('STRUCT(') || !type.endsWith(')')) return null;
  const fields: { name: string; type: string }[] = [];
  const inner = type.slice('STRUCT('.length, -1);
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let position = 0; position <= inner.length; position += 1) {
    const character = inner[position];
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '(') depth += 1;
    else if (!quoted && character === ')') depth -= 1;
    if (position < inner.length && (quoted || depth > 0 || character !== ',')) continue;
    // A bracket that closes before it opens: a list of structs, `STRUCT(…)[]` cut wrongly.
    if (depth < 0) return null;
    const field = inner.slice(start, position).trim();
    const split = field.startsWith('"') ? closingQuote(field) + 1 : field.indexOf(' ');
    if (split > 0) {
      const name = field.slice(0, split);
      fields.push({
        name: name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name,
        type: field.slice(split).trim(),
      });
    }
    start = position + 1;
  }
  return fields;
}

function closingQuote(text: string): number {
  let position = 1;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote < 0) return text.length - 1;
    if (text[quote + 1] !== '"') return quote;
    position = quote + 2;
  }
}
