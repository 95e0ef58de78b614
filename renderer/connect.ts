// Connects the window to core. The only file that knows which host it runs in: the desktop's preload
// hands over a MessagePort, everywhere else it is a WebSocket of the same origin. Kept open across losses.
import type { StudioClient } from '../core/api/contract.ts';
import type { Channel } from '../core/rpc/channel.ts';
import { createClient } from '../core/rpc/client.ts';
import { messagePortChannel } from '../core/rpc/message-port-channel.ts';
import type { Observable } from '../core/rpc/observable.ts';
import { type ConnectionState, reconnectingLink } from '../core/rpc/reconnecting-link.ts';
import { webSocketChannel } from '../core/rpc/web-socket-channel.ts';
import type { DesktopHost } from './desktop-host.ts';

export type { ConnectionState };

export interface Connection {
  /**
   * Always the same object. Throws StudioError or a DOMException named AbortError and nothing else;
   * calls fail with UNAVAILABLE while the connection is lost.
   */
  readonly client: StudioClient;
  /** An external store, for `useSyncExternalStore`. */
  readonly state: Observable<ConnectionState>;
  /** Tries at once instead of waiting for the next attempt. */
  retry(): void;
  /** The host's own folder dialog; absent where the picker has to browse through core. */
  readonly chooseFolder?: () => Promise<string | null>;
  /** Everything only a desktop host can do; null in a browser. */
  readonly desktop: DesktopHost | null;
}

/** How long a socket or port may take to open before it counts as failed. */
const OPEN_TIMEOUT_MS = 10_000;

let connection: Connection | undefined;

/** The one connection of this window. */
export function connect(): Connection {
  connection ??= createConnection();
  return connection;
}

function createConnection(): Connection {
  const desktop = window.nessoDesktop ?? null;
  const link = reconnectingLink(desktop ? () => openPort(desktop) : openSocket);
  return {
    client: createClient<StudioClient>(link),
    state: link.state,
    retry: () => link.retry(),
    desktop,
    ...(desktop ? { chooseFolder: () => desktop.chooseFolder('Choose a workspace folder') } : {}),
  };
}

function openSocket(): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const address = new URL('/rpc', window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address);
    const timer = setTimeout(() => socket.close(), OPEN_TIMEOUT_MS);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve(webSocketChannel(socket));
    });
    socket.addEventListener('close', () => {
      clearTimeout(timer);
      reject(new Error('The studio does not answer; it may have ended, or this page is no longer let in'));
    });
  });
}

/** Asks the preload for a port; it arrives as a message of this same window. */
function openPort(desktop: DesktopHost): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      clearTimeout(timer);
      window.removeEventListener('message', onMessage);
    };
    const onMessage = (event: MessageEvent<unknown>) => {
      const port = event.ports[0];
      if (event.source !== window || event.data !== 'nesso-core-port' || !port) return;
      finish();
      const channel = messagePortChannel(port);
      window.addEventListener('message', function onLost(message: MessageEvent<unknown>) {
        if (message.source !== window || message.data !== 'nesso-core-lost') return;
        window.removeEventListener('message', onLost);
        channel.close();
      });
      resolve(channel);
    };
    const timer = setTimeout(() => {
      finish();
      reject(new Error('The studio core does not answer'));
    }, OPEN_TIMEOUT_MS);
    window.addEventListener('message', onMessage);
    desktop.requestPort();
  });
}
