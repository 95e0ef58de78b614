// One field of a CSV that a person opens in a spreadsheet.

/** How spreadsheets know a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/**
 * As RFC 4180 quotes it. A text that a spreadsheet would compute (the name of a run or of a model may come from anybody) gets an
 * apostrophe before it, which makes it a text there; numbers stay as they are.
 */
export function csvField(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
