// Comparing configs: keys with their places, and what the differences mean.
import { describe, expect, it } from 'vitest';
import { compareConfigs } from '../../../../../../core/lib/config/compare/compare.ts';
import { factorWords } from '../../../../../../core/lib/config/compare/meaning.ts';
import { printKeyPath } from '../../../../../../core/lib/config/lookup.ts';
import { changed, template } from '../rules/rule-cases.ts';

const BEFORE = template('zagreus-0.4B-ita');
const RATE = 'optimizer.learning_rate_scheduler';

function texts(before: string, after: string): readonly string[] {
  return compareConfigs(before, after).meanings.map((meaning) => meaning.text);
}

describe('keys', () => {
  it('finds added, removed and changed ones with their places', () => {
    const after = changed(BEFORE, {
      'optimizer.clip_grad': 0.5,
      'optimizer.weight_decay': undefined,
      'parallelism.expert_parallel_size': 1,
    });
    const { changes } = compareConfigs(BEFORE, after);
    expect(changes.map((change) => [change.kind, printKeyPath(change.path)])).toEqual([
      ['removed', 'optimizer.weight_decay'],
      ['changed', 'optimizer.clip_grad'],
      ['added', 'parallelism.expert_parallel_size'],
    ]);
    const clip = changes[1];
    if (clip?.kind !== 'changed') throw new Error('expected a change');
    expect([clip.before.text, clip.after.text]).toEqual(['1.0', '0.5']);
    expect(BEFORE.slice(clip.before.range.start, clip.before.range.end)).toBe('1.0');
    expect(after.slice(clip.after.range.start, clip.after.range.end)).toBe('0.5');
    expect(after.split('\n')[clip.after.line - 1]).toContain('clip_grad: 0.5');
  });

  it('does not count comments, order and number style', () => {
    const after = BEFORE.replace('1.0e-08', '1.00e-8').replace(/#.*\n/g, '\n');
    expect(compareConfigs(BEFORE, after).changes).toEqual([]);
    expect(compareConfigs(BEFORE, after).summary).toBe('Both configs say the same.');
  });

  it('compares a list of plain values as one value', () => {
    const after = changed(BEFORE, { 'data_stages[0].data.dataset.dataset_weights[0]': 40 });
    const paths = compareConfigs(BEFORE, after).changes.map((change) => printKeyPath(change.path));
    expect(paths).toEqual(['data_stages[0].data.dataset.dataset_weights']);
  });
});

describe('meaning', () => {
  it('says same tokens, half the peak rate, twice the batch', () => {
    const after = changed(BEFORE, {
      [`${RATE}.learning_rate`]: 0.0015,
      'tokens.batch_accumulation_per_replica': 2,
      'tokens.train_steps': 400_000,
      [`${RATE}.lr_decay_starting_step`]: 350_000,
    });
    const meaning = texts(BEFORE, after);
    expect(meaning).toContain('Same model (437.8M parameters)');
    expect(meaning).toContain('Same tokens (838.9B)');
    expect(meaning).toContain('Half the peak rate (0.003 → 0.0015)');
    expect(meaning).toContain('2 × the tokens per step (1.05M → 2.1M)');
    expect(meaning).toContain('Schedule: decay from step 350,000 instead of 750,000');
    expect(compareConfigs(BEFORE, after).summary).toMatch(
      /^Same model, tokens and data mix\. 2 × the tokens per step/,
    );
  });

  it('says how the model and the mix differ', () => {
    const meaning = texts(template('smollm2-360M'), BEFORE);
    expect(meaning).toContain('1.2 × the parameters (361.8M → 437.8M)');
    expect(meaning.find((text) => text.startsWith('Data mix'))).toContain('Italian 40 % instead of none');
    expect(meaning).toContain('Half the GPUs (128 → 64)');
  });

  it('speaks of post-training configs too', () => {
    const before = template('nesso-sft');
    const after = changed(before, { learning_rate: 0.0005, num_train_epochs: 1 });
    expect(compareConfigs(before, after).summary).toBe(
      'Same model, dataset, batch per GPU and length limit. Half the learning rate (0.001 → 5e-4). A third of the epochs (3 → 1).',
    );
  });

  it('does not compare different kinds', () => {
    const { meanings, summary } = compareConfigs(BEFORE, template('nesso-sft'));
    expect(meanings).toEqual([]);
    expect(summary).toBe('Different kinds of config: nanotron and trl-sft.');
  });

  it.each([
    [0.5, 'half'],
    [2, '2 ×'],
    [1.5, '1.5 ×'],
    [0.02, '1/50 of'],
    [0.4, '0.4 ×'],
    [1000, '1000 ×'],
  ])('writes the factor %d as %s', (factor, words) => {
    expect(factorWords(factor)).toBe(words);
  });
});
