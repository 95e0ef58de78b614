// Every TRL and Axolotl rule: what makes it fire, where it points, what does not, and that its fix works.
import { describe, expect, it } from 'vitest';
import { RULE_CODES } from '../../../../../../core/lib/config/rules/all.ts';
import { changed, firing, fixed, type RuleCase, ruleFindings, template } from './rule-cases.ts';

const SFT = template('nesso-sft');
const DPO = template('nesso-dpo');
const AXOLOTL = template('nesso-axolotl-sft');

const SFT_CASES: readonly RuleCase[] = [
  {
    code: 'trl-dtype-float32',
    severity: 'warning',
    because: 'no dtype',
    changes: { dtype: undefined },
    unless: { dtype: 'auto' },
    fixable: true,
    marks: '',
  },
  {
    code: 'trl-dtype-float32',
    severity: 'warning',
    because: 'float32 as written',
    changes: { dtype: 'float32' },
    unless: { dtype: undefined, torch_dtype: 'bfloat16' },
    fixable: true,
    marks: 'float32',
  },
  {
    code: 'trl-two-precisions',
    severity: 'error',
    because: 'both on',
    changes: { fp16: true },
    unless: { fp16: true, bf16: false },
    fixable: true,
    marks: 'true',
  },
  {
    code: 'trl-max-length-context',
    severity: 'warning',
    because: 'beyond 4,096',
    changes: { max_length: 8192 },
    fixable: true,
    marks: '8192',
  },
  {
    code: 'trl-max-length-context',
    severity: 'info',
    because: 'unknown model',
    changes: { max_length: 8192, model_name_or_path: 'models/mystery' },
    unless: { model_name_or_path: 'models/mystery' },
    fixable: false,
    marks: '8192',
  },
  {
    code: 'warmup-twice',
    severity: 'warning',
    because: 'steps and ratio',
    changes: { warmup_ratio: 0.1 },
    unless: { warmup_ratio: 0.1, warmup_steps: 0 },
    fixable: true,
    marks: '0.1',
  },
  {
    code: 'trl-eval-strategy',
    severity: 'warning',
    because: 'eval_steps without strategy',
    changes: { eval_strategy: undefined },
    unless: { eval_strategy: undefined, eval_steps: undefined },
    fixable: true,
    marks: '500',
  },
  {
    code: 'trl-best-model',
    severity: 'error',
    because: 'different strategies',
    changes: { load_best_model_at_end: true, eval_strategy: 'epoch' },
    unless: { load_best_model_at_end: true },
    fixable: true,
    marks: 'true',
  },
  {
    code: 'trl-best-model',
    severity: 'error',
    because: 'no common multiple',
    changes: { load_best_model_at_end: true, eval_steps: 300 },
    fixable: true,
    marks: '500',
  },
  {
    code: 'trl-steps-and-epochs',
    severity: 'info',
    because: 'both lengths',
    changes: { max_steps: 1000 },
    unless: { max_steps: -1 },
    fixable: true,
    marks: '3',
  },
  {
    code: 'trl-packing-attention',
    severity: 'warning',
    because: 'packing without flash attention',
    changes: { attn_implementation: undefined },
    unless: { attn_implementation: undefined, packing_strategy: 'wrapped' },
    fixable: true,
    marks: 'true',
  },
  {
    code: 'trl-packing-off',
    severity: 'info',
    because: 'no packing',
    changes: { packing: false },
    unless: { packing: false, padding_free: true },
    fixable: false,
    marks: 'false',
  },
  {
    code: 'trl-assistant-template',
    severity: 'info',
    because: 'no template of its own',
    changes: { chat_template_path: undefined },
    unless: { chat_template_path: undefined, assistant_only_loss: false },
    fixable: false,
    marks: 'true',
  },
];

const DPO_CASES: readonly RuleCase[] = [
  {
    code: 'trl-dpo-reference-memory',
    severity: 'info',
    because: 'a second copy',
    changes: {},
    unless: { precompute_ref_log_probs: true },
    fixable: false,
    marks: 'outputs/nesso-0.4B-sft',
  },
  {
    code: 'trl-dpo-rate-high',
    severity: 'warning',
    because: 'a fine-tuning rate',
    changes: { learning_rate: 0.001 },
    unless: { learning_rate: 0.0001, use_peft: true },
    fixable: true,
    marks: '',
  },
  {
    code: 'trl-loss-weights',
    severity: 'error',
    because: 'two weights for one loss',
    changes: { loss_weights: [0.8, 0.2] },
    unless: { loss_weights: [0.8, 0.2], loss_type: ['sigmoid', 'sft'] },
    fixable: false,
    marks: 'loss_weights',
  },
];

const AXOLOTL_CASES: readonly RuleCase[] = [
  {
    code: 'axolotl-sequence-len',
    severity: 'warning',
    because: 'the default of 512',
    changes: { sequence_len: undefined },
    fixable: true,
    marks: '',
  },
  {
    code: 'axolotl-sequence-len',
    severity: 'warning',
    because: 'beyond the model',
    changes: { sequence_len: 8192 },
    unless: { sequence_len: 8192, base_model: 'models/mystery' },
    fixable: true,
    marks: '8192',
  },
  {
    code: 'axolotl-packing-rl',
    severity: 'error',
    because: 'packing pairs',
    changes: { rl: 'dpo' },
    unless: { rl: 'dpo', sample_packing: false },
    fixable: true,
    marks: 'true',
  },
  {
    code: 'axolotl-eval-data',
    severity: 'warning',
    because: 'nothing to evaluate',
    changes: { val_set_size: 0 },
    unless: { val_set_size: 100 },
    fixable: true,
    marks: '300',
  },
  {
    code: 'axolotl-two-intervals',
    severity: 'error',
    because: 'steps and per epoch',
    changes: { saves_per_epoch: 2 },
    unless: { saves_per_epoch: 2, save_steps: undefined },
    fixable: true,
    marks: '2',
  },
  {
    code: 'axolotl-pad-is-eos',
    severity: 'info',
    because: 'one token for both',
    changes: {},
    unless: { 'special_tokens.pad_token': '<|pad|>' },
    fixable: false,
    marks: '<|im_end|>',
  },
  {
    code: 'axolotl-prepared-path',
    severity: 'info',
    because: 'tokenised every time',
    changes: { dataset_prepared_path: undefined },
    fixable: false,
    marks: '',
  },
  {
    code: 'axolotl-learning-rate',
    severity: 'error',
    because: 'no rate',
    changes: { learning_rate: undefined },
    fixable: true,
    marks: '',
  },
  {
    code: 'axolotl-cosine-unused',
    severity: 'warning',
    because: 'constant schedule',
    changes: { cosine_min_lr_ratio: 0.3, cosine_constant_lr_ratio: 0.8 },
    unless: { cosine_min_lr_ratio: 0.3, lr_scheduler: 'cosine' },
    fixable: true,
    marks: '0.3',
  },
  {
    code: 'axolotl-fsdp-prefix',
    severity: 'warning',
    because: 'old keys',
    changes: { 'fsdp_config.fsdp_backward_prefetch_policy': 'BACKWARD_PRE' },
    fixable: true,
    marks: 'BACKWARD_PRE',
  },
  {
    code: 'axolotl-fsdp-version',
    severity: 'info',
    because: 'FSDP1',
    changes: { fsdp_version: undefined },
    fixable: false,
    marks: 'fsdp_config',
  },
  {
    code: 'axolotl-strict',
    severity: 'info',
    because: 'strict',
    changes: { strict: true },
    unless: { strict: undefined },
    fixable: true,
    marks: 'true',
  },
  {
    code: 'warmup-twice',
    severity: 'warning',
    because: 'steps and ratio',
    changes: { warmup_ratio: 0.1 },
    fixable: true,
    marks: '0.1',
  },
];

const SUITES: readonly (readonly [string, string, readonly RuleCase[]])[] = [
  ['TRL SFT', SFT, SFT_CASES],
  ['TRL DPO', DPO, DPO_CASES],
  ['Axolotl', AXOLOTL, AXOLOTL_CASES],
];

it('has a case for every rule', () => {
  const tested = new Set(SUITES.flatMap(([, , cases]) => cases.map((test) => test.code)));
  const codes = RULE_CODES.filter((code) => /^(trl-|axolotl-|warmup-twice)/.test(code));
  expect(codes.filter((code) => !tested.has(code))).toEqual([]);
});

describe.each(SUITES)('%s', (_, clean, cases) => {
  it('the template gets nothing but information', () => {
    expect(ruleFindings(clean).filter((finding) => finding.severity !== 'info')).toEqual([]);
  });

  it.each(cases)('$code fires: $because', (test) => {
    const text = changed(clean, test.changes);
    const found = firing(test.code, text);
    expect(found.map((finding) => finding.severity)).toEqual([test.severity]);
    expect(found[0]?.reason?.length ?? 0).toBeGreaterThan(20);
    if (test.marks !== '') expect(text.slice(found[0]?.range.start, found[0]?.range.end)).toBe(test.marks);
    expect(found[0]?.fix !== undefined).toBe(test.fixable);
    if (test.fixable) expect(firing(test.code, fixed(text, test.code))).toEqual([]);
  });

  it.each(cases)('$code does not fire without that: $because', (test) => {
    expect(firing(test.code, changed(clean, test.unless ?? {}))).toEqual([]);
  });
});
