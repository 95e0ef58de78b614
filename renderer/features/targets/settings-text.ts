// Lists and variables of a target as the lines a person types.

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export type EnvironmentReading =
  | { readonly kind: 'values'; readonly values: Record<string, string> }
  | { readonly kind: 'bad'; readonly message: string };

/** `NAME=value` a line; blank lines are passed over. A value keeps its blanks and quotes. */
export function parseEnvironment(text: string): EnvironmentReading {
  const values: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const split = line.indexOf('=');
    const name = (split < 0 ? line : line.slice(0, split)).trim();
    if (split < 0) return { kind: 'bad', message: `Line ${index + 1}: write it as NAME=value` };
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return { kind: 'bad', message: `Line ${index + 1}: “${name}” is not the name of a variable` };
    if (name in values) return { kind: 'bad', message: `Line ${index + 1}: ${name} is there twice` };
    values[name] = line.slice(split + 1);
  }
  return { kind: 'values', values };
}

export function environmentText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}
