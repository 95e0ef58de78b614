// One whole row: every column, the text uncut up to a limit.
import type { DatasetDocument } from '../../api/dataset-rows.ts';
import { StudioError } from '../../api/errors.ts';
import { cellExpression, toCell } from './columns.ts';
import { type DatasetEngine, queryOne } from './engine.ts';
import { type DatasetSource, relation } from './source.ts';

/** More than any document a person reads; what is longer is cut and says so. Keeps a reply well under a frame. */
export const MAX_FIELD_CHARACTERS = 2_000_000;

/** Throws NOT_FOUND when there is no such row. */
export async function readDocument(
  engine: DatasetEngine,
  source: DatasetSource,
  row: number,
  signal?: AbortSignal,
): Promise<DatasetDocument> {
  const { columns } = source.info;
  const expressions = columns.flatMap((column) => {
    const { value, cut } = cellExpression(column, MAX_FIELD_CHARACTERS);
    return [value, cut];
  });
  const result = await queryOne(engine, {
    path: source.path,
    signal,
    statements: [`SELECT ${expressions.join(', ')} FROM ${relation(source, { kind: 'list', rows: [row] })}`],
  });
  if (result.rows === 0) {
    throw new StudioError('NOT_FOUND', `There is no row ${row}`, {
      hint: `The dataset has ${source.info.rows} rows, counted from 0`,
      path: source.path,
    });
  }
  const fields = columns.map((column, index) => ({
    name: column.name,
    type: column.type,
    value: toCell(result.columns[2 * index]?.[0]),
    truncated: result.columns[2 * index + 1]?.[0] === true,
  }));
  return { row, fields };
}
