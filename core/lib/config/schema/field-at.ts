// The schema field that describes a key path of a document. Exports: fieldAt, bestOption.
// Knows how unions are decided by the keys present; checks no values.
import type { ConfigNode, KeyPath } from '../types.ts';
import type { ConfigSchema, SchemaField, ValueType } from './types.ts';

/** The class of a union that a map belongs to: the first whose fields hold all keys, else the one with fewest foreign keys. */
export function bestOption(
  options: readonly ValueType[],
  node: ConfigNode | undefined,
): ValueType | undefined {
  const shape = node === undefined ? undefined : node.kind;
  const sameShape = options.filter((option) => {
    if (shape === 'map') return option.kind === 'object' || option.kind === 'map';
    if (shape === 'list') return option.kind === 'list';
    return (
      shape === undefined || (option.kind !== 'object' && option.kind !== 'map' && option.kind !== 'list')
    );
  });
  if (node?.kind !== 'map') return sameShape[0] ?? options[0];
  const keys = node.entries.map((entry) => entry.key);
  const foreign = (option: ValueType) =>
    option.kind === 'object' ? keys.filter((key) => !Object.hasOwn(option.object.fields, key)).length : 0;
  return sameShape.toSorted((left, right) => foreign(left) - foreign(right))[0] ?? options[0];
}

/** The field at a path; null when the schema does not know it or the path is a list item. `root` decides unions. */
export function fieldAt(schema: ConfigSchema, root: ConfigNode | null, path: KeyPath): SchemaField | null {
  let type: ValueType | undefined = { kind: 'object', object: schema.root };
  let node: ConfigNode | undefined = root ?? undefined;
  let field: SchemaField | null = null;
  for (const step of path) {
    if (type?.kind === 'union') type = bestOption(type.options, node);
    if (type?.kind === 'object') {
      field = Object.hasOwn(type.object.fields, String(step))
        ? (type.object.fields[String(step)] ?? null)
        : null;
      if (field === null) return null;
      type = field.type;
    } else if (type?.kind === 'list') {
      type = type.item;
      field = null;
    } else return null;
    node = childOf(node, step);
  }
  return field;
}

function childOf(node: ConfigNode | undefined, step: string | number): ConfigNode | undefined {
  if (node?.kind === 'map') return node.entries.find((entry) => entry.key === String(step))?.value;
  return node?.kind === 'list' ? node.items[Number(step)] : undefined;
}
