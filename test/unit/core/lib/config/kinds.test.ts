import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { explainKind, recogniseKind } from '../../../../../core/lib/config/kinds.ts';

describe('recogniseKind', () => {
  it.each([
    ['general:\n  project: x\n', 'nanotron'],
    ['checkpoints:\n  checkpoint_interval: 5\nresume', 'nanotron'],
    ['model:\n  model_config:\n', 'nanotron'],
    ['model_name_or_path: x\ndataset_name: y\npacking: true\n', 'trl-sft'],
    ['model_name_or_path: x\ndataset_name: y\nbeta: 0.1\n', 'trl-dpo'],
    ['base_model: x\ndatasets:\n- path: y\n', 'axolotl-sft'],
    ['name: w\ntargets:\n- name: here\n  kind: local\n', 'studio'],
    ['name: w\ndatasets:\n- name: a\n  path: b\n', 'studio'],
    ['id: mine\ntitle: Mine\ntargets: [cluster]\ncommand: [python3, train.py]\n', 'unknown'],
    ['version: 3\nservices:\n  web: 1\n', 'unknown'],
    ['- 1\n- 2\n', 'unknown'],
    ['', 'unknown'],
    ['just text', 'unknown'],
  ] as const)('%j is %s', (text, kind) => {
    expect(recogniseKind(parseConfig(text))).toBe(kind);
  });

  it('says which keys decided', () => {
    const decision = explainKind(parseConfig('parallelism:\n  dp: 1\ngeneral:\n  project: x\n'));
    expect(decision.reasons[0]).toBe('parallelism');
    expect(decision.reasons).toContain('general.project');
  });
});
