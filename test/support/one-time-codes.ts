// One-time codes of RFC 4226 (HOTP), for servers that ask for one: written from the RFC, checked against its own examples in the
// test that uses it, and accepted by Debian's pam_oath.
import { createHmac } from 'node:crypto';

export function oneTimeCode(secret: Buffer, counter: number): string {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const hash = createHmac('sha1', secret).update(moving).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}
