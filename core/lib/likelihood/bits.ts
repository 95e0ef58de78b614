// Bits per byte of texts by language and domain, and shares of minimal pairs that a model has right.

export interface ScoredText {
  readonly id: string;
  readonly language: string;
  readonly domain: string;
  /** UTF-8 bytes of the tokens that have a probability. */
  readonly bytes: number;
  readonly tokens: number;
  /** Minus the sum of natural log-probabilities. */
  readonly nats: number;
}

export interface BitsGroup {
  /** Null: all. */
  readonly language: string | null;
  readonly domain: string | null;
  readonly documents: number;
  readonly bytes: number;
  readonly tokens: number;
  readonly bitsPerByte: number;
  /** Of a mean over documents of that length, by the scatter between them; null with fewer than two. */
  readonly standardError: number | null;
}

export const bitsPerByte = ({ nats, bytes }: Pick<ScoredText, 'nats' | 'bytes'>): number =>
  nats / Math.LN2 / bytes;

/** All texts, then each language, then each domain of it. */
export function groupsOf(texts: readonly ScoredText[]): readonly BitsGroup[] {
  const languages = [...new Set(texts.map(({ language }) => language))].sort();
  return [
    groupOf(texts, null, null),
    ...languages.flatMap((language) => {
      const own = texts.filter((text) => text.language === language);
      const domains = [...new Set(own.map(({ domain }) => domain))].sort();
      return [
        groupOf(own, language, null),
        ...(domains.length < 2
          ? []
          : domains.map((domain) =>
              groupOf(
                own.filter((text) => text.domain === domain),
                language,
                domain,
              ),
            )),
      ];
    }),
  ].filter(({ documents }) => documents > 0);
}

function groupOf(texts: readonly ScoredText[], language: string | null, domain: string | null): BitsGroup {
  const bytes = texts.reduce((sum, text) => sum + text.bytes, 0);
  const nats = texts.reduce((sum, text) => sum + text.nats, 0);
  const mean = bitsPerByte({ nats, bytes });
  return {
    language,
    domain,
    documents: texts.length,
    bytes,
    tokens: texts.reduce((sum, text) => sum + text.tokens, 0),
    bitsPerByte: mean,
    standardError: errorOf(texts, mean, bytes),
  };
}

/** Of a ratio of sums, by the residuals of the documents (Cochran, Sampling Techniques, 6.4). */
function errorOf(texts: readonly ScoredText[], mean: number, bytes: number): number | null {
  const count = texts.length;
  if (count < 2) return null;
  const squares = texts.reduce((sum, text) => sum + (text.nats / Math.LN2 - mean * text.bytes) ** 2, 0);
  return Math.sqrt((squares / (count - 1)) * count) / bytes;
}

export interface JudgedPair {
  readonly id: string;
  readonly language: string;
  readonly phenomenon: string;
  /** Sums of natural log-probabilities of the whole sentences after the begin token. */
  readonly right: number;
  readonly wrong: number;
}

export interface PairGroup {
  readonly language: string | null;
  readonly phenomenon: string | null;
  readonly pairs: number;
  /** The right sentence is more likely; a tie is no success. */
  readonly correct: number;
  readonly share: number;
  /** √(p (1 − p) / n). */
  readonly standardError: number;
}

export function pairGroupsOf(pairs: readonly JudgedPair[]): readonly PairGroup[] {
  const languages = [...new Set(pairs.map(({ language }) => language))].sort();
  const of = (own: readonly JudgedPair[], language: string | null, phenomenon: string | null): PairGroup => {
    const correct = own.filter(({ right, wrong }) => right > wrong).length;
    const share = correct / own.length;
    return {
      language,
      phenomenon,
      pairs: own.length,
      correct,
      share,
      standardError: Math.sqrt((share * (1 - share)) / own.length),
    };
  };
  if (pairs.length === 0) return [];
  return [
    of(pairs, null, null),
    ...languages.flatMap((language) => {
      const own = pairs.filter((pair) => pair.language === language);
      const phenomena = [...new Set(own.map(({ phenomenon }) => phenomenon))].sort();
      return [
        of(own, language, null),
        ...phenomena.map((phenomenon) =>
          of(
            own.filter((pair) => pair.phenomenon === phenomenon),
            language,
            phenomenon,
          ),
        ),
      ];
    }),
  ];
}
