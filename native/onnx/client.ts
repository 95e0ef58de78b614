// The parent's side of the ONNX child: starts it on the first request, tells its death from a refusal, ends it to free memory.
// Knows processes and the protocol; models and the wording of errors are for services.
import type { ChildProcess } from 'node:child_process';
import { RequestChild } from '../../core/services/native/request-child.ts';
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

/** Model and heads live in the child: after a death they are loaded again by whoever needs them. */
export class OnnxProcess {
  private readonly child: RequestChild<FromChild>;

  constructor(options: OnnxProcessOptions) {
    this.child = new RequestChild({
      ...options,
      parse: (raw) => fromChild.parse(raw),
      failure: (reason, how) =>
        new OnnxFailure(
          reason,
          reason === 'cancelled' ? 'The embedding process was closed' : `The embedding process ended: ${how}`,
        ),
    });
  }

  /** Null while no child runs: nothing is loaded then. */
  get pid(): number | null {
    return this.child.pid;
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
  dispose(): Promise<void> {
    return this.child.dispose();
  }

  private ask(message: (id: number) => ToChild): Promise<FromChild> {
    return this.child.ask<FromChild>(message, (said, { resolve, reject }) => {
      if (said.kind === 'failed') reject(new OnnxFailure(said.reason, said.message));
      else resolve(said);
    });
  }
}

function expect<K extends FromChild['kind']>(reply: FromChild, kind: K): Extract<FromChild, { kind: K }> {
  if (reply.kind !== kind) throw new OnnxFailure('run', `An answer of the wrong kind came: ${reply.kind}`);
  return reply as Extract<FromChild, { kind: K }>;
}
