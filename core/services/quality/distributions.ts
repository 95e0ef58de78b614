// How scores and document lengths lie: exact histograms out of the score table in memory.
import type { Distribution, TokenLengths } from '../../api/quality-distributions.ts';
import { StudioError } from '../../api/errors.ts';
import { histogramEdges } from '../../lib/statistics/histogram.ts';
import { addParts, type PartCounts, rightShares } from '../../lib/quality/score-histogram.ts';
import type { ScoreAnswer, ScoreQuestion } from '../../../native/duckdb/protocol.ts';
import type { Corpus } from './corpus.ts';
import { type Asking, requireTableHead, tableReference } from './thresholds.ts';

/** Heads are trained on ratings from 0 to 5 and go a little beyond. */
const RATING_RANGE = [-0.5, 5.5] as const;
/** Scores further out than this are on another scale. */
const RATING_SLACK = 1.5;
/** Context of small embedders and of the one JQL uses. */
const MARKS = [512, 8192] as const;

/** Number of a language in the table, null for all. Throws NOT_FOUND. */
export function languageIndex({ table }: Corpus, language: string | null): number | null {
  if (language === null) return null;
  const index = table.languages.findIndex(({ name }) => name === language);
  if (index >= 0) return index;
  throw new StudioError('NOT_FOUND', `No document is in the language ${language}`, {
    hint: `The languages are: ${table.languages.map(({ name }) => name).join(', ')}`,
  });
}

async function ask(corpus: Corpus, question: ScoreQuestion, asking: Asking) {
  const { table } = corpus;
  const path = table.plans[0]?.source.path ?? table.path;
  return asking.engine.scores(await tableReference(table), question, { path, signal: asking.signal });
}

function requireHistogram(answer: ScoreAnswer): Extract<ScoreAnswer, { kind: 'histogram' }> {
  if (answer.kind !== 'histogram') throw new Error(`Asked for a histogram, got ${answer.kind}`);
  return answer;
}

/** The usual scale when every score is on it, else from the lowest to the highest. */
export function scoreRange(heads: readonly { readonly low: number | null; readonly high: number | null }[]) {
  const low = Math.min(...heads.map((head) => head.low ?? RATING_RANGE[0]));
  const high = Math.max(...heads.map((head) => head.high ?? RATING_RANGE[1]));
  const usual = low >= RATING_RANGE[0] - RATING_SLACK && high <= RATING_RANGE[1] + RATING_SLACK;
  return usual ? RATING_RANGE : ([low, high] as const);
}

export async function readDistribution(
  corpus: Corpus,
  request: {
    readonly head: string;
    readonly language: string | null;
    readonly bins: number;
    readonly range: readonly [number, number] | null;
  },
  asking: Asking,
): Promise<Distribution> {
  const head = requireTableHead(corpus, request.head);
  const [low, high] = request.range ?? scoreRange([head]);
  if (!(low < high) && request.range !== null) {
    throw new StudioError('INVALID_INPUT', 'The range of a histogram must end after it begins', {
      hint: 'Swap the two numbers',
    });
  }
  const edges = histogramEdges(low, high, request.bins);
  const parts = requireHistogram(
    await ask(
      corpus,
      {
        kind: 'histogram',
        head: { field: head.field, wide: head.wide },
        language: languageIndex(corpus, request.language),
        edges: [...edges],
      },
      asking,
    ),
  );
  const all = addParts(parts.kept, parts.removed, parts.unknown);
  const flagged = corpus.table.facts.keptSource !== null;
  return {
    head: request.head,
    language: request.language,
    edges: [...edges],
    all: shown(all),
    kept: flagged ? shown(parts.kept) : null,
    removed: flagged ? shown(addParts(parts.removed, parts.unknown)) : null,
    rightCdf: {
      documents: [...rightShares(all.counts, all.above, all.documents)],
      tokens: [...rightShares(all.tokenCounts, all.tokensAbove, all.tokens)],
    },
  };
}

function shown(part: PartCounts): Distribution['all'] {
  return {
    documents: part.documents,
    tokens: part.tokens,
    below: part.below,
    above: part.above,
    mean: part.finite === 0 ? null : part.sum / part.finite,
    counts: [...part.counts],
  };
}

/** Linear: 0 to 8,192 and what is above. Log: 1 to 131,072 in equal factors. */
function lengthEdges(bins: number, scale: 'linear' | 'log'): readonly number[] {
  if (scale === 'linear') return histogramEdges(0, 8192, bins);
  return Array.from({ length: bins + 1 }, (_, edge) => 2 ** ((17 * edge) / bins));
}

export async function readTokenLengths(
  corpus: Corpus,
  request: { readonly language: string | null; readonly bins: number; readonly scale: 'linear' | 'log' },
  asking: Asking,
): Promise<TokenLengths> {
  const language = languageIndex(corpus, request.language);
  const histogram = async (edges: readonly number[]): Promise<PartCounts> => {
    const answer = await ask(corpus, { kind: 'histogram', head: null, language, edges: [...edges] }, asking);
    const parts = requireHistogram(answer);
    return addParts(parts.kept, parts.removed, parts.unknown);
  };
  const edges = lengthEdges(request.bins, request.scale);
  const all = await histogram(edges);
  const beyond = await Promise.all(
    MARKS.map(async (mark) => {
      const split = await histogram([0, mark]);
      return { mark, documents: split.above, tokens: split.tokensAbove };
    }),
  );
  const counts = [...all.counts];
  // Empty documents have no logarithm; they stand in the first bin.
  if (request.scale === 'log') counts[0] = (counts[0] ?? 0) + all.below;
  return {
    label: corpus.table.facts.tokens.label,
    language: request.language,
    scale: request.scale,
    edges: [...edges],
    counts,
    above: all.above,
    documents: all.documents,
    tokens: all.tokens,
    beyond,
  };
}
