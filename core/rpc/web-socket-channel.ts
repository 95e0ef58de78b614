// A channel over a WebSocket: the browser's and the one of `ws`.
// A full send buffer makes `send` wait, so a stream never outruns a slow line into memory.
import type { Channel, ChannelListener, Frame } from './channel.ts';

/** What the browser's WebSocket and `ws` have in common. */
export interface SocketLike {
  readonly readyState: number;
  readonly bufferedAmount: number;
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer> | ArrayBuffer): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close' | 'error', listener: () => void): void;
}

const OPEN = 1;
/** More than this waiting in the socket pauses the sender; two large columns fit. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024;
const POLL_MS = 5;

export function webSocketChannel(socket: SocketLike): Channel {
  socket.binaryType = 'arraybuffer';
  let isClosed = false;
  return {
    async send(frame: Frame) {
      if (isClosed || socket.readyState !== OPEN) throw new Error('The socket is closed');
      socket.send(frame as string | ArrayBuffer);
      while (socket.bufferedAmount > HIGH_WATER_BYTES && socket.readyState === OPEN) {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    },
    listen(listener: ChannelListener) {
      const finish = () => {
        if (isClosed) return;
        isClosed = true;
        listener.closed();
      };
      socket.addEventListener('message', (event) => listener.message(event.data));
      socket.addEventListener('close', finish);
      socket.addEventListener('error', finish);
    },
    close() {
      socket.close(1000);
    },
  };
}
