// Builds `out/` when a source is newer than the last build; otherwise returns at once.
// Safe when several processes call it together: one builds, the others wait.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const stampFile = join(root, 'out', 'build-stamp.txt');
const lockFolder = join(root, 'node_modules', '.nesso-build-lock');
const sources = ['core', 'native', 'cli', 'electron', 'renderer', 'test/bench'];
const single = ['package.json', 'electron.vite.config.ts'];
const LOCK_TIMEOUT_MS = 300_000;

function fingerprint() {
  const hash = createHash('sha256');
  const visit = (path) => {
    const info = statSync(path);
    if (info.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else hash.update(`${path}\0${info.size}\0${info.mtimeMs}\n`);
  };
  for (const name of [...sources, ...single]) if (existsSync(join(root, name))) visit(join(root, name));
  return hash.digest('hex');
}

function isFresh() {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint();
}

function lock() {
  const deadline = Date.now() + LOCK_TIMEOUT_MS;
  for (;;) {
    try {
      mkdirSync(lockFolder);
      return;
    } catch {
      const age = existsSync(lockFolder) ? Date.now() - statSync(lockFolder).mtimeMs : 0;
      if (age > LOCK_TIMEOUT_MS || Date.now() > deadline)
        rmSync(lockFolder, { recursive: true, force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
}

/** Returns true when it built, false when everything was fresh. Throws with the build's output when it fails. */
export function ensureBuilt() {
  // For work on one part while another does not build: use what the last build left.
  if (process.env.NESSO_USE_LAST_BUILD || isFresh()) return false;
  lock();
  try {
    if (isFresh()) return false;
    const stamp = fingerprint();
    const cli = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const result = spawnSync(process.execPath, [cli, 'build', '--logLevel', 'warn'], {
      cwd: root,
      encoding: 'utf8',
    });
    if (result.status !== 0) throw new Error(`The build failed:\n${result.stdout}\n${result.stderr}`);
    writeFileSync(stampFile, stamp);
    return true;
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) console.log(ensureBuilt() ? 'Built' : 'Up to date');
