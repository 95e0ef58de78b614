// Parts of the estimate that follow from a header by arithmetic; that the whole is what llama.cpp takes is measured with real models.
import { expect, it } from 'vitest';
import {
  estimateMemory,
  type RuntimeShape,
  totalOf,
} from '../../../../../core/lib/generation/memory-estimate.ts';
import type { GgufHeader } from '../../../../../core/lib/gguf/header.ts';

const shape: RuntimeShape = { batchTokens: 512, outputs: 8, reorders: false, nodeMajor: 20, exact: false };
const width = 64;
const heads = 4;

function header(vocabulary: number, change: Readonly<Record<string, number>> = {}): GgufHeader {
  const numbers = {
    'llama.embedding_length': width,
    'llama.block_count': 3,
    'llama.attention.head_count': heads,
    'llama.feed_forward_length': 256,
    ...change,
  };
  return {
    metadata: new Map<string, unknown>([
      ...Object.entries(numbers).map(([key, value]) => [key, { kind: 'number', value }] as const),
      ['general.architecture', { kind: 'text', value: 'llama' }],
      ['tokenizer.ggml.tokens', { kind: 'list', length: vocabulary }],
    ]),
    tensors: [
      { name: 'token_embd.weight', type: 'Q8_0', sizeBytes: 1000 },
      { name: 'blk.0.attn_q.weight', type: 'Q8_0', sizeBytes: 500 },
    ],
  } as unknown as GgufHeader;
}

it('keeps keys and values of every layer in halves, or whole where attention is exact', () => {
  // 256 positions, 3 layers, 4 heads of 16 keys and 16 values, 2 bytes each.
  const plain = estimateMemory(header(100), 200, shape);
  expect(plain.cacheBytes).toBe(256 * 3 * heads * 32 * 2);
  const exact = estimateMemory(header(100), 200, { ...shape, exact: true });
  expect(exact.cacheBytes).toBe(2 * plain.cacheBytes);
  expect(exact.computeBytes - plain.computeBytes).toBe(256 * 256 * heads * 4);
  const grouped = estimateMemory(header(100, { 'llama.attention.head_count_kv': 1 }), 200, shape);
  expect(grouped.cacheBytes).toBe(plain.cacheBytes / heads);
});

it('has a table of the tokens, and their logits for every output', () => {
  const wide = { ...shape, outputs: 512 };
  const small = estimateMemory(header(1000), 1024, wide);
  const large = estimateMemory(header(3000), 1024, wide);
  expect(large.overheadBytes - small.overheadBytes).toBe(2000 * 200);
  expect(large.computeBytes - small.computeBytes).toBe(wide.outputs * 2000 * 4);
  expect(totalOf(large) - totalOf(small)).toBe(2000 * 200 + wide.outputs * 2000 * 4);
});

it('holds a table twice that is read in two orders, unless there is a second one', () => {
  const reordered = { ...shape, reorders: true };
  expect(estimateMemory(header(10), 256, shape).weightsBytes).toBe(1500);
  expect(estimateMemory(header(10), 256, reordered).weightsBytes).toBe(2500);
  const untied = header(10);
  const tensors = [...untied.tensors, { name: 'output.weight', type: 'Q8_0', sizeBytes: 1000 }];
  const both = { ...untied, tensors } as unknown as GgufHeader;
  expect(estimateMemory(both, 256, reordered).weightsBytes).toBe(2500);
});
