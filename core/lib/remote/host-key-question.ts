// What ssh asks about the key of a host it does not know, taken apart so that a person can compare it. As OpenSSH 8.0 to 10 print it.

export interface HostKeyQuestion {
  /** `login.example.org (192.0.2.7)` */
  readonly host: string;
  /** `ED25519` */
  readonly keyType: string;
  /** `SHA256:…`, as sites publish it. */
  readonly fingerprint: string;
}

/** Null for any other question. */
export function hostKeyQuestion(text: string): HostKeyQuestion | null {
  const host = /authenticity of host '([^']+)' can't be established/.exec(text)?.[1];
  const key = /(\S+) key fingerprint is ((?:SHA256|MD5):[A-Za-z0-9+/=:]+?)\.?\s/.exec(`${text}\n`);
  const [, keyType, fingerprint] = key ?? [];
  // `[127.0.0.1]:22 ([127.0.0.1]:22)` says the same twice.
  const [, name, address] = /^(\S+) \((\S+)\)$/.exec(host ?? '') ?? [];
  return host === undefined || keyType === undefined || fingerprint === undefined
    ? null
    : { host: name !== undefined && name === address ? name : host, keyType, fingerprint };
}

/** Whether what a person pasted names this fingerprint; `SHA256:` may be missing, and other words may stand around it. */
export function namesFingerprint(pasted: string, fingerprint: string): boolean {
  const bare = fingerprint.replace(/^(SHA256|MD5):/, '').replace(/=+$/, '');
  return pasted
    .split(/[\s,;'"()]+/)
    .some((word) => word.replace(/^(SHA256|MD5):/, '').replace(/[=.]+$/, '') === bare);
}
