// The beginning of a text that has so many tokens. Knows a tokenizer only as text to ids and back.

export interface CuttingTokenizer {
  encode(text: string): Uint32Array;
  decode(ids: Uint32Array): string;
}

export interface CutText {
  readonly text: string;
  /** Of what is left. */
  readonly tokens: number;
}

const encoder = new TextEncoder();

/** At most `limit` tokens, never half a character. No tokenizer makes more tokens than bytes: most texts are only counted. */
export function cutText(tokenizer: CuttingTokenizer, text: string, limit: number): CutText {
  const most = Math.max(0, limit);
  const ids = tokenizer.encode(text);
  const fits = text.length <= most && encoder.encode(text).byteLength <= most;
  if (fits || ids.length <= most) return { text, tokens: ids.length };
  const part = commonStart(text, tokenizer.decode(ids.subarray(0, most)));
  return { text: part, tokens: tokenizer.encode(part).length };
}

/** What a tokenizer normalised away must not come back changed: the document itself, as long as what was decoded. */
function commonStart(text: string, decoded: string): string {
  const whole = decoded.replace(/\uFFFD+$/, '');
  if (text.startsWith(whole)) return whole;
  const start = text.slice(0, whole.length);
  return /[\uD800-\uDBFF]$/.test(start) ? start.slice(0, -1) : start;
}
