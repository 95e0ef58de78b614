// MessageChannelMain, and a table of the ends that were handed to another process or page.
import { EventEmitter } from 'node:events';
import type { MessagePortMain } from 'electron';

type Sink = (data: unknown, closed?: true) => void;
export type PortMessage = { port?: number; data: unknown; closed: boolean };
type Carry = (id: number, data: unknown, closed: boolean) => void;

export class Port extends EventEmitter implements Pick<MessagePortMain, 'postMessage' | 'start' | 'close'> {
  other: Port | undefined;
  #sink: Sink | undefined;
  #queue: unknown[] = [];
  #closed = false;
  postMessage = (data: unknown): void => this.other?.deliver(data);
  deliver(data: unknown): void {
    if (this.#sink) this.#sink(data);
    else this.#queue.push(data);
  }
  start(sink: Sink = (data) => this.emit('message', { data, ports: [] })): void {
    this.#sink = sink;
    for (const data of this.#queue.splice(0)) sink(data);
  }
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#sink?.(null, true);
    this.emit('close');
    this.other?.close();
  }
}

export class MessageChannelMain {
  readonly port1 = new Port();
  readonly port2 = Object.assign(new Port(), { other: this.port1 });
  constructor() {
    this.port1.other = this.port2;
  }
}

let nextId = 1;
/** Ends whose messages travel by id; `carry` takes them out. */
export class PortTable extends Map<number, Port> {
  /** Gives the ports ids, lets `announce` tell the other side, then sends what was waiting in them. */
  hand(
    ports: Port[],
    announce: (ids: number[]) => void,
    carry: Carry,
    ids = ports.map(() => nextId++),
  ): void {
    announce(ids);
    ids.forEach((id, index) => {
      const port = ports[index] as Port;
      this.set(id, port);
      port.start((data, closed) => carry(id, data, closed === true));
    });
  }
  /** False when the message is not for a port. */
  receive({ port, data, closed }: PortMessage): boolean {
    if (port === undefined) return false;
    if (closed) this.get(port)?.close();
    else this.get(port)?.postMessage(data);
    return true;
  }
}
