// Rows of published tables as models that were evaluated.
import type { EvaluatedModel } from '../../api/evaluations.ts';
import type { ReferenceTable } from './reference.ts';

/** A name that stands twice in a table gets its place. */
export function referenceKeys({ id, rows }: ReferenceTable): readonly string[] {
  const seen = new Set<string>();
  return rows.map(({ name }, place) => {
    const key = `reference:${id}/${name}`;
    const own = seen.has(key) ? `${key} (row ${place + 1})` : key;
    seen.add(key);
    return own;
  });
}

export function referenceModels(table: ReferenceTable): readonly EvaluatedModel[] {
  const keys = referenceKeys(table);
  return table.rows.map(({ name }, place) => ({
    key: keys[place] ?? '',
    name: `${name} (${table.where})`,
    run: null,
    modelPath: null,
    type: null,
    reference: { table: table.id, title: table.title },
  }));
}
