// MessageChannelMain, and a table of the ends that were handed to another process or page.
import { EventEmitter } from 'node:events';
import type { MessagePortMain } from 'electron';

type Sink = (data: unknown, closed?: true) => void;

export class Port extends EventEmitter implements Pick<MessagePortMain, 'postMessage' | 'start' | 'close'> {
  other: Port | undefined;
  #sink: Sink | undefined;
  #queue: unknown[] = [];
  #closed = false;
  postMessage(data: unknown): void {
    this.other?.deliver(data);
  }
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
  readonly port2 = new Port();
  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

let nextId = 1;

/** Ends whose messages travel by id; `send` carries them out. */
export class PortTable extends Map<number, Port> {
  hand(port: Port, send: (id: number, data: unknown, closed: boolean) => void, id = nextId++): number {
    this.set(id, port);
    port.start((data, closed) => send(id, data, closed === true));
    return id;
  }
  receive(id: number, data: unknown, closed: boolean): void {
    if (closed) this.get(id)?.close();
    else this.get(id)?.postMessage(data);
  }
  closeAll(): void {
    for (const port of this.values()) port.close();
  }
}
