// The single entry: kinds, order, no repeats, broken and hostile input, derived numbers with reasons.
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../../../core/lib/config/check.ts';
import { applyAllFixes } from '../../../../../core/lib/config/fix-all.ts';
import { changed, resource, template } from './rules/rule-cases.ts';

const ITALIAN = template('zagreus-0.4B-ita');

describe('findings', () => {
  it('come in the order of the text, each problem once', () => {
    const { findings } = checkConfig(resource('sample-workspace/configs/zagreus-0.4B-ita.yaml'), {
      gpus: 32,
    });
    const starts = findings.map((finding) => finding.range.start);
    expect(starts).toEqual(starts.toSorted((left, right) => left - right));
    const identities = findings.map((finding) => `${finding.code} ${finding.range.start} ${finding.message}`);
    expect(new Set(identities).size).toBe(identities.length);
    for (const { line, column, range } of findings) {
      const before = resource('sample-workspace/configs/zagreus-0.4B-ita.yaml').slice(0, range.start);
      expect([line, column]).toEqual([before.split('\n').length, before.length - before.lastIndexOf('\n')]);
    }
  });

  it('a missing warm-up style is said once, by the rule that knows why', () => {
    const path = 'optimizer.learning_rate_scheduler.lr_warmup_style';
    const { findings } = checkConfig(changed(ITALIAN, { [path]: undefined }));
    const serious = findings.filter((finding) => finding.severity !== 'info');
    expect(serious.map((finding) => finding.code)).toEqual(['warmup-style-missing']);
  });

  it('an axolotl config without a learning rate is said once', () => {
    const { findings } = checkConfig(changed(template('nesso-axolotl-sft'), { learning_rate: undefined }));
    const serious = findings.filter((finding) => finding.severity !== 'info');
    expect(serious.map((finding) => finding.code)).toEqual(['axolotl-learning-rate']);
  });

  it('rules are silent where a syntax error hides what is meant', () => {
    const broken = ITALIAN.replace('optimizer:\n', 'optimizer: {\n');
    const { findings } = checkConfig(broken);
    expect(findings.some((finding) => finding.code === 'yaml-syntax')).toBe(true);
    expect(findings.some((finding) => finding.code === 'clip-grad-missing')).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['only a comment', '# nothing here\n'],
    ['a list', '- a\n- b\n'],
    ['half a key', 'model:\n  model_config:\n    hidden_si'],
    [
      'values of wrong types',
      'tokens: 3\nmodel: [1]\nparallelism: {dp: x, tp: null}\ndata_stages: {}\noptimizer: x\n',
    ],
    [
      'absurd numbers',
      'tokens: {train_steps: -5, sequence_length: 0}\nparallelism: {dp: 0, tp: 0, pp: 0}\nmodel: {model_config: {hidden_size: 0}}\n',
    ],
    ['null bytes', 'tokens:\u0000 1\n'],
  ])('%s is no reason to throw', (_, text) => {
    expect(() => checkConfig(text, { gpus: 64, gpu: 'h200', walltimeHours: 24 })).not.toThrow();
    expect(() => applyAllFixes(text)).not.toThrow();
  });

  it('every prefix of a config can be checked, as if it were being typed', () => {
    for (let length = 0; length < ITALIAN.length; length += 97) {
      expect(() => checkConfig(ITALIAN.slice(0, length), { gpus: 64 })).not.toThrow();
    }
  });
});

describe('derived numbers', () => {
  it('have the figures of the report for Zagreus on 64 A100', () => {
    const { derived } = checkConfig(changed(ITALIAN, { 'tokens.train_steps': 2_000_000 }), {
      gpus: 64,
      gpusPerNode: 4,
    });
    expect(derived?.embeddingParameters).toBe(123_125_760);
    expect(derived?.tokensPerParameter).toBeCloseTo(4790.6, 0);
    expect(derived?.warmupTokens).toBe(4000 * 1_048_576);
    expect(derived?.speed?.gpuHours).toBeCloseTo(25_740, -2);
    expect(derived?.checkpointIntervalHours).toBeCloseTo(1.005, 2);
    expect(derived?.blendIndexBytesPerNode).toBe(4 * 5_120_000_000);
    expect(derived?.learningRate?.floor).toEqual({
      startStep: 800_000,
      steps: 1_200_000,
      tokens: 1_258_291_200_000,
    });
  });

  it('are null with a reason where an input is missing', () => {
    const { derived } = checkConfig(changed(ITALIAN, { 'tokens.micro_batch_size': undefined }));
    expect(derived?.parameters).toBe(437_760_960);
    expect(derived?.tokensPerStep).toBeNull();
    expect(derived?.reasons.tokensPerStep).toContain('micro_batch_size');
    expect(derived?.reasons.parameters).toBeUndefined();
  });

  it('do not guess the size of a mixture of experts', () => {
    const { derived } = checkConfig(
      changed(ITALIAN, {
        'model.model_config.is_llama_config': undefined,
        'model.model_config.is_qwen2_config': true,
        'model.model_config.moe_config': { num_experts: 8 },
      }),
    );
    expect(derived?.parameters).toBeNull();
    expect(derived?.reasons.parameters).toContain('mixture-of-experts');
  });

  it('know the batch of TRL and Axolotl once the GPUs are known', () => {
    const sft = checkConfig(template('nesso-sft'), { gpus: 8 }).derived;
    expect(sft?.globalBatchSequences).toBe(64);
    expect(sft?.tokensPerStep).toBe(64 * 4096);
    expect(sft?.tokensPerStepIsCeiling).toBe(false);
    expect(checkConfig(template('nesso-sft')).derived?.reasons.globalBatchSequences).toContain('GPUs');
    const dpo = checkConfig(template('nesso-dpo'), { gpus: 4 }).derived;
    expect([dpo?.globalBatchSequences, dpo?.tokensPerStepIsCeiling]).toEqual([64, true]);
    expect(checkConfig(template('nesso-axolotl-sft'), { gpus: 16 }).derived?.globalBatchSequences).toBe(128);
  });
});
