// One table of the columns of several files: by name, with the type that holds them all, NULL where a file has no such column.
// What was done is said in notes. Knows schemas, not bytes.
import type { DatasetColumn } from '../../api/dataset-shape.ts';
import { convertSql, isNumericType, mergeTypes } from '../../lib/datasets/merge-types.ts';
import type { NestedColumn } from '../../lib/datasets/nested-columns.ts';
import type { FileSchema } from './read-schemas.ts';
import type { SourceColumn } from './source.ts';

/** As many as the grid asks for at once; beyond, nested columns stay whole. */
const MAX_SHOWN = 500;
const SHOWN_NOTES = 12;
const FILE_COLUMN_NAMES = ['file', 'source_file', 'dataset_file'];

export interface JoinedColumns {
  readonly columns: readonly SourceColumn[];
  /** What the window shows: fields instead of the columns they lie in, and the file. */
  readonly info: readonly DatasetColumn[];
  /** Of each file, one for each of `columns`. */
  readonly expressions: readonly (readonly string[])[];
  readonly fileColumn: string | null;
  readonly notes: readonly string[];
}

interface Joining {
  readonly name: string;
  readonly path: readonly string[];
  readonly kind: SourceColumn['kind'];
  type: string;
  readonly types: Map<string, number>;
  readonly own: Map<
    FileSchema,
    { readonly type: string; readonly expression: string; readonly isNull: boolean }
  >;
  /** A stored column that some file shows whole. */
  isShown: boolean;
}

export function joinColumns(schemas: readonly FileSchema[]): JoinedColumns {
  const stored = new Map<string, Joining>();
  const fields = new Map<string, Joining>();
  const several = schemas.length > 1;
  // What a file without rows says of its columns is often wrong: it was guessed from nothing.
  const telling = schemas.some(({ rows }) => rows > 0) ? schemas.filter(({ rows }) => rows > 0) : schemas;
  for (const schema of telling) {
    for (const column of schema.stored) {
      const inside = schema.inside.get(column.name) ?? [];
      const joining = add(stored, schema, column, 'stored');
      if (inside.length === 0 && column.isNull !== true) joining.isShown = true;
      for (const field of inside) add(fields, schema, field, 'field');
    }
  }
  // Nothing but nulls everywhere.
  for (const joining of stored.values()) if (joining.types.size === 0) joining.isShown = true;
  // A column of its own comes before a field that would be called the same.
  for (const name of stored.keys()) fields.delete(name);
  const notes: string[] = [];
  const isWide = stored.size + fields.size > MAX_SHOWN;
  if (isWide && fields.size > 0) {
    notes.push(`The nested columns have ${fields.size} fields: too many to show each as a column`);
    fields.clear();
    for (const joining of stored.values()) joining.isShown = true;
  }
  const joinings = [...stored.values(), ...fields.values()];
  notes.push(...differences(joinings, telling.length));
  const fileColumn = several ? freeName(joinings) : null;
  return {
    columns: joinings.map(({ name, type, kind }) => ({ name, type, kind })),
    info: infoOf(stored, fields, fileColumn),
    expressions: schemas.map((schema) =>
      joinings.map(({ own, type }) => {
        const found = own.get(schema);
        return found && !found.isNull ? convertSql(found.expression, found.type, type) : `NULL::${type}`;
      }),
    ),
    fileColumn,
    notes,
  };
}

function add(
  known: Map<string, Joining>,
  schema: FileSchema,
  column: NestedColumn,
  kind: SourceColumn['kind'],
): Joining {
  const { name, path, type, expression } = column;
  // SQL names ignore case.
  const key = name.toLowerCase();
  const joining = known.get(key) ?? {
    name,
    path,
    kind,
    type,
    types: new Map(),
    own: new Map(),
    isShown: false,
  };
  known.set(key, joining);
  if (joining.own.has(schema)) return joining;
  const isNull = column.isNull === true;
  joining.own.set(schema, { type, expression, isNull });
  if (isNull) return joining;
  joining.type = joining.types.size === 0 ? type : mergeTypes(joining.type, type);
  joining.types.set(type, (joining.types.get(type) ?? 0) + 1);
  return joining;
}

/** Fields stand where their column stands. */
function infoOf(
  stored: ReadonlyMap<string, Joining>,
  fields: ReadonlyMap<string, Joining>,
  fileColumn: string | null,
): readonly DatasetColumn[] {
  const shown: DatasetColumn[] = [];
  const info = ({ name, type }: Joining): DatasetColumn => ({ name, type, numeric: isNumericType(type) });
  for (const [key, joining] of stored) {
    if (joining.isShown) shown.push(info(joining));
    for (const field of fields.values()) {
      if (field.path[0]?.toLowerCase() === key) shown.push({ ...info(field), path: [...field.path] });
    }
  }
  if (fileColumn !== null) shown.push({ name: fileColumn, type: 'VARCHAR', numeric: false });
  return shown;
}

function freeName(joinings: readonly Joining[]): string | null {
  const taken = new Set(joinings.map(({ name }) => name.toLowerCase()));
  return FILE_COLUMN_NAMES.find((name) => !taken.has(name)) ?? null;
}

function differences(joinings: readonly Joining[], files: number): readonly string[] {
  const notes = joinings.flatMap(({ name, type, types, own, kind, isShown }) => {
    const missing = files - own.size;
    // What differs inside a nested column is said of its fields.
    if (kind === 'stored' && !isShown) return [];
    const others = [...types.keys()].filter((found) => found !== type);
    return [
      ...(missing === 0 ? [] : [`${name} is missing in ${missing} of ${files} files: empty there`]),
      ...(others.length === 0
        ? []
        : [
            `${name} is ${[...types.keys()].map(typeWord).join(' or ')} in the files: read as ${typeWord(type)}`,
          ]),
    ];
  });
  if (notes.length <= SHOWN_NOTES) return notes;
  return [
    ...notes.slice(0, SHOWN_NOTES),
    `${notes.length - SHOWN_NOTES} more columns differ between the files`,
  ];
}

/** Types as a person calls them; structs are long. */
function typeWord(type: string): string {
  if (type === 'VARCHAR') return 'text';
  if (type.endsWith(']')) return 'a list';
  if (type.startsWith('STRUCT') || type === 'JSON') return 'an object';
  return type;
}
