// Mounts that tests need for real refusals: a disk of 64 kB, and a read-only view of a folder. Linux as root only.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

export interface Mounted {
  readonly path: string;
  [Symbol.dispose](): void;
}

/** A tmpfs of `sizeBytes` at `path`, or null with no permission to mount. */
export function mountSmallDisk(path: string, sizeBytes: number): Mounted | null {
  mkdirSync(path, { recursive: true });
  return mount(path, ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', path]);
}

/** `source` visible at `path` without write permission, or null with no permission to mount. */
export function mountReadOnly(source: string, path: string): Mounted | null {
  mkdirSync(path, { recursive: true });
  const mounted = mount(path, ['--bind', source, path]);
  if (!mounted) return null;
  try {
    execFileSync('mount', ['-o', 'remount,bind,ro', path], { stdio: 'ignore' });
    return mounted;
  } catch {
    mounted[Symbol.dispose]();
    return null;
  }
}

function mount(path: string, options: readonly string[]): Mounted | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  try {
    execFileSync('mount', [...options], { stdio: 'ignore' });
  } catch {
    return null;
  }
  return { path, [Symbol.dispose]: () => execFileSync('umount', ['-l', path], { stdio: 'ignore' }) };
}
