// The memory in which a batch of tokens is described to llama.cpp. Knows layouts, no models.
import { addressOf } from './library.ts';
import { BATCH_TOKENS } from './protocol.ts';

/** A token of several texts that are read beside each other: of `sequences` of them, from number `sequence` on. */
export interface TreeToken {
  readonly id: number;
  readonly position: number;
  readonly sequence: number;
  readonly sequences: number;
  /** What follows it is asked. */
  readonly isAsked: boolean;
}

/** The memory in which a batch is described: the same for all, so that nothing is made per token. */
export function batchLists() {
  const token = new Int32Array(BATCH_TOKENS);
  const position = new Int32Array(BATCH_TOKENS);
  const output = new Int8Array(BATCH_TOKENS);
  const counts = new Int32Array(BATCH_TOKENS).fill(1);
  // Numbers in their order: so many from any of them on are the sequences of one token.
  const numbers = Int32Array.from({ length: BATCH_TOKENS }, (_, index) => index);
  const sequenceAt = (first: number) => addressOf(numbers) + BigInt(first * Int32Array.BYTES_PER_ELEMENT);
  const sequence = new BigUint64Array(BATCH_TOKENS).fill(sequenceAt(0));
  return {
    token,
    position,
    output,
    // Kept: the library reads them by address.
    counts,
    sequence,
    numbers,
    sequenceAt,
    batch: {
      n_tokens: 0,
      token: addressOf(token),
      embd: null,
      pos: addressOf(position),
      n_seq_id: addressOf(counts),
      seq_id: addressOf(sequence),
      logits: addressOf(output),
    },
  };
}
