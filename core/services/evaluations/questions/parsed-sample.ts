// A line of a file of answers as JSON, with the numbers that are none which Python writes.

const NOT_NUMBERS = /([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g;

/** Null for what is no JSON. */
export function parsedSample(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Only lines that cannot be read are searched for them: a text may hold the words.
  }
  try {
    return JSON.parse(text.replaceAll(NOT_NUMBERS, '$1null'));
  } catch {
    return null;
  }
}
