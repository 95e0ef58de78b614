// A channel over a MessagePort: the browser's, Node's (worker_threads) and Electron's MessagePortMain.
import type { Channel, ChannelListener, Frame } from './channel.ts';

/** `MessagePort` of the browser and of Node. */
export interface WebPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** Electron's `MessagePortMain`, an EventEmitter. */
export interface MainPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Takes the port over; `close` also tells the other side. */
export function messagePortChannel(port: WebPort | MainPort): Channel {
  let isClosed = false;
  let onClosed: (() => void) | undefined;
  const finish = () => {
    if (isClosed) return;
    isClosed = true;
    onClosed?.();
  };
  return {
    send(frame: Frame) {
      if (isClosed) throw new Error('The port is closed');
      port.postMessage(frame);
    },
    listen(listener: ChannelListener) {
      onClosed = () => listener.closed();
      const onMessage = (event: { readonly data: unknown }) => listener.message(event.data);
      if ('addEventListener' in port) {
        port.addEventListener('message', onMessage);
        port.addEventListener('close', finish);
      } else {
        port.on('message', onMessage);
        port.on('close', finish);
      }
      port.start();
    },
    close() {
      port.close();
      finish();
    },
  };
}
