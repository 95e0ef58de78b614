// The tokens of an answer as columns: made from what the runtime reports, cut where a person forces another token, joined where an
// answer goes on. Numbers are rounded for the file: four digits of a logarithm are far below what sampling can tell apart.
import type { TokenColumns } from '../../api/conversations.ts';
import type { PromptToken, Token } from '../../api/generation.ts';

export const noTokens: TokenColumns = {
  ids: [],
  texts: [],
  logProbabilities: [],
  entropies: [],
  topIds: [],
  topLogProbabilities: [],
  pieces: {},
  special: [],
  forced: [],
};

const round = (value: number, digits: number) => {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};
/** JSON has no infinity: a token that the model excludes counts as e^-1000. */
const logarithm = (value: number, digits: number) => (Number.isFinite(value) ? round(value, digits) : -1000);

/** Tokens as they came from the model, appended to `columns` in place. For the answer being written only. */
export function pushTokens(columns: TokenColumns, tokens: readonly Token[]): void {
  for (const token of tokens) {
    const place = columns.ids.length;
    columns.ids.push(token.id);
    columns.texts.push(token.text);
    columns.logProbabilities.push(logarithm(token.logProbability, 4));
    columns.entropies.push(round(token.entropy, 4));
    columns.topIds.push(token.top.map(({ id }) => id));
    columns.topLogProbabilities.push(token.top.map(({ logProbability }) => logarithm(logProbability, 3)));
    for (const { id, text } of token.top) columns.pieces[id] ??= text;
    if (token.special) columns.special.push(place);
  }
}

export function copyOfTokens(columns: TokenColumns): TokenColumns {
  return structuredClone(columns);
}

/** The first `count` tokens. */
export function firstTokens(columns: TokenColumns, count: number): TokenColumns {
  return {
    ids: columns.ids.slice(0, count),
    texts: columns.texts.slice(0, count),
    logProbabilities: columns.logProbabilities.slice(0, count),
    entropies: columns.entropies.slice(0, count),
    topIds: columns.topIds.slice(0, count),
    topLogProbabilities: columns.topLogProbabilities.slice(0, count),
    pieces: columns.pieces,
    special: columns.special.filter((place) => place < count),
    forced: columns.forced.filter((place) => place < count),
  };
}

/** Without the special tokens that ended the answer, so that it can go on. */
export function withoutEnd(columns: TokenColumns): TokenColumns {
  const special = new Set(columns.special);
  let count = columns.ids.length;
  while (count > 0 && special.has(count - 1)) count -= 1;
  return count === columns.ids.length ? columns : firstTokens(columns, count);
}

/**
 * The answer up to `place` with other tokens from there on, which a person put there. The first of them keeps what the model
 * thought of that place: its alternatives and entropy, and its own probability where it was among them.
 */
export function withForced(
  columns: TokenColumns,
  place: number,
  tokens: readonly PromptToken[],
): TokenColumns {
  const kept = firstTokens(columns, place);
  const topIds = columns.topIds[place] ?? [];
  const topLogProbabilities = columns.topLogProbabilities[place] ?? [];
  return {
    ids: [...kept.ids, ...tokens.map(({ id }) => id)],
    texts: [...kept.texts, ...tokens.map(({ text }) => text)],
    logProbabilities: [
      ...kept.logProbabilities,
      ...tokens.map(({ id }, index) =>
        index === 0 ? (topLogProbabilities[topIds.indexOf(id)] ?? null) : null,
      ),
    ],
    entropies: [
      ...kept.entropies,
      ...tokens.map((_, index) => (index === 0 ? (columns.entropies[place] ?? null) : null)),
    ],
    topIds: [...kept.topIds, ...tokens.map((_, index) => (index === 0 ? topIds : []))],
    topLogProbabilities: [
      ...kept.topLogProbabilities,
      ...tokens.map((_, index) => (index === 0 ? topLogProbabilities : [])),
    ],
    pieces: columns.pieces,
    special: [...kept.special, ...tokens.flatMap(({ special }, index) => (special ? [place + index] : []))],
    forced: [...kept.forced, ...tokens.map((_, index) => place + index)],
  };
}

/**
 * The part of an answer's text that its first `place` tokens make. Special tokens are not part of the text, and characters that
 * are spread over several tokens are taken from the text itself.
 */
export function textBefore(columns: TokenColumns, text: string, place: number): string {
  const special = new Set(columns.special);
  const said = (from: number, to: number) =>
    columns.texts
      .slice(from, to)
      .filter((_, at) => !special.has(from + at))
      .join('');
  const before = said(0, place);
  if (text.startsWith(before)) return before;
  const after = said(place, columns.texts.length);
  return text.endsWith(after) ? text.slice(0, text.length - after.length) : before;
}

export interface TokenAlternative {
  readonly id: number;
  readonly text: string;
  /** From 0 to 1. */
  readonly probability: number;
}

/** What the model held likely at this place, likeliest first. */
export function alternativesAt(columns: TokenColumns, place: number): readonly TokenAlternative[] {
  const logProbabilities = columns.topLogProbabilities[place] ?? [];
  return (columns.topIds[place] ?? []).map((id, index) => ({
    id,
    text: columns.pieces[id] ?? '',
    probability: Math.exp(logProbabilities[index] ?? Number.NEGATIVE_INFINITY),
  }));
}

/** Mean of the known natural logarithms, as the perplexity of the answer under the model; null without any. */
export function perplexityOf(columns: TokenColumns): number | null {
  const known = columns.logProbabilities.filter((value) => value !== null);
  if (known.length === 0) return null;
  return Math.exp(-known.reduce((sum, value) => sum + value, 0) / known.length);
}
