// A native child that answers requests by their number: started on the first one, told from a refusal when it dies, started again by the
// next. What requests and answers say, and how failures are worded, is for the clients of each runtime.
import type { ChildProcess } from 'node:child_process';

export interface RequestChildOptions<Message extends { readonly id: number }> {
  /** Starts the child with IPC and advanced serialization. */
  readonly spawn: () => ChildProcess;
  /** Called once for each death that was not asked for. */
  readonly onDeath?: ((reason: string) => void) | undefined;
  /** Null for what answers no request. Throws for what no child of this kind says. */
  readonly parse: (raw: unknown) => Message | null;
  /** `died`: the process ended by itself or was killed. `cancelled`: it was closed. */
  readonly failure: (reason: 'died' | 'cancelled', how: string) => Error;
}

export interface Settle<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (failure: Error) => void;
}

interface Child<Message> {
  readonly process: ChildProcess;
  readonly pending: Map<
    number,
    { readonly receive: (message: Message) => void; readonly reject: (failure: Error) => void }
  >;
  ending: boolean;
}

export interface AskOptions {
  readonly signal?: AbortSignal | undefined;
  /** What an abort says to the child. */
  readonly cancel?: ((id: number) => object) | undefined;
}

export class RequestChild<Message extends { readonly id: number }> {
  private readonly options: RequestChildOptions<Message>;
  private child: Child<Message> | null = null;
  private lastId = 0;

  constructor(options: RequestChildOptions<Message>) {
    this.options = options;
  }

  /** Null while no child runs: nothing is loaded then. */
  get pid(): number | null {
    return this.child?.process.pid ?? null;
  }

  newId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  /** `receive` gets what the child says to this request until it settles. Rejects with `failure` when the child ends first. */
  async ask<T>(
    request: (id: number) => object,
    receive: (message: Message, settle: Settle<T>) => void,
    { signal, cancel }: AskOptions = {},
  ): Promise<T> {
    const child = this.child ?? this.start();
    const id = this.newId();
    const onAbort = (): void => {
      if (cancel) sendTo(child, cancel(id));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await new Promise<T>((resolve, reject) => {
        child.pending.set(id, { receive: (message) => receive(message, { resolve, reject }), reject });
        sendTo(child, request(id));
      });
    } finally {
      child.pending.delete(id);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Starts the child ahead of its first request; one that is there stays. */
  prepare(): void {
    if (!this.child) this.start();
  }

  /** Something without an answer, to a child that is there. */
  tell(message: object): void {
    if (this.child) sendTo(this.child, message);
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

  private start(): Child<Message> {
    const child: Child<Message> = { process: this.options.spawn(), pending: new Map(), ending: false };
    this.child = child;
    child.process.on('message', (raw) => {
      const message = this.options.parse(raw);
      if (message) child.pending.get(message.id)?.receive(message);
    });
    child.process.on('error', (error) => this.ended(child, error.message));
    child.process.on('exit', (code, signal) =>
      this.ended(child, signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
    return child;
  }

  private ended(child: Child<Message>, how: string): void {
    if (this.child === child) this.child = null;
    const failure = this.options.failure(child.ending ? 'cancelled' : 'died', how);
    for (const pending of child.pending.values()) pending.reject(failure);
    child.pending.clear();
    if (!child.ending) this.options.onDeath?.(how);
    child.ending = true;
  }
}

/** A child that is already gone is reported by its exit, not here. */
function sendTo({ process }: { readonly process: ChildProcess }, message: object): void {
  if (process.connected) process.send(message, () => undefined);
}
