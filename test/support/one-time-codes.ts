// Servers that ask for a password and a one-time code of RFC 4226 (HOTP) through PAM. Codes are computed from the RFC, checked
// against its own examples in the test of logins, and accepted by Debian's pam_oath.
import { createHmac } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noSshServer, type SshServerOptions } from './ssh-server.ts';

/** Null, or why no server here can ask for codes. */
export const noOneTimeCodes: string | null = ((): string | null => {
  if (noSshServer !== null) return noSshServer;
  if (process.getuid?.() !== 0) return 'only root can set up PAM for a server of its own';
  const folders = ['/usr/lib', '/lib'].flatMap((lib) =>
    existsSync(lib) ? readdirSync(lib).map((name) => `${lib}/${name}/security/pam_oath.so`) : [],
  );
  return folders.some((path) => existsSync(path)) ? null : 'there is no pam_oath (Debian: libpam-oath)';
})();

export function oneTimeCode(secret: Buffer, counter: number): string {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const hash = createHmac('sha1', secret).update(moving).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

export interface CodesLogin {
  readonly password: string;
  readonly server: Pick<SshServerOptions, 'settings' | 'pam'>;
  /** Each counts once. */
  nextCode(): string;
}

/** A server that wants both, whose keys are not accepted. */
export function codesLogin(password: string, secret: Buffer): CodesLogin {
  let counter = 0;
  return {
    password,
    nextCode: () => oneTimeCode(secret, counter++),
    server: {
      settings: () => [
        'LogLevel VERBOSE',
        'KbdInteractiveAuthentication yes',
        // As most sites have it: a wrong code makes ssh go on to this one by itself.
        'PasswordAuthentication yes',
        'PubkeyAuthentication no',
        'MaxAuthTries 6',
      ],
      pam: {
        password,
        stack: (folder, user) => {
          const codes = join(folder, 'codes');
          writeFileSync(codes, `HOTP ${user} - ${secret.toString('hex')}\n`, { mode: 0o600 });
          return [
            'auth required pam_unix.so nodelay',
            `auth required pam_oath.so usersfile=${codes} window=20 digits=6`,
            'account required pam_permit.so',
            'session required pam_permit.so',
          ];
        },
      },
    },
  };
}
