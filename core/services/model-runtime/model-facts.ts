// What is known of a model file before it is loaded, from its header: checked, so that no damaged file reaches a runtime.
import { readFile } from 'node:fs/promises';
import { BATCH_TOKENS, DEFAULT_CONTEXT_TOKENS, outputsAtOnce } from '../../../native/llama/protocol.ts';
import { numberOf, textOf } from '../../lib/gguf/header.ts';
import { estimateMemory, type MemoryParts } from '../../lib/generation/memory-estimate.ts';
import { readModelFile, stampOf } from '../models/read-header.ts';

export interface ModelFacts {
  /** Absolute. */
  readonly path: string;
  readonly stamp: string;
  readonly sizeBytes: number;
  readonly template: string | null;
  /** Longest context the model was trained for. */
  readonly trainedTokens: number;
  /** Null takes the context that is used without being asked. */
  estimate(contextTokens: number | null): MemoryParts;
}

/** Files remembered: a header with a large vocabulary takes a tenth of a second to read. */
const MAX_REMEMBERED = 64;

/** CORRUPT_FILE and errno errors. */
export function createModelFacts(exact = false): { read(path: string): Promise<ModelFacts> } {
  const known = new Map<string, ModelFacts>();
  return {
    async read(path) {
      const remembered = known.get(path);
      if (remembered !== undefined && remembered.stamp === (await stampOf(path))) return remembered;
      known.delete(path);
      const facts = await readFacts(path, exact);
      known.set(path, facts);
      const [oldest] = known.keys();
      if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
      return facts;
    },
  };
}

async function readFacts(path: string, exact: boolean): Promise<ModelFacts> {
  const { header, sizeBytes, stamp } = await readModelFile(path);
  const architecture = textOf(header, 'general.architecture') ?? 'llama';
  const trainedTokens = numberOf(header, `${architecture}.context_length`) ?? DEFAULT_CONTEXT_TOKENS;
  const tokens = header.metadata.get('tokenizer.ggml.tokens');
  const vocabulary = tokens?.kind === 'list' ? tokens.length : 0;
  const shape = {
    batchTokens: BATCH_TOKENS,
    outputs: outputsAtOnce(vocabulary),
    reorders: await hasMatrixUnit(),
    nodeMajor: Number.parseInt(process.versions.node, 10),
    exact,
  };
  return {
    path,
    stamp,
    sizeBytes,
    template: textOf(header, 'tokenizer.chat_template'),
    trainedTokens,
    estimate: (contextTokens) =>
      estimateMemory(header, Math.min(contextTokens ?? DEFAULT_CONTEXT_TOKENS, trainedTokens), shape),
  };
}

/** Whether the processor has a unit for matrices (AMX), for which llama.cpp orders weights anew. */
async function hasMatrixUnit(): Promise<boolean> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return text.includes('amx_int8');
}
