// The columns of a dataset as the quality lab and embedding sets look at them: fields of nested columns stand beside the others.
import { type Leaf, leafOf } from '../../lib/quality/recognise-columns.ts';
import type { DatasetSource } from './source.ts';
import { sqlName } from './sql.ts';

export interface SqlLeaf extends Leaf {
  /** Over the relation of the dataset. */
  readonly expression: string;
  readonly type: string;
}

export function leavesOf(source: DatasetSource): readonly SqlLeaf[] {
  return source.info.columns.map((column) => ({
    ...leafOf(column),
    type: column.type,
    expression: sqlName(column.name),
  }));
}
