// Where each character of a normalized text comes from. The library only gives the text, so its normalizers are applied to
// clusters (a character with its marks) alone; when the clusters together are not the whole, the alignment is approximate.
import {
  type Normalizer,
  PrependNormalizer,
  ReplaceNormalizer,
  StripNormalizer,
} from '@huggingface/tokenizers';
import { AlignedBuilder, type AlignedText, sliceAligned } from './aligned-text.ts';
import { normalizeWith } from './pipeline.ts';

export interface Alignment {
  readonly aligned: AlignedText;
  /** False where the places are only near. */
  readonly exact: boolean;
}

/** Plain ASCII that no mark follows; the letters of one Korean syllable; a character with its marks. */
const CLUSTER =
  /[\t\n\r -~]+(?!\p{M})|[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+\p{M}*|\P{M}\p{M}*|\p{M}+/gsu;

export function alignNormalizer(normalizer: Normalizer, source: AlignedText): Alignment {
  const whole = normalizeWith(normalizer, source.text);
  if (whole === source.text) return { aligned: source, exact: true };
  const aligned = alignedParts(normalizer, source, whole);
  if (aligned.text === whole) return { aligned, exact: true };
  return { aligned: nearly(source, whole), exact: false };
}

function alignedParts(normalizer: Normalizer, source: AlignedText, whole: string): AlignedText {
  if (normalizer instanceof StripNormalizer) {
    const from = source.text.indexOf(whole);
    return sliceAligned(source, from, from + whole.length);
  }
  const builder = new AlignedBuilder(source);
  if (normalizer instanceof PrependNormalizer) {
    prepend(builder, source, whole.slice(0, whole.length - source.text.length));
  } else if (normalizer instanceof ReplaceNormalizer && normalizer.pattern !== null) {
    const { content } = normalizer.config as { readonly content?: string };
    replaceAll(builder, source, normalizer.pattern, content ?? '');
  } else {
    byCluster(builder, source, (text) => normalizeWith(normalizer, text));
  }
  return builder.done();
}

/** What stands in front belongs to the first character, as in Python. */
export function prepend(builder: AlignedBuilder, source: AlignedText, prefix: string): void {
  const first = source.text.codePointAt(0) ?? 0;
  builder.replace(0, Math.min(source.text.length, first > 0xffff ? 2 : 1), prefix);
  builder.copy(0, source.text.length);
}

export function replaceAll(
  builder: AlignedBuilder,
  source: AlignedText,
  pattern: RegExp,
  content: string,
): void {
  let done = 0;
  for (const match of source.text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    if (match.index > done) builder.copy(done, match.index);
    if (match[0].length === content.length) builder.copy(match.index, end, content);
    else builder.replace(match.index, end, content);
    done = end;
  }
  if (done < source.text.length) builder.copy(done, source.text.length);
}

function byCluster(builder: AlignedBuilder, source: AlignedText, normalize: (text: string) => string): void {
  for (const { 0: cluster, index } of source.text.matchAll(CLUSTER)) {
    const text = normalize(cluster);
    if (text === cluster || (text.length === cluster.length && cluster.charCodeAt(0) < 128)) {
      builder.copy(index, index + cluster.length, text);
      continue;
    }
    // Most normalizers look at one character at a time; those that compose make one of several.
    const characters = Array.from(cluster);
    const alone = characters.map(normalize);
    let at = index;
    if (alone.join('') === text) {
      for (const [place, character] of characters.entries()) {
        builder.replace(at, at + character.length, alone[place] ?? '');
        at += character.length;
      }
      continue;
    }
    // Marks at the end that found nothing to join stay themselves.
    let kept = 0;
    while (
      kept < cluster.length - 1 &&
      kept < text.length - 1 &&
      cluster.at(-1 - kept) === text.at(-1 - kept)
    ) {
      kept += 1;
    }
    const joined = index + cluster.length - kept;
    builder.replace(index, joined, text.slice(0, text.length - kept));
    builder.copy(joined, index + cluster.length);
  }
}

/** What both texts begin and end with stays; the middle is stretched over the middle. */
function nearly(source: AlignedText, text: string): AlignedText {
  const shorter = Math.min(source.text.length, text.length);
  let front = 0;
  while (front < shorter && source.text[front] === text[front]) front += 1;
  let back = 0;
  while (back < shorter - front && source.text.at(-1 - back) === text.at(-1 - back)) back += 1;
  const from = source.text.length - back;
  const middle = text.length - back - front;
  const builder = new AlignedBuilder(source);
  builder.copy(0, front);
  for (let unit = 0; unit < middle; unit += 1) {
    const at = front + Math.floor((unit * (from - front)) / middle);
    builder.replace(Math.min(at, from), Math.min(at + 1, from), text.charAt(front + unit));
  }
  builder.copy(from, source.text.length);
  return builder.done();
}
