// The published Zagreus config: every defect is explained at its line, and the quick fixes make it clean.
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../../../core/lib/config/check.ts';
import { applyAllFixes } from '../../../../../core/lib/config/fix-all.ts';
import { applyEdits } from '../../../../../core/lib/config/edit.ts';
import type { Finding } from '../../../../../core/lib/config/types.ts';
import { resource } from './rules/rule-cases.ts';

const PUBLISHED = resource('sample-workspace/configs/zagreus-0.4B-ita.yaml');
const LINES = PUBLISHED.split('\n');
const TARGET = { nodes: 16, gpusPerNode: 4 };

function at(code: string, keyOnLine: string): Finding {
  const line = LINES.findIndex((text) => text.includes(keyOnLine)) + 1;
  const found = checkConfig(PUBLISHED, TARGET).findings.find(
    (finding) => finding.code === code && finding.line === line,
  );
  if (found === undefined) throw new Error(`${code} is not reported on line ${line} (${keyOnLine})`);
  return found;
}

describe('the published config', () => {
  it.each([
    ['key-outside-its-section', 'resume_checkpoint_path'],
    ['key-outside-its-section', 'save_final_state'],
    ['yaml-syntax', 'save_initial_state'],
    ['resume-fixed-step', 'resume_checkpoint_path'],
    ['dataset-weights-missing', 'dataset_folder'],
    ['loading-workers-zero', 'num_loading_workers'],
    ['sanity-checks-off', 'ignore_sanity_checks'],
    ['model-key-unused', 'initializer_range'],
    ['model-key-unused', 'pretraining_tp'],
    ['model-key-unused', 'use_cache'],
    ['validation-not-implemented', 'limit_test_batches'],
    ['validation-not-implemented', 'limit_val_batches'],
    ['validation-not-implemented', 'val_check_interval'],
    ['rate-flat-at-minimum', 'train_steps'],
    ['blend-index-memory', 'train_steps'],
    ['checkpoint-disk', 'checkpoint_interval'],
  ])('explains %s at %s', (code, key) => {
    expect(at(code, key).message.length).toBeGreaterThan(10);
  });

  it('says what the defects cost', () => {
    expect(at('rate-flat-at-minimum', 'train_steps').message).toBe(
      'From step 800,000 the rate stays at 1e-7: 1.26T tokens almost without learning',
    );
    expect(at('dataset-weights-missing', 'dataset_folder').message).toContain(
      '70 % English, 20 % Italian, 10 % code',
    );
    expect(at('resume-fixed-step', 'resume_checkpoint_path').message).toContain('630,000');
  });

  it('explains the launch script of the report: 8 nodes of 4 GPUs', () => {
    const { findings } = checkConfig(PUBLISHED, { nodes: 8, gpusPerNode: 4 });
    const found = findings.find((finding) => finding.code === 'world-size');
    expect(found?.severity).toBe('error');
    expect(found?.message).toBe('dp 64 needs 64 GPUs; the target gives 32 (8 nodes × 4)');
    expect(found?.line).toBe(LINES.findIndex((text) => text.includes('dp: 64')) + 1);
  });

  it('reads the numbers in spite of its broken indentation', () => {
    const { kind, derived } = checkConfig(PUBLISHED, TARGET);
    expect(kind).toBe('nanotron');
    expect(derived?.parameters).toBe(437_760_960);
    expect(derived?.tokensPerStep).toBe(1_048_576);
    expect(derived?.totalTokens).toBe(2_097_152_000_000);
    expect(derived?.worldSize).toBe(64);
    expect(derived?.checkpoints?.count).toBe(400);
    expect(derived?.speed?.days).toBeCloseTo(16.8, 1);
  });

  it('is clean after all quick fixes, for 64 GPUs', () => {
    const result = applyAllFixes(PUBLISHED, TARGET);
    expect(result.remaining.filter((finding) => finding.severity !== 'info')).toEqual([]);
    expect(result.remaining.filter((finding) => finding.fix !== undefined)).toEqual([]);
    expect(result.applied.length).toBeGreaterThan(8);
    expect(checkConfig(result.text, TARGET).derived?.totalTokens).toBe(838_860_800_000);
    expect(result.text).toContain(
      '  resume_checkpoint_path: /training/pretraining/nanotron/checkpoints_zagreus_ita_v2\n',
    );
  });

  it('is clean of errors and warnings also when only those are fixed, in any order', () => {
    for (const pick of [0, -1]) {
      let text = PUBLISHED;
      for (let round = 0; round < 40; round += 1) {
        const fixable = checkConfig(text, TARGET).findings.filter(
          (finding) => finding.severity !== 'info' && finding.fix !== undefined,
        );
        const fix = fixable.at(pick)?.fix;
        if (fix === undefined) break;
        text = applyEdits(text, fix.edits);
      }
      const left = checkConfig(text, TARGET).findings.filter((finding) => finding.severity !== 'info');
      expect(left, text).toEqual([]);
    }
  });
});

describe('its Spanish sibling', () => {
  it('has one error, whose fix is one changed line', () => {
    const text = resource('sample-workspace/configs/zagreus-0.4B-spa.yaml');
    const serious = checkConfig(text, TARGET).findings.filter((finding) => finding.severity !== 'info');
    expect(serious.map((finding) => [finding.code, finding.fix?.title])).toEqual([
      ['yaml-float-is-string', 'Write 1.0e-08'],
    ]);
    const fixed = applyEdits(text, serious[0]?.fix?.edits ?? []);
    const changed = fixed.split('\n').filter((line, index) => line !== text.split('\n')[index]);
    expect(changed).toEqual(['    adam_eps: 1.0e-08']);
    expect(checkConfig(fixed, TARGET).findings.filter((finding) => finding.severity !== 'info')).toEqual([]);
  });
});
