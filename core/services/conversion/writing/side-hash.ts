// SHA-256 on a thread of its own, while this one goes on reading: hashing takes as long as all the rest of a conversion.
// Synchronous on this side: bytes go through a ring of slots both threads see.
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** Below it a thread costs more than it saves. */
const WORTH_BYTES = 64 * 1024 * 1024;
const SLOT_BYTES = 256 * 1024;
const SLOTS = 64;
/** Counters: slots filled, slots taken, whether no more come, whether the digest is there. */
const FILLED = 0;
const TAKEN = 1;
const ENDED = 2;
const READY = 3;
const HEAD_BYTES = 64;
const DIGEST_BYTES = 32;

export interface StreamHash extends Disposable {
  update(bytes: Uint8Array | string): void;
  digest(): string;
}

/** `sizeBytes`: how much will come, roughly. */
export function streamHash(sizeBytes: number): StreamHash {
  return sizeBytes < WORTH_BYTES ? plainHash() : new SideHash();
}

function plainHash(): StreamHash {
  const hash = createHash('sha256');
  return {
    update: (bytes) => void hash.update(bytes),
    digest: () => hash.digest('hex'),
    [Symbol.dispose]: () => undefined,
  };
}

/** Runs in the thread; the places are those above. */
const program = `
const { workerData } = require('node:worker_threads');
const { createHash } = require('node:crypto');
const { shared, slots, slotBytes, headBytes } = workerData;
const counters = new Int32Array(shared, 0, 4);
const lengths = new Int32Array(shared, headBytes + 32, slots);
const start = headBytes + 32 + slots * 4;
const hash = createHash('sha256');
for (let taken = 0; ; ) {
  while (Atomics.load(counters, ${FILLED}) === taken) {
    if (Atomics.load(counters, ${ENDED}) === 1 && Atomics.load(counters, ${FILLED}) === taken) {
      new Uint8Array(shared, headBytes, 32).set(hash.digest());
      Atomics.store(counters, ${READY}, 1);
      Atomics.notify(counters, ${READY});
      process.exit(0);
    }
    Atomics.wait(counters, ${FILLED}, taken, 50);
  }
  const slot = taken % slots;
  hash.update(new Uint8Array(shared, start + slot * slotBytes, lengths[slot]));
  taken += 1;
  Atomics.store(counters, ${TAKEN}, taken);
  Atomics.notify(counters, ${TAKEN});
}
`;

class SideHash implements StreamHash {
  readonly #shared = new SharedArrayBuffer(HEAD_BYTES + DIGEST_BYTES + SLOTS * 4 + SLOTS * SLOT_BYTES);
  readonly #counters = new Int32Array(this.#shared, 0, 4);
  readonly #lengths = new Int32Array(this.#shared, HEAD_BYTES + DIGEST_BYTES, SLOTS);
  readonly #slots = new Uint8Array(this.#shared, HEAD_BYTES + DIGEST_BYTES + SLOTS * 4);
  readonly #worker: Worker;
  #filled = 0;

  constructor() {
    this.#worker = new Worker(program, {
      eval: true,
      workerData: { shared: this.#shared, slots: SLOTS, slotBytes: SLOT_BYTES, headBytes: HEAD_BYTES },
    });
    this.#worker.unref();
  }

  update(bytes: Uint8Array | string): void {
    const given = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
    for (let at = 0; at < given.length; at += SLOT_BYTES) this.#put(given.subarray(at, at + SLOT_BYTES));
  }

  digest(): string {
    Atomics.store(this.#counters, ENDED, 1);
    Atomics.notify(this.#counters, FILLED);
    while (Atomics.load(this.#counters, READY) === 0) Atomics.wait(this.#counters, READY, 0, 1000);
    return Buffer.from(new Uint8Array(this.#shared, HEAD_BYTES, DIGEST_BYTES)).toString('hex');
  }

  [Symbol.dispose](): void {
    void this.#worker.terminate();
  }

  #put(bytes: Uint8Array): void {
    for (;;) {
      const taken = Atomics.load(this.#counters, TAKEN);
      if (this.#filled - taken < SLOTS) break;
      Atomics.wait(this.#counters, TAKEN, taken, 1000);
    }
    const slot = this.#filled % SLOTS;
    this.#slots.set(bytes, slot * SLOT_BYTES);
    this.#lengths[slot] = bytes.length;
    this.#filled += 1;
    Atomics.store(this.#counters, FILLED, this.#filled);
    Atomics.notify(this.#counters, FILLED);
  }
}
