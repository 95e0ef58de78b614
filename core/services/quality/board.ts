// The 2 × 2 board: what FineWeb-2 and the heads each kept and removed, with the reasons FineWeb-2 gave.
import type { Board, BoardCell } from '../../api/quality.ts';
import type { Filter } from '../../lib/quality/recipe.ts';
import { queryOne } from '../datasets/engine.ts';
import type { Corpus } from './corpus.ts';
import { languageIndex } from './distributions.ts';
import { judgedTable } from './judged-table.ts';
import type { Asking } from './thresholds.ts';

/** FineWeb-2's filters know about twenty reasons; a free-text column could hold any number. */
const MAX_REASONS = 30;

type Side = 'kept' | 'removed';

export async function readBoard(
  corpus: Corpus,
  request: { readonly filter: Filter; readonly language: string | null },
  asking: Asking,
): Promise<Board> {
  const { table } = corpus;
  languageIndex(corpus, request.language);
  await table.saved();
  const judged = judgedTable(corpus, request.filter, request.language);
  const result = await queryOne(asking.engine, {
    path: table.plans[0]?.source.path ?? table.path,
    signal: asking.signal,
    statements: [
      `SELECT fw2, jql, reason, count(*) AS documents, coalesce(sum(tokens), 0)::DOUBLE FROM (${judged.sql})
       GROUP BY ALL ORDER BY documents DESC, reason NULLS LAST`,
    ],
  });
  const rows = Array.from({ length: result.rows }, (_, row) => ({
    fw2: sideOf(result.columns[0]?.[row]),
    jql: sideOf(result.columns[1]?.[row]) ?? 'removed',
    reason: textOf(result.columns[2]?.[row]),
    documents: Number(result.columns[3]?.[row]),
    tokens: Number(result.columns[4]?.[row]),
  }));
  const flagged: readonly (Side | null)[] = table.facts.keptSource === null ? [null] : ['kept', 'removed'];
  const counted = table.facts.tokens.kind !== 'none';
  const cells = flagged.flatMap((fw2) =>
    (['kept', 'removed'] as const).map((jql): BoardCell => {
      const own = rows.filter((row) => row.fw2 === fw2 && row.jql === jql);
      const tokens = own.reduce((sum, row) => sum + row.tokens, 0);
      return {
        fw2,
        jql,
        documents: own.reduce((sum, row) => sum + row.documents, 0),
        tokens: counted ? tokens : null,
        reasons:
          table.facts.filterReasonColumn === null
            ? []
            : own.slice(0, MAX_REASONS).map((row) => ({
                reason: row.reason,
                documents: row.documents,
                tokens: counted ? row.tokens : null,
              })),
      };
    }),
  );
  return { cells, tokenLabel: table.facts.tokens.label };
}

function sideOf(value: unknown): Side | null {
  if (value === null || value === undefined) return null;
  return value === true ? 'kept' : 'removed';
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
