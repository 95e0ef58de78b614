// Templates and sample configs: recognised, described, free of errors and warnings, with the numbers they claim.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkConfig } from '../../../../../core/lib/config/check.ts';
import { resource, template } from './rules/rule-cases.ts';

const TEMPLATES = z
  .array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      kind: z.enum(['nanotron', 'trl-sft', 'trl-dpo', 'axolotl-sft']),
      description: z.string(),
      source: z.string(),
      file: z.string(),
    }),
  )
  .parse(JSON.parse(resource('templates/templates.json')));

const files = readdirSync(new URL('../../../../../resources/templates/', import.meta.url)).filter((name) =>
  name.endsWith('.yaml'),
);

it('lists exactly the files there are', () => {
  expect(TEMPLATES.map(({ file }) => file).toSorted()).toEqual(files.toSorted());
  expect(TEMPLATES.filter(({ id, file }) => file !== `${id}.yaml`)).toEqual([]);
});

describe.each(TEMPLATES)('$id', ({ id, kind }) => {
  it('is recognised and has neither errors nor warnings', () => {
    const result = checkConfig(template(id));
    expect(result.kind).toBe(kind);
    expect(result.findings.filter((finding) => finding.severity !== 'info')).toEqual([]);
  });

  it('stays clean on the GPUs it is made for', () => {
    const gpus = checkConfig(template(id)).derived?.worldSize ?? 8;
    const options = { nodes: gpus / 4, gpusPerNode: 4, gpu: 'a100-80', walltimeHours: 96 };
    const { findings } = checkConfig(template(id), options);
    expect(findings.filter((finding) => finding.severity !== 'info')).toEqual([]);
  });
});

it.each([
  ['zagreus-0.4B-ita', 437_760_960, 1_048_576, 838.9],
  ['zagreus-0.4B-por', 437_760_960, 1_048_576, 838.9],
  ['smollm2-135M', 134_515_008, 1_048_576, 2097.2],
  ['smollm2-360M', 361_821_120, 1_572_864, 4089.4],
  ['smollm2-1.7B', 1_711_376_384, 2_097_152, 10_989.1],
  ['jql-ablation-2B', 2_147_584_000, 1_966_080, 27.0],
  ['llama-3.2-1B', 1_235_814_400, 1_048_576, 104.9],
])('%s has %d parameters and %d tokens per step', (id, parameters, tokensPerStep, billionTokens) => {
  const { derived } = checkConfig(template(id));
  expect(derived?.parameters).toBe(parameters);
  expect(derived?.tokensPerStep).toBe(tokensPerStep);
  expect((derived?.totalTokens ?? 0) / 1e9).toBeCloseTo(billionTokens, 1);
});

it('the Zagreus templates mix 40 % of the language, 40 % English and 20 % code', () => {
  const languages = { ita: 'Italian', spa: 'Spanish', fra: 'French', por: 'Portuguese' };
  for (const [code, language] of Object.entries(languages)) {
    const mix = checkConfig(template(`zagreus-0.4B-${code}`)).derived?.dataMix;
    const shares = Object.fromEntries(
      mix?.languages.map(({ language: name, share }) => [name, Number(share.toFixed(6))]) ?? [],
    );
    expect(shares).toEqual({ [language]: 0.4, English: 0.4, code: 0.2 });
  }
});

describe('the sample workspace', () => {
  it.each(['smollm2-135m', 'nesso-sft', 'nesso-dpo', 'nesso-axolotl-sft'])('%s is clean', (name) => {
    const { findings } = checkConfig(resource(`sample-workspace/configs/${name}.yaml`));
    expect(findings.filter((finding) => finding.severity !== 'info')).toEqual([]);
  });

  it('studio.yaml is recognised and clean', () => {
    const result = checkConfig(resource('sample-workspace/studio.yaml'));
    expect(result.kind).toBe('studio');
    expect(result.findings).toEqual([]);
    expect(result.derived).toBeNull();
  });
});
