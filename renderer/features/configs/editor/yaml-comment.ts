// Does a person type in a comment? From the text of the line before the cursor alone; quotes over several lines are not seen.

/** `before`: the line up to the cursor. A `#` begins a comment after a blank or first in the line, outside of quotes. */
export function isInComment(before: string): boolean {
  let quote = '';
  for (let index = 0; index < before.length; index += 1) {
    const sign = before[index] ?? '';
    const previous = before[index - 1] ?? ' ';
    if (quote !== '') {
      if (sign === '\\' && quote === '"') index += 1;
      else if (sign === quote) quote = '';
    } else if (sign === '#' && /\s/.test(previous)) return true;
    // Within a plain value a quote is a sign like any other: l'Italia.
    else if ((sign === '"' || sign === "'") && /[\s[{,:-]/.test(previous)) quote = sign;
  }
  return false;
}
