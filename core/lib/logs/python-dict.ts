// Reads a flat Python dict as `print` shows it: {'loss': 2.07, 'grad_norm': nan, 'learning_rate': '1.98e-05'}.
// No general Python: values that are neither numbers nor short texts make the whole dict unreadable.

export type PythonValue = number | string | boolean | null;

/** A printed row of metrics has a few dozen keys. */
const MAX_KEYS = 500;

const entry =
  /\s*(?:'([^'\\]*)'|"([^"\\]*)")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|([-+]?(?:\d[\d_]*\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|nan|inf))|(True|False|None))\s*([,}])/iy;

/** The entries of the dict that starts at `start` of `text`, or null. Nothing may follow but white space. */
export function readPythonDict(text: string, start = 0): ReadonlyMap<string, PythonValue> | null {
  if (text.charAt(start) !== '{') return null;
  const values = new Map<string, PythonValue>();
  entry.lastIndex = start + 1;
  while (values.size < MAX_KEYS) {
    const match = entry.exec(text);
    if (!match) return null;
    const [, single, double, textSingle, textDouble, number, word, end] = match;
    values.set(single ?? double ?? '', textSingle ?? textDouble ?? valueOf(number, word));
    if (end === '}') return text.slice(entry.lastIndex).trim() === '' ? values : null;
  }
  return null;
}

function valueOf(number: string | undefined, word: string | undefined): PythonValue {
  if (number !== undefined) return pythonNumber(number) ?? null;
  return word === 'True' ? true : word === 'False' ? false : null;
}

/** `2.073`, `1e-05`, `nan`, `-inf`; undefined when the text is no number. */
export function pythonNumber(text: string): number | undefined {
  const clean = text.trim().toLowerCase();
  if (clean === 'nan' || clean === '-nan' || clean === '+nan') return Number.NaN;
  if (clean === 'inf' || clean === '+inf' || clean === 'infinity') return Number.POSITIVE_INFINITY;
  if (clean === '-inf' || clean === '-infinity') return Number.NEGATIVE_INFINITY;
  if (!/^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/.test(clean)) return undefined;
  return Number(clean);
}
