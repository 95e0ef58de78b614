// Small words for numeric differences: "same tokens", "half the peak rate", "2 × tokens per step".
// Knows nothing about configs.

/** One difference or agreement in words. `topic` is what a "same …" list names. */
export interface Meaning {
  readonly topic: string;
  readonly isSame: boolean;
  readonly text: string;
}

/** Relative differences below this are rounding, not decisions. */
const SAME_TOLERANCE = 1e-6;

/** True when two numbers mean the same. */
export function isSameNumber(before: number, after: number): boolean {
  return Math.abs(after - before) <= SAME_TOLERANCE * Math.max(Math.abs(before), Math.abs(after));
}

/** `half`, `2 ×`, `1.5 ×`, `a tenth of`: how to say a factor in front of "the …". */
export function factorWords(factor: number): string {
  const fractions: readonly (readonly [number, string])[] = [
    [3 / 4, 'three quarters of'],
    [2 / 3, 'two thirds of'],
    [1 / 2, 'half'],
    [1 / 3, 'a third of'],
    [1 / 4, 'a quarter of'],
    [1 / 10, 'a tenth of'],
  ];
  const named = fractions.find(([value]) => Math.abs(factor / value - 1) < 0.005);
  if (named !== undefined) return named[1];
  if (factor < 0.095) return `1/${Number((1 / factor).toPrecision(2))} of`;
  const digits = factor >= 100 ? factor.toFixed(0) : String(Number(factor.toPrecision(factor >= 10 ? 3 : 2)));
  return `${digits} ×`;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "Same tokens (839B)" or "2.5 × the tokens (839B → 2.1T)"; null when a side is unknown. */
export function compareAmount(
  topic: string,
  before: number | null | undefined,
  after: number | null | undefined,
  format: (value: number) => string,
): Meaning | null {
  if (before == null || after == null) return null;
  if (isSameNumber(before, after)) return { topic, isSame: true, text: `Same ${topic} (${format(after)})` };
  const words =
    before > 0 && after > 0 ? `${capitalise(factorWords(after / before))} the ${topic}` : capitalise(topic);
  return { topic, isSame: false, text: `${words} (${format(before)} → ${format(after)})` };
}

/** "Same tokenizer" or "Tokenizer a instead of b"; null when both are missing. */
export function compareText(topic: string, before: string | null, after: string | null): Meaning | null {
  if (before === null && after === null) return null;
  if (before === after) return { topic, isSame: true, text: `Same ${topic}` };
  return {
    topic,
    isSame: false,
    text: `${capitalise(topic)} ${after ?? 'none'} instead of ${before ?? 'none'}`,
  };
}

/** "Same model, tokens per step and data mix. 1.5 × the peak rate (…). …": one paragraph. */
export function summarise(meanings: readonly Meaning[]): string {
  const same = meanings.filter((meaning) => meaning.isSame).map((meaning) => meaning.topic);
  const different = meanings.filter((meaning) => !meaning.isSame).map((meaning) => `${meaning.text}.`);
  const last = same.at(-1);
  const list = same.length > 1 ? `${same.slice(0, -1).join(', ')} and ${last}` : last;
  return [...(list === undefined ? [] : [`Same ${list}.`]), ...different].join(' ');
}
