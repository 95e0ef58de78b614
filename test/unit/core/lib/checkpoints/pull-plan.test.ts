// What has arrived, from journals that were cut anywhere, and what of it still counts when the files there have changed.
import { describe, expect, it } from 'vitest';
import {
  type Arrived,
  arrivedBytes,
  carriedOver,
  CHUNK_BYTES,
  chunkLine,
  hashLine,
  journalText,
  missingRanges,
  type PullPlan,
  readJournal,
} from '../../../../../core/lib/checkpoints/pull-plan.ts';
import { isOfModel, noWeightsReason } from '../../../../../core/lib/checkpoints/weight-files.ts';

const file = (path: string, sizeBytes: number, stamp = '1') => ({
  path,
  remote: `/far/${path}`,
  sizeBytes,
  stamp,
});
const plan: PullPlan = {
  format: 1,
  source: '/far',
  files: [file('large', 3 * CHUNK_BYTES + 10), file('small', 5), file('empty', 0)],
};
const HASH = 'a'.repeat(64);

describe('a journal', () => {
  it('that breaks off anywhere says no more than was written', () => {
    const text = chunkLine(0, 0) + chunkLine(0, 3) + chunkLine(1, 0) + hashLine(1, HASH) + chunkLine(0, 12);
    const whole = readJournal(plan, text);
    expect(whole.map(({ chunks }) => [...chunks])).toEqual([[0, 3], [0], []]);
    expect(whole[1]?.sha256).toBe(HASH);
    for (let length = 0; length < text.length; length += 1) {
      for (const [index, { chunks, sha256 }] of readJournal(plan, text.slice(0, length)).entries()) {
        for (const chunk of chunks) expect(whole[index]?.chunks.has(chunk)).toBe(true);
        if (sha256 !== null) expect(sha256).toBe(whole[index]?.sha256);
      }
    }
    expect(readJournal(plan, 'rubbish\n9 9\n0 x\n').every(({ chunks }) => chunks.size === 0)).toBe(true);
    expect(readJournal(plan, journalText(whole))).toEqual(whole);
  });

  it('counts nothing of a file that was written again', () => {
    const arrived = readJournal(plan, chunkLine(0, 1) + hashLine(1, HASH));
    const later: PullPlan = {
      ...plan,
      files: [file('small', 5), file('large', 3 * CHUNK_BYTES + 10, '2'), file('new', 1)],
    };
    const kept = carriedOver({ plan, arrived }, later);
    expect(kept.map(({ chunks, sha256 }) => [chunks.size, sha256])).toEqual([
      [0, HASH],
      [0, null],
      [0, null],
    ]);
  });
});

describe('what is missing', () => {
  const none = plan.files.map((): Arrived => ({ chunks: new Set(), sha256: null }));

  it('is asked for in parts that cover every byte once', () => {
    for (const max of [CHUNK_BYTES, 2 * CHUNK_BYTES, 100 * CHUNK_BYTES]) {
      const ranges = missingRanges(plan, none, max);
      expect(ranges.reduce((sum, { length }) => sum + length, 0)).toBe(3 * CHUNK_BYTES + 15);
      for (const { length } of ranges) expect(length).toBeLessThanOrEqual(max);
    }
    const half = [
      { chunks: new Set([1]), sha256: null },
      { chunks: new Set<number>(), sha256: HASH },
      none[2],
    ];
    const arrived = half.filter((one): one is Arrived => one !== undefined);
    expect(missingRanges(plan, arrived, 100 * CHUNK_BYTES)).toEqual([
      { file: 0, start: 0, length: CHUNK_BYTES },
      { file: 0, start: 2 * CHUNK_BYTES, length: CHUNK_BYTES + 10 },
    ]);
    expect(plan.files.map((one, index) => arrivedBytes(one, arrived[index] ?? arrived[0]!))).toEqual([
      CHUNK_BYTES,
      5,
      0,
    ]);
  });
});

describe('files of a model', () => {
  it('are weights, configs and tokenizer; what resumes a training stays', () => {
    const nanotron = (path: string) => isOfModel('nanotron', path);
    const trainer = (path: string) => isOfModel('hugging-face', path);
    for (const path of [
      'model/model/decoder/0/model_weight.safetensors',
      'config.yaml',
      'model_config.json',
      'tokenizer.json',
    ])
      expect([path, nanotron(path)]).toEqual([path, true]);
    for (const path of [
      'optimizer/optimizer_config.json',
      'random/tp-0.pt',
      'lr_scheduler/lr.pt',
      'model/../../x.safetensors',
      'model/a\nb.safetensors',
    ])
      expect([path, nanotron(path)]).toEqual([path, false]);
    for (const path of [
      'model-00001-of-00002.safetensors',
      'model.safetensors.index.json',
      'adapter_model.safetensors',
      'chat_template.jinja',
      'generation_config.json',
      'merges.txt',
    ])
      expect([path, trainer(path)]).toEqual([path, true]);
    for (const path of [
      'optimizer.pt',
      'scheduler.pt',
      'rng_state_0.pth',
      'training_args.bin',
      'global_step5/mp_rank_00_model_states.pt',
      'pytorch_model.bin',
    ])
      expect([path, trainer(path)]).toEqual([path, false]);
    expect(noWeightsReason(['pytorch_model_fsdp_0/.metadata']).hint).toContain('merge-weights');
    expect(noWeightsReason(['global_step5/x.pt']).hint).toContain('zero_to_fp32');
  });
});
