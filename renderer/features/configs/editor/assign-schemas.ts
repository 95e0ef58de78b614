// Tells the YAML service which schema each open config follows, as their kinds become known or change.
// The service restarts its worker on every change, so it hears of real changes only.
import type { JSONSchema } from 'monaco-yaml';
import { toJsonSchema } from '../../../../core/lib/config/json-schema.ts';
import { schemaForKind } from '../../../../core/lib/config/schema/for-kind.ts';
import type { ConfigKind } from '../../../../core/lib/config/types.ts';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import type { LoadedEditor } from './load-editor.ts';
import type { SchemaAssignment } from './yaml-service.ts';

const schemas = new Map<ConfigKind, JSONSchema>();
let known = '';

export function assignSchemas(loaded: LoadedEditor, buffers: readonly ConfigBuffer[]): void {
  const urisByKind = new Map<ConfigKind, string[]>();
  for (const buffer of buffers) {
    const kind = buffer.state.getState().checked?.kind ?? 'unknown';
    if (kind === 'unknown') continue;
    urisByKind.set(kind, [...(urisByKind.get(kind) ?? []), buffer.model.uri.toString()]);
  }
  const print = JSON.stringify([...urisByKind].toSorted(([left], [right]) => left.localeCompare(right)));
  if (print === known) return;
  known = print;
  const assignments = [...urisByKind].flatMap(([kind, modelUris]): SchemaAssignment[] => {
    const schema = jsonSchemaOf(kind);
    return schema === null ? [] : [{ id: kind, schema, modelUris }];
  });
  loaded.assignSchemas(assignments);
}

function jsonSchemaOf(kind: ConfigKind): JSONSchema | null {
  const made = schemas.get(kind);
  if (made !== undefined) return made;
  const schema = schemaForKind(kind);
  if (schema === null) return null;
  // monaco-yaml's type wants mutable arrays; the schema is only posted to the worker.
  const json = withoutTitles(toJsonSchema(schema)) as JSONSchema;
  schemas.set(kind, json);
  return json;
}

/** The service prints titles above descriptions that begin with the same words. A property called title is an object. */
function withoutTitles(schema: object): unknown {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === 'title' && typeof value === 'string' ? undefined : value,
    ),
  );
}
