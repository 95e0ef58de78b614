// Finds a Chromium or Chrome for the browser tests; on Debian as root it installs one.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const INSTALL_TIMEOUT_MS = 300_000;

/** Path of the browser (NESSO_CHROMIUM, PATH, usual places), or null. */
export function findChromium() {
  const chosen = process.env.NESSO_CHROMIUM;
  if (chosen) return existsSync(chosen) ? chosen : null;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...places].find(isExecutable) ?? null;
}

/** `{path}` or `{reason}`. Installs Debian's package when this process may. */
export function ensureChromium() {
  const present = findChromium();
  if (present) return { path: present };
  if (process.env.NESSO_CHROMIUM) return { reason: 'NESSO_CHROMIUM names no file' };
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    return { reason: 'no Chromium or Chrome was found; install one, or name it in NESSO_CHROMIUM' };
  }
  console.log('Installing Chromium from the package sources of this system…');
  for (const parameters of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    const result = spawnSync('apt-get', ['-qq', ...parameters], {
      stdio: 'ignore',
      timeout: INSTALL_TIMEOUT_MS,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (result.status !== 0 && parameters[0] === 'install')
      return { reason: 'Chromium could not be installed with apt-get' };
  }
  const path = findChromium();
  return path ? { path } : { reason: 'Chromium is missing after its installation' };
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
