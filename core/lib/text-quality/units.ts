// A text as a list of comparable units where no token ids are at hand. Knows no language and no vocabulary.

/** Longer runs of letters are no word of any language but "aaaa…"; they count letter by letter. */
const LONGEST_WORD = 40;
/** Letters with their marks, numbers, or one sign; Chinese, Japanese and Thai are written without spaces: letter by letter. */
const unit =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|\p{L}[\p{L}\p{M}]*|\p{N}+|[^\s\p{L}\p{N}]/gu;

export interface TextUnit {
  readonly text: string;
  /** Where it begins and ends in the text, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Words, numbers and single signs, in order; white space is between them and belongs to none. */
export function textUnits(text: string): readonly TextUnit[] {
  const units: TextUnit[] = [];
  for (const match of text.matchAll(unit)) {
    const [word] = match;
    if (word.length <= LONGEST_WORD) {
      units.push({ text: word, start: match.index, end: match.index + word.length });
      continue;
    }
    let start = match.index;
    for (const letter of word) {
      units.push({ text: letter, start, end: start + letter.length });
      start += letter.length;
    }
  }
  return units;
}
