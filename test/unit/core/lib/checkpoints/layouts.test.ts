// Checkpoints by what lies in their folders, by trainer: whole, cut off and strange.
import { describe, expect, it, test } from 'vitest';
import {
  type FolderLooks,
  isOfSameStep,
  readCheckpoint,
  stepOfName,
} from '../../../../../core/lib/checkpoints/layouts.ts';

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
  ['iter_0000500', { layout: 'megatron', step: 500 }],
  ['model_000500.pt', { layout: 'nanochat', step: 500 }],
  ['meta_000500.json', null],
  ['model_000500.pt.tmp', null],
  ['model_.pt', null],
  ['iter_release', null],
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

describe('Megatron-LM', () => {
  const of = (entries: readonly string[], latest: string | null, name = 'iter_0000500') =>
    readCheckpoint(looks({ name, entries, texts: {} }), '/c', latest);
  const sharded = ['.metadata', '__0_0.distcp', 'common.pt', 'metadata.json'];

  it('is whole once the file beside it goes as far', () => {
    expect(of(sharded, '500\n')).toMatchObject({
      layout: 'megatron',
      step: 500,
      problem: null,
      isLatest: true,
    });
    expect(of(sharded, '1000')).toMatchObject({ problem: null, isLatest: false });
    expect(of(['mp_rank_00', 'mp_rank_01'], '500')).toMatchObject({
      problem: null,
      topology: '2 model-parallel ranks',
    });
    expect(of(['mp_rank_00_000', 'mp_rank_00_001'], '500')?.topology).toBe('2 model-parallel ranks');
  });

  it.each([['400'], ['release'], [''], [null], ['-1']])('is not while that says %j', (latest) => {
    expect(of(sharded, latest)).toMatchObject({ isLatest: false });
    expect(of(sharded, latest)?.problem).toContain('latest_checkpointed_iteration.txt');
  });

  it('is not what a folder of that name holds something else', () => {
    expect(of(['notes.txt'], '500')).toBeNull();
    expect(of([], '400')?.problem).toContain('does not go that far');
  });
});

describe('nanochat', () => {
  const meta = JSON.stringify({ step: 500, total_batch_size: 524_288, model_config: { n_layer: 12 } });
  const of = (entries: readonly string[], texts: Record<string, string> = {}) =>
    readCheckpoint(looks({ name: 'model_000500.pt', entries, texts }), '/c', '500');

  it('is whole with its description; tokens come from there, processes from their optimizers', () => {
    const entries = ['model_000500.pt', 'meta_000500.json', 'optim_000500_rank0.pt', 'optim_000500_rank1.pt'];
    expect(of(entries, { 'meta_000500.json': meta })).toMatchObject({
      name: 'model_000500.pt',
      path: '/c/model_000500.pt',
      layout: 'nanochat',
      step: 500,
      problem: null,
      isLatest: false,
      tokens: 262_144_000,
      topology: '2 processes',
    });
  });

  it('is not without it, or with half of it', () => {
    expect(of(['model_000500.pt'])?.problem).toContain('meta_000500.json');
    const half = { 'meta_000500.json': meta.slice(0, 20) };
    expect(of(['model_000500.pt', 'meta_000500.json'], half)?.problem).toBe('meta_000500.json is not whole');
  });

  it('has no files of other steps', () => {
    const of500 = (file: string) => isOfSameStep('model_000500.pt', file);
    for (const file of ['model_000500.pt', 'meta_000500.json', 'optim_000500_rank12.pt'])
      expect(of500(file), file).toBe(true);
    for (const file of [
      'model_005000.pt',
      'meta_0005000.json',
      'optim_000501_rank0.pt',
      'model_000500.pt.tmp',
    ])
      expect(of500(file), file).toBe(false);
    expect(isOfSameStep('5000', 'model_005000.pt')).toBe(false);
  });
});
