// Installs the libraries when node_modules is missing or package-lock.json changed since the last install.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.nesso-install-stamp');
const npmRecord = join(root, 'node_modules', '.package-lock.json');

/** Ends the process with one line when Node is too old for the studio. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Nesso Studio needs Node 20.19 or newer; this is ${process.versions.node}\n  Install a newer one from nodejs.org`,
  );
  process.exit(1);
}

function isCurrent(lockHash) {
  if (!existsSync(npmRecord)) return false;
  if (existsSync(stampFile)) return readFileSync(stampFile, 'utf8') === lockHash;
  // Installed by hand (npm ci, npm install) after the last change of the lock file.
  return statSync(npmRecord).mtimeMs >= statSync(lockFile).mtimeMs;
}

/** Returns true when it installed. Ends the process when npm fails, with npm's own words above. */
export function ensureInstalled() {
  const lockHash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  // A linked folder belongs to somebody else: installing through the link would empty it for them.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) return false;
  const current = isCurrent(lockHash) || installedByHand();
  if (!current) {
    console.log('Installing the libraries (once, about a minute)…');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: process.platform === 'win32',
    });
    if (result.status !== 0) {
      console.error(
        'The libraries could not be installed; see above\n  Check the network or the npm registry, then start again',
      );
      process.exit(1);
    }
  }
  writeFileSync(stampFile, lockHash);
  return !current;
}

function installedByHand() {
  if (!existsSync(npmRecord) || !existsSync(stampFile)) return false;
  return statSync(npmRecord).mtimeMs >= Math.max(statSync(lockFile).mtimeMs, statSync(stampFile).mtimeMs);
}
