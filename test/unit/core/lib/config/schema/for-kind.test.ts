// Properties every schema must have, whatever tool it describes.
import { describe, expect, it } from 'vitest';
import { schemaForKind } from '../../../../../../core/lib/config/schema/for-kind.ts';
import { fieldAt } from '../../../../../../core/lib/config/schema/field-at.ts';
import type { ObjectSchema, SchemaField, ValueType } from '../../../../../../core/lib/config/schema/types.ts';
import { parseConfig } from '../../../../../../core/lib/config/document.ts';

const KINDS = ['nanotron', 'trl-sft', 'trl-dpo', 'axolotl-sft', 'studio'] as const;

function* objectsIn(type: ValueType): Generator<ObjectSchema> {
  if (type.kind === 'object') {
    yield type.object;
    for (const field of Object.values(type.object.fields)) yield* objectsIn(field.type);
  }
  if (type.kind === 'list') yield* objectsIn(type.item);
  if (type.kind === 'union') for (const option of type.options) yield* objectsIn(option);
}

function fieldsOf(kind: (typeof KINDS)[number]): readonly [string, SchemaField][] {
  const schema = schemaForKind(kind);
  if (schema === null) throw new Error(kind);
  return [...objectsIn({ kind: 'object', object: schema.root })].flatMap((object) =>
    Object.entries(object.fields),
  );
}

/** A default must be of the type the field declares. */
function fits(type: ValueType, value: unknown): boolean {
  if (type.kind === 'union') return type.options.some((option) => fits(option, value));
  if (type.kind === 'int') return Number.isInteger(value);
  if (type.kind === 'float') return typeof value === 'number';
  if (type.kind === 'bool') return typeof value === 'boolean';
  if (type.kind === 'enum') return type.values.some((allowed) => allowed === value);
  if (type.kind === 'str' || type.kind === 'path') return typeof value === 'string';
  return type.kind === 'any';
}

describe.each(KINDS)('%s', (kind) => {
  it('documents every field in one sentence with a label', () => {
    for (const [key, field] of fieldsOf(kind)) {
      expect(field.doc, key).toMatch(/^.{6,}[.…]$/);
      expect(field.label.length, key).toBeGreaterThan(1);
      expect(field.label, key).not.toMatch(/\.$/);
    }
  });

  it('has defaults of the declared type', () => {
    for (const [key, field] of fieldsOf(kind)) {
      if (field.default === undefined) continue;
      if (field.default === null) expect(field.nullable, key).toBe(true);
      else expect(fits(field.type, field.default), key).toBe(true);
      expect(field.required, key).not.toBe(true);
    }
  });
});

describe('fieldAt', () => {
  const schema = schemaForKind('nanotron');
  const { root } = parseConfig(
    'model:\n  model_config:\n    is_qwen2_config: true\ndata_stages:\n- data:\n    dataset:\n      dataset_folder: x\n',
  );

  it('finds fields through sections, lists and unions', () => {
    if (schema === null) throw new Error('no schema');
    expect(fieldAt(schema, root, ['tokens', 'train_steps'])).toMatchObject({ unit: 'steps', required: true });
    expect(fieldAt(schema, root, ['model', 'model_config', 'no_rope_layer'])).toMatchObject({
      unit: 'layers',
    });
    expect(fieldAt(schema, root, ['data_stages', 0, 'data', 'dataset', 'dataset_weights'])?.label).toBe(
      'Weights',
    );
    expect(fieldAt(schema, root, ['nope'])).toBeNull();
  });
});
