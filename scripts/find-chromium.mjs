// Finds a Chromium or Chrome for the browser tests; on Debian as root it installs one.
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages } from './debian-packages.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

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
  if (!installPackages(['chromium'])) {
    return { reason: 'no Chromium or Chrome was found or could be installed; name one in NESSO_CHROMIUM' };
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
