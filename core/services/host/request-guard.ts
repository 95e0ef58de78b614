// Decides from its headers whether a request may be answered at all: right Host (a foreign name that was
// pointed at this computer is refused: DNS rebinding) and right Origin (another page may not use our socket).
import type { IncomingHttpHeaders } from 'node:http';
import { hostname, networkInterfaces } from 'node:os';

export interface RequestGuard {
  /** Null when the request may go on, else why not. `originRequired`: sockets, which browsers always mark. */
  refusal(headers: IncomingHttpHeaders, originRequired: boolean): string | null;
}

const loopbackNames: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/**
 * `listenHost` is the address the server is bound to. Any port is accepted in the Host header, because an SSH
 * tunnel usually changes it; names are what rebinding needs.
 */
export function createRequestGuard(listenHost: string): RequestGuard {
  const names = new Set(loopbackNames);
  if (!isLoopback(listenHost)) for (const name of ownNames(listenHost)) names.add(name.toLowerCase());
  return {
    refusal(headers, originRequired) {
      const host = headers.host?.toLowerCase();
      const name = host?.replace(/:\d+$/, '');
      if (host === undefined || name === undefined || !names.has(name)) return 'This Host is not served here';
      const origin = headers.origin?.toLowerCase();
      if (origin === undefined) return originRequired ? 'An Origin is required' : null;
      const own = origin === `http://${host}` || origin === `https://${host}`;
      return own ? null : 'This Origin is not served here';
    },
  };
}

/** Addresses and names under which others reach this computer when it listens beyond loopback. */
function ownNames(listenHost: string): readonly string[] {
  const any = listenHost === '0.0.0.0' || listenHost === '::';
  if (!any) return [listenHost.includes(':') ? `[${listenHost}]` : listenHost];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [
    hostname(),
    ...addresses.map(({ address, family }) => (family === 'IPv6' ? `[${address}]` : address)),
  ];
}
