// How far heads agree: Spearman per language (DuckDB ranks, on the score table) and joint histograms (in memory).
import type { HeadAgreement } from '../../api/quality.ts';
import { histogramEdges } from '../../lib/statistics/histogram.ts';
import { queryOne } from '../datasets/engine.ts';
import { sqlFile, sqlText } from '../datasets/sql.ts';
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
    const found = await queryOne(asking.engine, {
      path,
      signal: asking.signal,
      statements: [spearmanSql(table.path, left.field, right.field, request.language)],
    });
    const rows = new Map(
      (found.columns[0] ?? []).map((name, row) => [
        String(name),
        { coefficient: found.columns[1]?.[row], pairs: Number(found.columns[2]?.[row] ?? 0) },
      ]),
    );
    for (const [name, correlations] of perLanguage) {
      const own = rows.get(name);
      correlations.push({
        left: left.name,
        right: right.name,
        coefficient: finite(own?.coefficient),
        pairs: own?.pairs ?? 0,
      });
    }
    const answer = await asking.engine.scores(
      tableReference(table),
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

/** DuckDB gives NaN, or NULL, for a constant side; rounding may leave a hair beyond 1. */
function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : null;
}

/** Pairs with a missing side are dropped before ranking; ties share the mean of their positions. */
function spearmanSql(path: string, left: string, right: string, language: string | null): string {
  const rank = (field: string): string =>
    `rank() OVER (PARTITION BY language ORDER BY ${field})
     + (count(*) OVER (PARTITION BY language, ${field}) - 1) / 2.0`;
  const only = language === null ? '' : `AND language = ${sqlText(language)}`;
  return `SELECT language, CASE WHEN count(*) > 1 AND min(x) < max(x) AND min(y) < max(y) THEN corr(x, y) END, count(*)
    FROM (SELECT language, ${rank(left)} AS x, ${rank(right)} AS y FROM read_parquet(${sqlFile(path)})
      WHERE ${left} IS NOT NULL AND ${right} IS NOT NULL ${only})
    GROUP BY language`;
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
