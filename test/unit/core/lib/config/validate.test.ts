import { describe, expect, it } from 'vitest';
import { CONFIG_CODES } from '../../../../../core/lib/config/codes.ts';
import { parseConfig } from '../../../../../core/lib/config/document.ts';
import { applyEdits } from '../../../../../core/lib/config/edit.ts';
import type { ConfigKind, Finding } from '../../../../../core/lib/config/types.ts';
import { configFindings, schemaFindings } from '../../../../../core/lib/config/validate.ts';

const MINIMAL = `general:
  project: test
tokens:
  sequence_length: 128
  train_steps: 10
  micro_batch_size: 1
  batch_accumulation_per_replica: 1
parallelism:
  dp: 1
  pp: 1
  tp: 1
  tp_mode: Reduce_Scatter
model:
  init_method:
    std: 0.02
  model_config:
    is_llama_config: true
    hidden_size: 64
optimizer:
  accumulate_grad_in_fp32: true
  zero_stage: 0
  weight_decay: 0
  learning_rate_scheduler:
    learning_rate: 1.0e-03
    lr_warmup_style: linear
  optimizer_factory:
    name: adamW
    adam_eps: 1.0e-08
    adam_beta1: 0.9
    adam_beta2: 0.95
    torch_adam_is_fused: true
data_stages:
- name: all
  start_training_step: 1
  data:
    dataset:
      dataset_folder: /data
    seed: 1
`;

const find = (text: string, kind: ConfigKind = 'nanotron') => configFindings(parseConfig(text), kind);
const brief = (findings: readonly Finding[]) =>
  findings.map(({ line, column, code, severity }) => `${line}:${column} ${severity} ${code}`);
const fixed = (text: string, finding: Finding | undefined) => applyEdits(text, finding?.fix?.edits ?? []);

/** One line of the minimal config written otherwise. */
const change = (line: string, instead: string) => {
  expect(MINIMAL).toContain(`${line}\n`);
  return MINIMAL.replace(`${line}\n`, instead === '' ? '' : `${instead}\n`);
};

describe('the schema of Nanotron', () => {
  it('has nothing to say about a config that Nanotron loads', () => {
    expect(find(MINIMAL)).toEqual([]);
  });

  it.each([
    ['    hidden_size: 64', '    hiden_size: 64', '18:5 error unknown-key', '    hidden_size: 64'],
    [
      '    adam_eps: 1.0e-08',
      '    adam_eps: 1e-8',
      '28:15 error yaml-float-is-string',
      '    adam_eps: 1.0e-08',
    ],
    ['    std: 0.02', '    std: 3e-2', '15:10 error yaml-float-is-string', '    std: 3.0e-02'],
    ['  train_steps: 10', '  train_steps: 1e3', '5:16 error yaml-float-is-string', '  train_steps: 1000'],
    ['  train_steps: 10', '  train_steps: 10.0', '5:16 error wrong-type', '  train_steps: 10'],
    ['  weight_decay: 0', "  weight_decay: '0.01'", '22:17 error wrong-type', '  weight_decay: 0.01'],
    ['  project: test', '  project: on', '2:12 error yaml-bool-word', "  project: 'on'"],
    ['  project: test', '  project: 2024-01-01', '2:12 error yaml-timestamp', "  project: '2024-01-01'"],
    ['  project: test', '  project: 12:30:00', '2:12 error yaml-sexagesimal', "  project: '12:30:00'"],
    ['  project: test', '  project: 5', '2:12 error wrong-type', "  project: '5'"],
    ['  dp: 1', '  dp: 010', '9:7 warning yaml-octal', '  dp: 10'],
    ['  train_steps: 10', '  train_steps: 1_0', '5:16 warning yaml-underscore-number', '  train_steps: 10'],
    ['  dp: 1', '  dp: 1\n  pp_engine: AFAB', '10:14 error not-in-list', '  pp_engine: afab'],
    ['    name: adamW', '    name: adam_w', '27:11 error not-in-list', '    name: adamW'],
  ])('%s → %s', (line, instead, expected, repaired) => {
    const text = change(line, instead);
    const findings = find(text);
    expect(brief(findings)).toEqual([expected]);
    const after = fixed(text, findings[0]);
    expect(after).toContain(`${repaired}\n`);
    expect(find(after)).toEqual([]);
  });

  it.each([
    ['  dp: 1', '', '8:1 error missing-required'],
    ['    name: adamW', '    name: adamW\n    momentum: 1.0', '28:5 error unknown-key'],
    ['  dp: 1', '  dp: 0', '9:7 error out-of-range'],
    ['  dp: 1', '  dp: yes please', '9:7 error wrong-type'],
    ['  dp: 1', '  dp:', '9:3 error wrong-type'],
    ['    adam_beta1: 0.9', '    adam_beta1: 1.5', '29:17 error out-of-range'],
    ['      dataset_folder: /data', '      dataset_folder: []', '37:23 error too-few-items'],
    ['      dataset_folder: /data', '      dataset_folder: 5', '37:23 error wrong-type'],
    ['    seed: 1', '    seed: [1]', '38:11 error wrong-type'],
    ['general:', 'extra: 1\ngeneral:', '1:1 error unknown-key'],
  ])('%s → %j', (line, instead, expected) => {
    expect(brief(find(change(line, instead)))).toEqual([expected]);
  });

  it('says which sections are missing at the start of the file', () => {
    const codes = find('tokens:\n  sequence_length: 1\n').filter(
      (finding) => finding.code === 'missing-required',
    );
    expect(codes.map((finding) => finding.path.join('.'))).toContain('parallelism');
    expect(codes.find((finding) => finding.path.join('.') === 'tokens.train_steps')).toMatchObject({
      line: 1,
      column: 1,
    });
  });

  it('decides unions by the keys present', () => {
    const qwen = change('    is_llama_config: true', '    is_qwen2_config: true\n    no_rope_layer: 4');
    expect(find(qwen)).toEqual([]);
    const hub = change(
      '      dataset_folder: /data',
      '      hf_dataset_or_datasets: a/b\n      text_column_name: text',
    );
    expect(find(hub)).toEqual([]);
    expect(find(change('    dataset:\n      dataset_folder: /data', '    dataset: null'))).toEqual([]);
    const mixed = find(
      change('    is_llama_config: true', '    is_llama_config: true\n    no_rope_layer: 4'),
    );
    expect(mixed.map((finding) => finding.path.at(-1))).toEqual(['no_rope_layer']);
  });
});

const LOST_INDENT = `checkpoints:
  checkpoint_interval: 5000
  checkpoints_path: out  # where
resume_checkpoint_path: /out/630000
save_final_state: false
  save_initial_state: false

${MINIMAL}`;

const MENDED = `checkpoints:
  checkpoint_interval: 5000
  checkpoints_path: out  # where
  resume_checkpoint_path: /out/630000
  save_final_state: false
  save_initial_state: false

${MINIMAL}`;

describe('keys that lost their indentation', () => {
  it('explains each at its line although the YAML does not parse', () => {
    expect(brief(find(LOST_INDENT))).toEqual([
      '4:1 error key-outside-its-section',
      '5:1 error key-outside-its-section',
      '6:3 error yaml-syntax',
      '6:3 error key-outside-its-section',
    ]);
  });

  it('mends all of them with the fix of the syntax error', () => {
    const syntax = find(LOST_INDENT).find((finding) => finding.code === 'yaml-syntax');
    expect(fixed(LOST_INDENT, syntax)).toBe(MENDED);
    expect(find(MENDED)).toEqual([]);
  });

  it('mends them one by one in any order', () => {
    for (const order of [0, -1]) {
      let text = LOST_INDENT;
      for (let round = 0; round < 3; round += 1) {
        text = fixed(
          text,
          find(text)
            .filter((finding) => finding.code === 'key-outside-its-section')
            .at(order),
        );
      }
      expect(find(text)).toEqual([]);
    }
  });

  it('moves keys that parse but stand outside, with CRLF too', () => {
    const text =
      `${MINIMAL}checkpoints:\n  checkpoints_path: out\n  checkpoint_interval: 5\nsave_final_state: false`.replaceAll(
        '\n',
        '\r\n',
      );
    const [finding] = find(text);
    expect(finding).toMatchObject({ code: 'key-outside-its-section', path: ['save_final_state'] });
    expect(fixed(text, finding).endsWith('  checkpoint_interval: 5\r\n  save_final_state: false')).toBe(true);
  });

  it('aligns a line that is merely too deep', () => {
    const text = 'name: a\n  description: b\n';
    const [finding] = find(text, 'studio');
    expect(finding).toMatchObject({ code: 'yaml-syntax', line: 2, column: 3 });
    expect(fixed(text, finding)).toBe('name: a\ndescription: b\n');
  });
});

describe('other kinds', () => {
  it('is lenient where the tool is', () => {
    expect(brief(find('base_model: x\nlearning_rate: 1e-3\nsome_new_key: 1\n', 'axolotl-sft'))).toEqual([
      '2:16 info yaml-float-is-string',
      '3:1 warning unknown-key',
    ]);
    expect(
      brief(find('model_name_or_path: x\nlearning_rate: 2e-5\neval_strategy: no\nnope: 1\n', 'trl-sft')),
    ).toEqual(['2:16 warning yaml-float-is-string', '3:16 error yaml-bool-word', '4:1 error unknown-key']);
  });

  it('reads studio.yaml strictly', () => {
    const text =
      'name: team\ntargets:\n- name: leo\n  kind: slurm\n  gpusPerNode: 4\n  walltime: 24:00:00\n  gpuz: A100\n';
    expect(brief(find(text, 'studio'))).toEqual(['6:13 error yaml-sexagesimal', '7:3 error unknown-key']);
  });

  it('warns about YAML 1.1 in files it does not know', () => {
    expect(brief(find('country: NO\ntime: 12:30:00\nzip: 00123\nbig: 1_000\n', 'unknown'))).toEqual([
      '1:10 warning yaml-bool-word',
      '2:7 warning yaml-sexagesimal',
      '3:6 warning yaml-octal',
    ]);
  });

  it('says nothing behind an error that could not be read around', () => {
    const findings = schemaFindings(
      parseConfig('general:\n  projct: x\ntokens: "open\nmodel:\n  a: 1\n'),
      'nanotron',
    );
    expect(findings.map((finding) => finding.path.join('.'))).toEqual(['general.projct']);
  });

  it('only uses documented codes', () => {
    for (const finding of [...find(LOST_INDENT), ...find('a: *x\n---\nb')])
      expect(CONFIG_CODES).toHaveProperty(finding.code);
  });
});
