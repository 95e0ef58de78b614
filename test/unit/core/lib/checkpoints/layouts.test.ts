// Checkpoints by what lies in their folders: Nanotron's and transformers', whole, cut off and strange.
import { describe, expect, it, test } from 'vitest';
import { type FolderLooks, readCheckpoint, stepOfName } from '../../../../../core/lib/checkpoints/layouts.ts';

const nanotronEntries = [
  'config.yaml',
  'model',
  'optimizer',
  'lr_scheduler',
  'random',
  'checkpoint_metadata.json',
];
const metadata = JSON.stringify({
  cp: 1,
  custom_metas: null,
  dp: 64,
  metas: { consumed_tokens_total: 5_242_880_000, last_train_step: 5000, data_stages: [] },
  tp: 2,
  version: '1.5',
});

function looks(change: Partial<FolderLooks> = {}): FolderLooks {
  return {
    name: '5000',
    entries: [...nanotronEntries, 'model_config.json'],
    texts: { 'checkpoint_metadata.json': metadata, 'model_config.json': '{"hidden_size": 960}' },
    sizeBytes: 6_128_653_440,
    files: 460,
    modifiedMs: 1000,
    ...change,
  };
}

test.each([
  ['5000', { layout: 'nanotron', step: 5000 }],
  ['0', { layout: 'nanotron', step: 0 }],
  ['checkpoint-500', { layout: 'hugging-face', step: 500 }],
  ['checkpoint-best', null],
  ['5000.tmp', null],
  ['latest.txt', null],
  ['checkpoint-', null],
  ['-5', null],
  ['1234567890123', null],
])('%s', (name, expected) => {
  expect(stepOfName(name)).toEqual(expected);
});

describe('Nanotron', () => {
  it('is whole with its last file; tokens and topology come from its metadata', () => {
    expect(readCheckpoint(looks(), '/work/checkpoints/', '5000')).toEqual({
      name: '5000',
      path: '/work/checkpoints/5000',
      layout: 'nanotron',
      step: 5000,
      problem: null,
      isLatest: true,
      tokens: 5_242_880_000,
      sizeBytes: 6_128_653_440,
      files: 460,
      savedMs: 1000,
      topology: 'dp 64 · tp 2',
    });
  });

  it.each([
    [
      'without its last file',
      { entries: nanotronEntries, texts: {} },
      'model_config.json, which is written last',
    ],
    ['with half of it', { texts: { 'model_config.json': '{"hidden_si' } }, 'not whole'],
    ['with none of its text', { texts: {} }, 'not whole'],
    ['without weights', { entries: ['config.yaml', 'model_config.json'] }, 'weights'],
  ])('%s it is not', (_, change, problem) => {
    expect(readCheckpoint(looks(change), '/c', null)?.problem).toContain(problem);
  });

  it('survives metadata of another kind', () => {
    for (const text of ['null', '[]', '{"metas": 5, "dp": "64"}', '\u0000', '']) {
      const texts = { 'checkpoint_metadata.json': text, 'model_config.json': '{}' };
      expect(readCheckpoint(looks({ texts }), '/c', 'x')).toMatchObject({
        tokens: null,
        topology: null,
        problem: null,
        isLatest: false,
      });
    }
  });

  it('takes a number without anything of a checkpoint for some other folder', () => {
    expect(readCheckpoint(looks({ entries: ['0001.ds'], texts: {} }), '/c', null)).toBeNull();
  });
});

describe('transformers', () => {
  const of = (entries: readonly string[]) =>
    readCheckpoint(looks({ name: 'checkpoint-500', entries, texts: {} }), '/c', null);

  it.each([
    [['model.safetensors', 'config.json', 'optimizer.pt', 'trainer_state.json']],
    [['adapter_model.safetensors', 'trainer_state.json']],
    [['pytorch_model_fsdp_0', 'optimizer_0', 'trainer_state.json']],
    [['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors', 'trainer_state.json']],
  ])('is whole with %j', (entries) => {
    expect(of(entries)).toMatchObject({ layout: 'hugging-face', step: 500, problem: null });
  });

  it.each([
    [[], 'empty'],
    [['config.json', 'trainer_state.json'], 'weights are missing'],
    [['model-00001-of-00003.safetensors', 'trainer_state.json'], '2 of the 3 files'],
    [['model.safetensors', 'optimizer.pt'], 'trainer_state.json'],
  ])('is not with %j', (entries, problem) => {
    expect(of(entries)?.problem).toContain(problem);
  });

  it('counts its processes', () => {
    expect(
      of(['model.safetensors', 'rng_state_0.pth', 'rng_state_1.pth', 'trainer_state.json'])?.topology,
    ).toBe('2 processes');
  });
});
