import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { attachFindings, type FormGroup, formModel } from '../../../../../core/lib/config/form.ts';
import { toJsonSchema } from '../../../../../core/lib/config/json-schema.ts';
import { schemaForKind } from '../../../../../core/lib/config/schema/for-kind.ts';
import { configFindings } from '../../../../../core/lib/config/validate.ts';

const TEXT = `general:
  project: x
data_stages:
- name: stable phase
  start_training_step: 1
  data:
    dataset:
      dataset_folder: /a
    seed: 8
model:
  model_config:
    is_qwen2_config: true
    hiden_size: 5
`;

const document = parseConfig(TEXT);

function groupAt(groups: readonly FormGroup[] | undefined, id: string): FormGroup | undefined {
  for (const group of groups ?? []) {
    const found = group.id === id ? group : groupAt(group.groups, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

describe('formModel', () => {
  const model = formModel(document, 'nanotron');

  it('has a group for each section, set or not', () => {
    expect(model?.groups.map((group) => group.id)).toContain(
      'optimizer.learning_rate_scheduler'.split('.')[0],
    );
    expect(groupAt(model?.groups, 'tokens')).toMatchObject({ present: false, label: 'Batch and length' });
    expect(
      groupAt(model?.groups, 'optimizer.learning_rate_scheduler')?.fields.map((field) => field.key),
    ).toContain('lr_warmup_steps');
  });

  it('gives fields their value, unit, range and default', () => {
    const project = groupAt(model?.groups, 'general')?.fields.find((field) => field.key === 'project');
    expect(project).toMatchObject({
      isSet: true,
      required: true,
      node: { value: 'x' },
      path: ['general', 'project'],
    });
    const steps = groupAt(model?.groups, 'tokens')?.fields.find((field) => field.key === 'train_steps');
    expect(steps).toMatchObject({
      isSet: false,
      unit: 'steps',
      type: { kind: 'int', minimum: 1 },
      node: null,
    });
  });

  it('has one group for each stage, named, and says where the next goes', () => {
    const stages = groupAt(model?.groups, 'data_stages');
    expect(stages?.groups.map((group) => group.label)).toEqual(['stable phase']);
    expect(stages?.addItem).toMatchObject({ path: ['data_stages'], index: 1 });
    expect(groupAt(model?.groups, 'data_stages[0].data.dataset')?.fields.map((field) => field.key)).toContain(
      'dataset_weights',
    );
  });

  it('shows the fields of the class that the keys choose', () => {
    expect(groupAt(model?.groups, 'model.model_config')?.fields.map((field) => field.key)).toContain(
      'no_rope_layer',
    );
  });

  it('attaches findings to the nearest field or group', () => {
    if (model === null) throw new Error('no model');
    const attached = attachFindings(model, configFindings(document, 'nanotron'));
    expect(attached.get('model.model_config')?.map((finding) => finding.code)).toEqual(['unknown-key']);
    expect(attached.get('parallelism')?.map((finding) => finding.code)).toEqual(['missing-required']);
  });

  it('groups flat files by heading, and is null for unknown files', () => {
    const flat = formModel(parseConfig('model_name_or_path: x\n'), 'trl-dpo');
    expect(flat?.groups.map((group) => group.label)).toEqual(
      expect.arrayContaining(['Model', 'LoRA', 'Preference', 'Data', 'Optimizer']),
    );
    expect(formModel(document, 'unknown')).toBeNull();
  });
});

describe('toJsonSchema', () => {
  it('describes type, default, unit and meaning for hover, and is plain data', () => {
    const schema = schemaForKind('nanotron');
    if (schema === null) throw new Error('no schema');
    const json = toJsonSchema(schema);
    expect(structuredClone(json)).toEqual(json);
    const steps = json.properties?.['tokens']?.anyOf?.[0]?.properties?.['train_steps'];
    expect(steps).toMatchObject({ type: 'integer', minimum: 1 });
    expect(steps?.description).toMatch(/last step[\s\S]*whole number[\s\S]*Unit: steps[\s\S]*Required/);
    const seed = json.properties?.['general']?.properties?.['seed'];
    expect(seed).toMatchObject({ default: 42, anyOf: [{ type: 'integer' }, { type: 'null' }] });
    expect(json.additionalProperties).toBe(false);
    expect(toJsonSchema(schemaForKind('axolotl-sft') ?? schema).additionalProperties).toBe(true);
  });
});
