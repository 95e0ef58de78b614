// The columns of a dataset as the quality lab looks at them: fields of nested columns stand beside the others.
import type { Leaf } from '../../lib/quality/recognise-columns.ts';
import { isNumericType } from '../../lib/datasets/merge-types.ts';
import type { DatasetSource } from '../datasets/source.ts';
import { sqlName } from '../datasets/sql.ts';

export interface SqlLeaf extends Leaf {
  /** Over the relation of the dataset. */
  readonly expression: string;
  readonly type: string;
}

function kindOf(type: string): Leaf['kind'] {
  if (type === 'VARCHAR') return 'text';
  if (type === 'BOOLEAN') return 'boolean';
  return isNumericType(type) ? 'number' : 'other';
}

export function leavesOf(source: DatasetSource): readonly SqlLeaf[] {
  return source.info.columns.map(({ name, type, path }) => ({
    name,
    path: path ?? [name],
    kind: kindOf(type),
    type,
    expression: sqlName(name),
  }));
}
