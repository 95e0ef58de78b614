// The parent's side of the ONNX child: starts it on the first request, tells its death from a refusal, ends it to free memory.
// Knows processes and the protocol; models and the wording of errors are for services.
import type { ChildProcess } from 'node:child_process';
import type { Head } from '../../core/lib/jql/head.ts';
import { fromChild, type FromChild, type ToChild } from './protocol.ts';

/** `died`: the process ended by itself or was killed. `cancelled`: it was closed. Else the runtime's own words. */
export class OnnxFailure extends Error {
  override readonly name = 'OnnxFailure';
  readonly reason: 'died' | 'cancelled' | 'tokenizer' | 'model' | 'run';

  constructor(reason: OnnxFailure['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface OnnxProcessOptions {
  /** Starts the child with IPC and advanced serialization. */
  readonly spawn: () => ChildProcess;
  /** Called once for each death that was not asked for. */
  readonly onDeath?: (reason: string) => void;
}

export type OpenModel = Omit<Extract<ToChild, { kind: 'open' }>, 'kind' | 'id'>;
export type OpenedModel = Extract<FromChild, { kind: 'opened' }>;
export type TokenBatch = Omit<Extract<ToChild, { kind: 'embed' }>, 'kind' | 'id'>;

export interface Tokens {
  readonly ids: Uint32Array;
  readonly lengths: Uint32Array;
}

interface Pending {
  readonly resolve: (reply: FromChild) => void;
  readonly reject: (failure: OnnxFailure) => void;
}

interface Child {
  readonly process: ChildProcess;
  readonly pending: Map<number, Pending>;
  ending: boolean;
}

/** Model and heads live in the child: after a death they are loaded again by whoever needs them. */
export class OnnxProcess {
  private readonly options: OnnxProcessOptions;
  private child: Child | null = null;
  private nextId = 1;

  constructor(options: OnnxProcessOptions) {
    this.options = options;
  }

  /** Null while no child runs: nothing is loaded then. */
  get pid(): number | null {
    return this.child?.process.pid ?? null;
  }

  async open(model: OpenModel): Promise<OpenedModel> {
    return expect(await this.ask((id) => ({ ...model, kind: 'open', id })), 'opened');
  }

  async tokenize(texts: readonly string[]): Promise<Tokens> {
    return expect(await this.ask((id) => ({ kind: 'tokenize', id, texts: [...texts] })), 'tokens');
  }

  /** One vector a document, L2-normalised, one after the other. */
  async embed(batch: TokenBatch): Promise<Float32Array> {
    return expect(await this.ask((id) => ({ ...batch, kind: 'embed', id })), 'numbers').numbers;
  }

  async setHeads(heads: readonly Head[]): Promise<void> {
    expect(await this.ask((id) => ({ kind: 'heads', id, heads: [...heads] })), 'ok');
  }

  /** head × document, row-major. */
  async score(vectors: Float32Array): Promise<Float32Array> {
    return expect(await this.ask((id) => ({ kind: 'score', id, vectors })), 'numbers').numbers;
  }

  /** Ends the child; what waits for it rejects as cancelled. A later request starts a new one. */
  async dispose(): Promise<void> {
    const { child } = this;
    if (!child) return;
    child.ending = true;
    this.child = null;
    const ended = new Promise<void>((resolve) => child.process.once('exit', () => resolve()));
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    child.process.kill('SIGKILL');
    await ended;
  }

  private ask(message: (id: number) => ToChild): Promise<FromChild> {
    const child = this.child ?? this.start();
    const id = this.nextId++;
    return new Promise<FromChild>((resolve, reject) => {
      child.pending.set(id, { resolve, reject });
      // A child that is already gone is reported by its exit, not here.
      if (child.process.connected) child.process.send(message(id), () => undefined);
    });
  }

  private start(): Child {
    const child: Child = { process: this.options.spawn(), pending: new Map(), ending: false };
    this.child = child;
    child.process.on('message', (raw) => receive(child, raw));
    child.process.on('error', (error) => this.ended(child, error.message));
    child.process.on('exit', (code, signal) =>
      this.ended(child, signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
    return child;
  }

  private ended(child: Child, reason: string): void {
    if (this.child === child) this.child = null;
    const failure = child.ending
      ? new OnnxFailure('cancelled', 'The embedding process was closed')
      : new OnnxFailure('died', `The embedding process ended: ${reason}`);
    for (const pending of child.pending.values()) pending.reject(failure);
    child.pending.clear();
    if (!child.ending) this.options.onDeath?.(reason);
    child.ending = true;
  }
}

function receive(child: Child, raw: unknown): void {
  const message = fromChild.parse(raw);
  const pending = child.pending.get(message.id);
  child.pending.delete(message.id);
  if (message.kind === 'failed') pending?.reject(new OnnxFailure(message.reason, message.message));
  else pending?.resolve(message);
}

function expect<K extends FromChild['kind']>(reply: FromChild, kind: K): Extract<FromChild, { kind: K }> {
  if (reply.kind !== kind) throw new OnnxFailure('run', `An answer of the wrong kind came: ${reply.kind}`);
  return reply as Extract<FromChild, { kind: K }>;
}
