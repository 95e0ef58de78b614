import { expect, test } from 'vitest';
import { NOTHING_DERIVED } from '../../../../../../core/lib/config/derived/derived-types.ts';
import { derivedAsMarkdown } from '../../../../../../renderer/features/configs/meaning/as-markdown.ts';

const assumed = { gpuName: 'A100 80 GB', mfuPercent: 30, convention: 'nanotron' } as const;

test('gives exact values and leaves out what is not known', () => {
  const derived = { ...NOTHING_DERIVED, parameters: 437_760_960, totalTokens: 838_860_800_000 };
  expect(derivedAsMarkdown(derived, assumed)).toBe(
    [
      '| what | value |',
      '| --- | ---: |',
      '| parameters | 437,760,960 |',
      '| total tokens | 838,860,800,000 |',
    ].join('\n'),
  );
});

test('names what time was estimated for', () => {
  const speed = {
    gpuName: 'A100 80 GB',
    gpus: 64,
    utilization: 0.3,
    tokensPerSecondPerGpu: 1,
    tokensPerSecond: 64,
    days: 16.8,
    gpuHours: 25_800,
    stepSeconds: 1,
  };
  const text = derivedAsMarkdown({ ...NOTHING_DERIVED, speed }, assumed);
  expect(text).toContain('| time on 64 × A100 80 GB at 30 % MFU, estimated | 16.8 d |');
  expect(text).toContain('| GPU-hours, estimated | 25,800 |');
});
