// The key of a server: in the system's keychain where the studio runs as an application, else only until the page closes. It is
// passed with the calls that need it and stands in no link, no memory of the workspace and no file.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useSession } from '../../../app/session.ts';

const keys = createStore<Readonly<Record<string, string>>>(() => ({}));

/** One key a server: `judge:api.example.org`. */
export function keyNameOf(baseUrl: string): string {
  try {
    return `judge:${new URL(baseUrl).host}`;
  } catch {
    return 'judge:';
  }
}

export interface ServerKey {
  readonly key: string;
  /** Where it is kept. */
  readonly place: 'keychain' | 'session';
  set(key: string): void;
  /** Into the keychain, once typing has ended. Rejects when the system has none. */
  keep(): Promise<void>;
}

export function useServerKey(baseUrl: string): ServerKey {
  const { desktop } = useSession().connection;
  const name = keyNameOf(baseUrl);
  const key = useStore(keys, (known) => known[name]);
  useEffect(() => {
    if (desktop === null || key !== undefined) return;
    let isCurrent = true;
    desktop.readSecret(name).then(
      (stored) => {
        if (isCurrent && stored !== null) keys.setState({ [name]: stored });
      },
      // A system without a keychain: the key is asked for.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [desktop, name, key]);
  return {
    key: key ?? '',
    place: desktop === null ? 'session' : 'keychain',
    set: (next) => keys.setState({ [name]: next }),
    keep: async () => {
      const now = keys.getState()[name];
      if (desktop !== null && now !== undefined) await desktop.writeSecret(name, now === '' ? null : now);
    },
  };
}
