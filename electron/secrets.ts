// Small secrets (tokens, passphrases), encrypted by the keychain of the system and kept in the state folder.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import { channels } from './channels.ts';
import { answerOwnPage } from './sender.ts';

const name = z.string().regex(/^[a-z0-9][a-z0-9.:@-]{0,199}$/);
/** Tokens and keys are far smaller; this is no place for files. */
const value = z.string().max(16_384).nullable();

export function answerSecrets(stateFolder: string): void {
  const folder = join(stateFolder, 'secrets');
  const fileOf = (secret: string) => join(folder, `${createHash('sha256').update(secret).digest('hex')}.bin`);

  answerOwnPage(channels.readSecret, async (_event, wanted) => {
    const bytes = await readFile(fileOf(name.parse(wanted))).catch(() => null);
    if (bytes === null) return null;
    requireKeychain();
    return safeStorage.decryptString(bytes);
  });
  answerOwnPage(channels.writeSecret, async (_event, wanted, text) => {
    const file = fileOf(name.parse(wanted));
    const secret = value.parse(text);
    if (secret === null) return rm(file, { force: true });
    requireKeychain();
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFile(file, safeStorage.encryptString(secret), { mode: 0o600 });
  });
}

/** Without a keychain Linux would only obscure the text; refusing is more honest. */
function requireKeychain(): void {
  const obscured = process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text';
  if (safeStorage.isEncryptionAvailable() && !obscured) return;
  throw new Error('This system has no keychain, so the secret was not stored; use an SSH agent instead');
}
