// Texts to token ids of at most a given length, as the transformers library cuts them: the document is cut, the special tokens
// around it stay. Knows the tokenizer, no model.
import type { TextTokenizer } from '../tokenizers/text-tokenizer.ts';

/** What the tokenizer puts around a document. */
interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export type EncodeWindow = (text: string) => Uint32Array;

/**
 * Characters beyond which nothing reaches the first `maxLength` tokens: a token of XLM-R is 16 characters at most, and rarely
 * more than 6 on average. Only runs of white space could be longer.
 */
export const CHARACTERS_PER_TOKEN = 16;

/** Throws RangeError when the tokenizer's frame cannot be told from its text, or leaves no room. */
export function windowEncoder(tokenizer: TextTokenizer, maxLength: number): EncodeWindow {
  const frame = frameOf(tokenizer);
  const room = maxLength - frame.before.length - frame.after.length;
  if (room < 1) throw new RangeError(`its special tokens alone fill ${maxLength} tokens`);
  return (text) => {
    const ids = tokenizer.encode(text.slice(0, maxLength * CHARACTERS_PER_TOKEN));
    const kept = Math.min(ids.length, room);
    const all = new Uint32Array(frame.before.length + kept + frame.after.length);
    all.set(frame.before);
    all.set(ids.subarray(0, kept), frame.before.length);
    all.set(frame.after, frame.before.length + kept);
    return all;
  };
}

function frameOf(tokenizer: TextTokenizer): Frame {
  const sample = 'a b';
  const plain = [...tokenizer.encode(sample)];
  const framed = [...tokenizer.encode(sample, { special: true })];
  for (let start = 0; start + plain.length <= framed.length; start += 1) {
    if (plain.every((id, index) => framed[start + index] === id)) {
      return { before: framed.slice(0, start), after: framed.slice(start + plain.length) };
    }
  }
  throw new RangeError('its special tokens do not stand before and after the text');
}
