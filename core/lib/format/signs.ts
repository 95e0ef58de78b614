// Negative numbers as the window shows them: with a true minus, as wide as the plus. Knows no units. What is exported, copied as a table
// or typed keeps the hyphen, which programs read.

/** `-0.52` → `−0.52`; a hyphen elsewhere, as in `1e-7`, stays. */
export function trueMinus(text: string): string {
  return text.startsWith('-') ? `−${text.slice(1)}` : text;
}

/** `-0.522` with two decimals → `−0.52`; what rounds to zero has no sign. */
export function formatFixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : trueMinus(text);
}

/** The same for differences: `+0.52`, `−0.52`, `0.00`. */
export function formatSigned(value: number, decimals: number): string {
  const text = formatFixed(value, decimals);
  return value > 0 && Number(text) !== 0 ? `+${text}` : text;
}
