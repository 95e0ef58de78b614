// Documents of one cell of the board to read: at random, nearest to a threshold, or where the heads disagree most.
import type { SampleRow, sampleOrder } from '../../api/quality.ts';
import type { z } from 'zod';
import type { Filter } from '../../lib/quality/recipe.ts';
import { PREVIEW_CHARACTERS } from '../datasets/columns.ts';
import { queryOne } from '../datasets/engine.ts';
import { relation, ROW_NUMBER } from '../datasets/source.ts';
import { sqlText } from '../datasets/sql.ts';
import type { Corpus } from './corpus.ts';
import { languageIndex } from './distributions.ts';
import { judgedTable, type JudgedTable } from './judged-table.ts';
import type { Asking } from './thresholds.ts';

type Side = 'kept' | 'removed';

export interface SampleRequest {
  readonly filter: Filter;
  readonly language: string | null;
  readonly cell: { readonly fw2: Side | null; readonly jql: Side };
  readonly reason: string | null;
  readonly order: z.infer<typeof sampleOrder>;
  readonly limit: number;
}

/** Rows come in the asked order; a document's text is read only for those that are returned. */
export async function readSamples(
  corpus: Corpus,
  request: SampleRequest,
  asking: Asking,
  nameOf: (path: string) => string,
): Promise<readonly SampleRow[]> {
  const { table } = corpus;
  languageIndex(corpus, request.language);
  await table.saved();
  const judged = judgedTable(corpus, request.filter, request.language);
  const result = await queryOne(asking.engine, {
    path: table.plans[0]?.source.path ?? table.path,
    signal: asking.signal,
    statements: [sampleSql(judged, request)],
  });
  const { filter } = request;
  const rows = Array.from({ length: result.rows }, (_, index) => {
    const [file, row, language, tokens, reason, fw2, margin, ...scores] = result.columns.map(
      (column) => column[index],
    );
    return {
      file: Number(file),
      row: Number(row),
      language: typeof language === 'string' ? language : '',
      tokens: table.facts.tokens.kind === 'none' || tokens === null ? null : Number(tokens),
      filterReason: typeof reason === 'string' ? reason : null,
      fw2: fw2 === null ? null : fw2 === true ? ('kept' as const) : ('removed' as const),
      margin: finite(margin),
      scores: Object.fromEntries(filter.heads.map(({ name }, head) => [name, finite(scores[head])])),
    };
  });
  const texts = await readTexts(corpus, rows, asking);
  return rows.map(({ file, row, ...facts }) => {
    const found = texts.get(`${file}/${row}`);
    const text = found?.text ?? '';
    return {
      path: nameOf(table.plans[file]?.source.path ?? ''),
      row,
      id: found?.id ?? null,
      ...facts,
      preview: text.slice(0, PREVIEW_CHARACTERS),
      truncated: text.length > PREVIEW_CHARACTERS,
    };
  });
}

function finite(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function sampleSql({ sql, heads }: JudgedTable, { cell, reason, order, limit }: SampleRequest): string {
  const distances = heads.map(({ field }, index) => `abs(${field} - t${index})`);
  const margin = distances.length === 1 ? distances[0] : `least(${distances.join(', ')})`;
  const fw2 = cell.fw2 === null ? '' : `AND ${cell.fw2 === 'kept' ? 'fw2' : 'NOT fw2'}`;
  const only = reason === null ? '' : `AND reason = ${sqlText(reason)}`;
  const wanted = `WHERE ${cell.jql === 'kept' ? 'jql' : 'NOT jql'} ${fw2} ${only}`;
  const columns = ['file', 'row', 'language', 'tokens', 'reason', 'fw2', `${margin} AS margin`];
  const select = [...columns, ...heads.map(({ field }) => field)].join(', ');
  if (order.kind === 'heads-disagree' && heads.length > 1) {
    // Ranks within the language, over all of it: heads use different parts of the scale.
    const ranks = heads.map(
      ({ field }, index) =>
        `CASE WHEN ${field} IS NOT NULL THEN percent_rank() OVER (PARTITION BY language ORDER BY ${field}) END AS r${index}`,
    );
    const names = heads.map((_, index) => `r${index}`).join(', ');
    return `SELECT ${select} FROM (SELECT *, ${ranks.join(', ')} FROM (${sql})) ${wanted}
      ORDER BY greatest(${names}) - least(${names}) DESC NULLS LAST, file, row LIMIT ${limit}`;
  }
  const key = order.kind === 'random' ? `hash(file, row, ${order.seed})` : 'margin NULLS LAST';
  return `SELECT ${select} FROM (${sql}) ${wanted} ORDER BY ${key}, file, row LIMIT ${limit}`;
}

async function readTexts(
  { table }: Corpus,
  rows: readonly { readonly file: number; readonly row: number }[],
  asking: Asking,
): Promise<ReadonlyMap<string, { readonly id: string | null; readonly text: string }>> {
  const texts = new Map<string, { id: string | null; text: string }>();
  for (const file of new Set(rows.map((row) => row.file))) {
    const own = rows.filter((row) => row.file === file);
    const plan = table.plans[file];
    if (!plan) continue;
    const result = await queryOne(asking.engine, {
      path: plan.source.path,
      signal: asking.signal,
      statements: [
        `SELECT ${ROW_NUMBER}, ${plan.id}, left(${plan.text}, ${PREVIEW_CHARACTERS + 1}) 
         FROM ${relation(plan.source, { kind: 'list', rows: own.map(({ row }) => row) })}`,
      ],
    });
    for (const [index, row] of (result.columns[0] ?? []).entries()) {
      const id = result.columns[1]?.[index];
      const text = result.columns[2]?.[index];
      texts.set(`${file}/${Number(row)}`, {
        id: typeof id === 'string' ? id : null,
        text: typeof text === 'string' ? text : '',
      });
    }
  }
  return texts;
}
