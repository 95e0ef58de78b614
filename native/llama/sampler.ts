// Chooses the next token: llama.cpp's own samplers in its own order, and a grammar beside them.
import { RuntimeFailure } from './failure.ts';
import { addressOf, type Handle, type LlamaLibrary } from './library.ts';
import type { Model } from './model.ts';
import type { SamplingSettings } from './protocol.ts';

/** Candidates that every filter leaves at least. */
const KEEP = 1;
/** Sequences of DRY end at these, as in llama.cpp's programs. */
const DRY_BREAKERS = ['\n', ':', '"', '*'];
/** A bias of this or less forbids the token. */
const FORBIDDEN_BIAS = -100;
const MAX_SEED = 2 ** 32 - 1;

export interface Sampler {
  /** The next token after the output of this index; the sampler remembers it. */
  next(output: number): number;
  free(): void;
}

/** `begun`: tokens of the answer that stand already, for the penalties and the grammar. */
export function createSampler(
  model: Model,
  settings: SamplingSettings,
  grammar: string | null,
  begun: readonly number[],
): Sampler {
  const { api: library, vocabulary } = model;
  const chain = library.chain({ no_perf: true });
  const handles = [chain];
  const kept: Uint8Array[] = [];
  const add = (sampler: Handle) => library.addToChain(chain, sampler);
  const free = () => {
    for (const handle of handles) library.freeSampler(handle);
    kept.length = 0;
  };
  try {
    const biases = biasList(model, settings);
    if (biases !== null) {
      kept.push(biases);
      add(library.bias(vocabulary.size, biases.length / 8, addressOf(biases)));
    }
    addPenalties(add, model, settings);
    addChoice(add, library, settings);
    for (const token of begun) library.accept(chain, token);
    if (grammar === null) {
      return { next: (output) => library.sample(chain, model.contextHandle, output), free };
    }
    const rules = library.grammar(vocabulary.pointer, grammar, 'root');
    if (rules === null) throw new RuntimeFailure('grammar', 'llama.cpp cannot read the grammar');
    handles.push(rules);
    return { next: withGrammar(model, chain, rules), free };
  } catch (error) {
    free();
    throw error;
  }
}

function addPenalties(add: (sampler: Handle) => void, model: Model, settings: SamplingSettings): void {
  const { api: library, vocabulary } = model;
  const { repeatPenalty, frequencyPenalty, presencePenalty, penaltyTokens } = settings;
  if (penaltyTokens > 0 && (repeatPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0)) {
    add(library.penalties(vocabulary.size, penaltyTokens, repeatPenalty, frequencyPenalty, presencePenalty));
  }
  if (settings.dryStrength > 0 && penaltyTokens > 0) {
    const { dryStrength, dryBase, dryAllowedLength } = settings;
    add(
      library.dry(
        vocabulary.pointer,
        dryStrength,
        dryBase,
        dryAllowedLength,
        penaltyTokens,
        DRY_BREAKERS,
        DRY_BREAKERS.length,
      ),
    );
  }
}

function addChoice(add: (sampler: Handle) => void, library: LlamaLibrary, settings: SamplingSettings): void {
  if (settings.temperature === 0) {
    add(library.greedy());
    return;
  }
  const seed = settings.seed ?? Math.floor(Math.random() * MAX_SEED);
  if (settings.topK > 0) add(library.topK(settings.topK));
  if (settings.topP < 1) add(library.topP(settings.topP, KEEP));
  if (settings.minP > 0) add(library.minP(settings.minP, KEEP));
  if (settings.xtcProbability > 0) {
    add(library.xtc(settings.xtcProbability, settings.xtcThreshold, KEEP, seed));
  }
  add(library.temperature(settings.temperature));
  add(library.distribution(seed));
}

/** Pairs of token and bias in the memory that the library reads; null without any. */
function biasList({ vocabulary }: Model, { tokenBias }: SamplingSettings): Uint8Array | null {
  const biases = new Map<number, number>();
  for (const { token, bias } of tokenBias) {
    const ids = typeof token === 'number' ? [token] : vocabulary.tokenize(token);
    for (const id of ids) {
      if (!vocabulary.has(id)) {
        throw new RuntimeFailure('input', `Token ${id} of the bias is not in the vocabulary`);
      }
      biases.set(id, bias <= FORBIDDEN_BIAS ? Number.NEGATIVE_INFINITY : bias);
    }
  }
  if (biases.size === 0) return null;
  const bytes = new Uint8Array(biases.size * 8);
  const view = new DataView(bytes.buffer);
  for (const [index, [id, bias]] of [...biases].entries()) {
    view.setInt32(index * 8, id, true);
    view.setFloat32(index * 8 + 4, bias, true);
  }
  return bytes;
}

/**
 * The samplers choose first, and only a token that the grammar refuses makes it look at all of them: reading 128k
 * candidates against a grammar takes far longer than one.
 */
function withGrammar(model: Model, chain: Handle, rules: Handle): (output: number) => number {
  const { api: library, vocabulary } = model;
  const candidates = candidateList(vocabulary.size);
  return (output) => {
    const logits = model.logits(output);
    candidates.fill(logits);
    library.apply(chain, candidates.address);
    let chosen = candidates.selected();
    candidates.single(chosen);
    library.apply(rules, candidates.address);
    if (candidates.isForbidden(0)) {
      candidates.fill(logits);
      library.apply(rules, candidates.address);
      if (candidates.allForbidden())
        throw new RuntimeFailure('grammar', 'no token fits the grammar any more');
      library.apply(chain, candidates.address);
      chosen = candidates.selected();
    }
    library.accept(rules, chosen);
    library.accept(chain, chosen);
    return chosen;
  };
}

/** llama_token_data_array in memory of our own: 12 bytes a candidate (id, logit, p), and 32 bytes that describe them. */
function candidateList(size: number) {
  const memory = new ArrayBuffer(size * 12);
  const ids = new Int32Array(memory);
  const values = new Float32Array(memory);
  const head = new ArrayBuffer(32);
  const fields = new BigInt64Array(head);
  const sorted = new Uint8Array(head);
  const list = addressOf(ids);
  const describe = (count: number) => {
    fields[0] = list;
    fields[1] = BigInt(count);
    fields[2] = -1n;
    sorted[24] = 0;
  };
  return {
    address: addressOf(sorted),
    fill(logits: Float32Array) {
      for (let id = 0; id < size; id += 1) {
        ids[id * 3] = id;
        values[id * 3 + 1] = logits[id] ?? 0;
        values[id * 3 + 2] = 0;
      }
      describe(size);
    },
    single(id: number) {
      ids[0] = id;
      values[1] = 1;
      values[2] = 0;
      describe(1);
    },
    selected(): number {
      const at = Number(fields[2]);
      const id = at < 0 ? undefined : ids[at * 3];
      if (id === undefined) throw new RuntimeFailure('other', 'the samplers chose nothing');
      return id;
    },
    isForbidden: (at: number) => values[at * 3 + 1] === Number.NEGATIVE_INFINITY,
    allForbidden(): boolean {
      const count = Number(fields[1]);
      for (let at = 0; at < count; at += 1) if (values[at * 3 + 1] !== Number.NEGATIVE_INFINITY) return false;
      return true;
    },
  };
}
