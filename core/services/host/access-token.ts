// Who may talk to a served core: one secret of this user, one-time codes for a browser's first visit,
// and the cookie a code is exchanged for. Knows nothing about HTTP servers.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TOKEN_BYTES = 32;
/** A printed address that nobody opened within this time is worth nothing any more. */
const CODE_LIFETIME_MS = 60 * 60 * 1000;
const MAX_CODES = 20;

export interface Access {
  readonly tokenPath: string;
  readonly cookieName: string;
  /** A code that `redeem` accepts once. */
  issueCode(): string;
  /** The cookie's value for a fresh code, else null. */
  redeem(code: string): string | null;
  acceptsCookie(header: string | undefined): boolean;
  /** `Authorization: Bearer <token>`, for programs that can read the token file. */
  acceptsBearer(header: string | undefined): boolean;
}

/** The secret lies in `serve-token` (mode 0600). The cookie is derived from it, so it outlives a restart on the same port. */
export function openAccess(stateFolder: string, port: number): Access {
  const tokenPath = join(stateFolder, 'serve-token');
  const token = readOrMakeToken(tokenPath);
  const cookieName = `nesso-${port}`;
  const cookieValue = createHmac('sha256', Buffer.from(token, 'hex')).update(`cookie ${port}`).digest('hex');
  const codes = new Map<string, number>();
  return {
    tokenPath,
    cookieName,
    issueCode() {
      const code = randomBytes(TOKEN_BYTES).toString('hex');
      codes.set(code, performance.now() + CODE_LIFETIME_MS);
      for (const old of codes.keys()) {
        if (codes.size <= MAX_CODES) break;
        codes.delete(old);
      }
      return code;
    },
    redeem(code) {
      for (const [known, expiresMs] of codes) {
        if (!sameText(code, known)) continue;
        codes.delete(known);
        return expiresMs > performance.now() ? cookieValue : null;
      }
      return null;
    },
    acceptsCookie(header) {
      const prefix = `${cookieName}=`;
      const cookies = (header ?? '').split(';').map((part) => part.trim());
      return cookies.some(
        (cookie) => cookie.startsWith(prefix) && sameText(cookie.slice(prefix.length), cookieValue),
      );
    },
    acceptsBearer: (header) => header !== undefined && sameText(header, `Bearer ${token}`),
  };
}

function readOrMakeToken(path: string): string {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(token)) {
      chmodSync(path, 0o600);
      return token;
    }
    rmSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const token = randomBytes(TOKEN_BYTES).toString('hex');
  try {
    writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
    return token;
  } catch (error) {
    // Another studio that starts at the same moment made it first.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return readFileSync(path, 'utf8').trim();
    throw error;
  }
}

/** Compares in constant time, so that no prefix can be guessed by measuring. */
function sameText(given: string, expected: string): boolean {
  const left = createHmac('sha256', 'compare').update(given).digest();
  const right = createHmac('sha256', 'compare').update(expected).digest();
  return timingSafeEqual(left, right);
}
