// The processes that run models, one per model, within a budget of memory: what was used longest ago leaves first,
// what is at work stays, and whoever finds no room waits for it. Knows no files and no prompts.
import type { ChildProcess } from 'node:child_process';
import { LlamaProcess } from '../../../native/llama/client.ts';

export interface PoolOptions {
  readonly spawn: () => ChildProcess;
  readonly onDeath?: ((reason: string) => void) | undefined;
  /** Bytes for all models together. */
  readonly budget: () => Promise<number>;
}

export interface Need {
  readonly path: string;
  /** Estimated. */
  readonly bytes: number;
}

export interface Lease {
  readonly process: LlamaProcess;
  release(): void;
}

/** Not even with all other models gone would there be room. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  readonly neededBytes: number;
  readonly budgetBytes: number;

  constructor(neededBytes: number, budgetBytes: number) {
    super(`${neededBytes} bytes of ${budgetBytes}`);
    this.neededBytes = neededBytes;
    this.budgetBytes = budgetBytes;
  }
}

interface Slot {
  readonly path: string;
  readonly process: LlamaProcess;
  estimatedBytes: number;
  leases: number;
  usedMs: number;
}

export class ModelPool {
  private readonly options: PoolOptions;
  private readonly slots = new Map<string, Slot>();
  private waiting: (() => void)[] = [];
  /** Rooms are made one after another. */
  private turn: Promise<unknown> = Promise.resolve();
  private deaths = 0;
  private lastDeath: string | null = null;
  private disposed = false;

  constructor(options: PoolOptions) {
    this.options = options;
  }

  get history(): { readonly deaths: number; readonly lastDeath: string | null } {
    return { deaths: this.deaths, lastDeath: this.lastDeath };
  }

  /** Those with a process, the last used first. */
  list(): readonly (Readonly<Slot> & { readonly bytes: number })[] {
    return [...this.slots.values()]
      .filter(({ process, leases }) => leases > 0 || process.state.pid !== null)
      .sort((left, right) => right.usedMs - left.usedMs)
      .map((slot) => ({ ...slot, bytes: bytesOf(slot) }));
  }

  /** Waits for room behind models that are at work. Throws NoRoom, or the signal's reason. */
  async lease(need: Need, signal?: AbortSignal): Promise<Lease> {
    const reserved = this.turn.then(() => this.reserve(need, signal));
    this.turn = reserved.catch(() => undefined);
    const slot = await reserved;
    let isHeld = true;
    return {
      process: slot.process,
      release: () => {
        if (!isHeld) return;
        isHeld = false;
        slot.leases -= 1;
        slot.usedMs = performance.now();
        this.wake();
      },
    };
  }

  async unload(path: string | null): Promise<void> {
    const leaving = [...this.slots.values()].filter((slot) => path === null || slot.path === path);
    await Promise.all(leaving.map(({ process }) => process.unload()));
    this.wake();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    const all = [...this.slots.values()];
    this.slots.clear();
    this.wake();
    await Promise.all(all.map(({ process }) => process.dispose()));
  }

  private async reserve({ path, bytes }: Need, signal: AbortSignal | undefined): Promise<Slot> {
    for (;;) {
      signal?.throwIfAborted();
      const budget = await this.options.budget();
      const others = [...this.slots.values()].filter((slot) => slot.path !== path);
      const taken = others.reduce((sum, slot) => sum + bytesOf(slot), 0);
      if (taken + bytes <= budget) return this.take(path, bytes);
      if (bytes > budget) throw new NoRoom(bytes, budget);
      const idle = others
        .filter((slot) => slot.leases === 0 && slot.process.state.pid !== null)
        .sort((left, right) => left.usedMs - right.usedMs)[0];
      if (idle === undefined) await this.released(signal);
      else await idle.process.unload();
    }
  }

  private take(path: string, bytes: number): Slot {
    if (this.disposed) throw new Error('the pool was closed');
    const slot = this.slots.get(path) ?? this.open(path);
    slot.estimatedBytes = bytes;
    slot.leases += 1;
    slot.usedMs = performance.now();
    return slot;
  }

  private open(path: string): Slot {
    const process = new LlamaProcess({
      spawn: this.options.spawn,
      onDeath: (reason) => {
        this.deaths += 1;
        this.lastDeath = reason;
        this.wake();
        this.options.onDeath?.(reason);
      },
    });
    const slot = { path, process, estimatedBytes: 0, leases: 0, usedMs: performance.now() };
    this.slots.set(path, slot);
    return slot;
  }

  private released(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}

/** Nothing without a process or work. What is measured counts once the model is loaded. */
function bytesOf({ process, leases, estimatedBytes }: Slot): number {
  const { pid, memoryBytes, modelPath } = process.state;
  if (pid === null && leases === 0) return 0;
  return modelPath === null || memoryBytes === null ? estimatedBytes : Math.max(memoryBytes, estimatedBytes);
}
