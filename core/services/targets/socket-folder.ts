// Where sockets of this user lie: a folder of a short name that nobody else can reach. Knows nothing about what goes through them.
import { chmod, lstat, mkdir } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Socket addresses hold 104 bytes on macOS, 108 on Linux; ssh first makes one with 17 characters more. */
const ADDRESS_BYTES = 103 - 17;
/** Of a socket in the folder: slash, process, dash, eight digits. */
const NAME_BYTES = 20;

/**
 * The first of `places` where such a folder can be, or null: sites give a job a temporary folder with a long name, and on a shared
 * computer somebody else may have made a folder of this name.
 */
export async function socketFolder(
  places: readonly string[] = [tmpdir(), process.env['XDG_RUNTIME_DIR'] ?? '', '/tmp'],
): Promise<string | null> {
  const { uid } = userInfo();
  for (const place of places) {
    const folder = join(place, `nesso-${uid}`);
    // ssh reads quotes, spaces and per cent signs in the name of a socket as something else.
    const isPlain = /^\/[\w./+@-]+$/.test(folder);
    if (!isPlain || Buffer.byteLength(folder) + NAME_BYTES > ADDRESS_BYTES) continue;
    if (await isOwn(folder, uid)) return folder;
  }
  return null;
}

/** Made where it is missing. */
async function isOwn(folder: string, uid: number): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const info = await lstat(folder);
    if (!info.isDirectory() || info.uid !== uid) return false;
    if ((info.mode & 0o077) !== 0) await chmod(folder, 0o700);
    return true;
  } catch {
    return false;
  }
}
