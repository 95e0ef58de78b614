// How far heads agree: Spearman per language and joint histograms, both of the score table in memory.
import type { HeadAgreement } from '../../api/quality-distributions.ts';
import { histogramEdges } from '../../lib/statistics/histogram.ts';
import type { Corpus } from './corpus.ts';
import { languageIndex, scoreRange } from './distributions.ts';
import { type Asking, requireTableHead, tableReference } from './thresholds.ts';

/** Languages are never pooled: pooling mixes how good the heads are with how the languages differ. */
export async function readHeadAgreement(
  corpus: Corpus,
  request: { readonly heads: readonly string[]; readonly language: string | null; readonly bins: number },
  asking: Asking,
): Promise<HeadAgreement> {
  const { table } = corpus;
  const names = [...new Set(request.heads)];
  const heads = names.map((name) => ({ name, ...requireTableHead(corpus, name) }));
  const language = languageIndex(corpus, request.language);
  const pairs = heads.flatMap((left, index) => heads.slice(index + 1).map((right) => ({ left, right })));
  const [low, high] = scoreRange(heads);
  const edges = histogramEdges(low, high, request.bins);
  const path = table.plans[0]?.source.path ?? table.path;

  const perLanguage = new Map<string, HeadAgreement['perLanguage'][number]['correlations']>(
    table.languages
      .filter(({ name }) => request.language === null || name === request.language)
      .map(({ name }) => [name, []]),
  );
  const joint: HeadAgreement['joint'] = [];
  for (const { left, right } of pairs) {
    const found = await asking.engine.scores(
      await tableReference(table),
      { kind: 'spearman', left: fieldOf(left), right: fieldOf(right), language },
      { path, signal: asking.signal },
    );
    if (found.kind !== 'spearman') throw new Error(`Asked for coefficients, got ${found.kind}`);
    for (const [index, { name }] of table.languages.entries()) {
      perLanguage.get(name)?.push({
        left: left.name,
        right: right.name,
        coefficient: finite(found.coefficients[index]),
        pairs: found.pairs[index] ?? 0,
      });
    }
    const answer = await asking.engine.scores(
      await tableReference(table),
      { kind: 'joint', left: fieldOf(left), right: fieldOf(right), language, edges: [...edges] },
      { path, signal: asking.signal },
    );
    if (answer.kind !== 'joint') throw new Error(`Asked for a joint histogram, got ${answer.kind}`);
    joint.push({ left: left.name, right: right.name, counts: [...answer.counts] });
  }
  return {
    language: request.language,
    heads: names,
    spearman: meanMatrix(names, [...perLanguage.values()]),
    perLanguage: [...perLanguage].map(([name, correlations]) => ({ language: name, correlations })),
    joint,
    edges: [...edges],
  };
}

const fieldOf = ({ field, wide }: { readonly field: string; readonly wide: boolean }) => ({ field, wide });

/** NaN for a constant side; rounding may leave a hair beyond 1. */
function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : null;
}

function meanMatrix(
  names: readonly string[],
  languages: readonly HeadAgreement['perLanguage'][number]['correlations'][],
): (number | null)[][] {
  return names.map((row) =>
    names.map((column) => {
      if (row === column) return 1;
      const values = languages
        .flat()
        .filter(({ left, right }) => (left === row && right === column) || (left === column && right === row))
        .flatMap(({ coefficient }) => (coefficient === null ? [] : [coefficient]));
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
    }),
  );
}
