// Finds the Electron binary, or tries once a day to fetch it, and says in one line why there is none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const packageFolder = join(root, 'node_modules', 'electron');
const recordFile = join(root, 'node_modules', '.nesso-electron-fetch.json');
const PROBE_TIMEOUT_MS = 3_000;
const FETCH_TIMEOUT_MS = 300_000;
const RETRY_AFTER_MS = 24 * 60 * 60 * 1000;

/** Path of the binary, or null. Starts nothing. */
export function electronBinary() {
  const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist');
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
  const path = join(dist, names[process.platform] ?? 'electron');
  return existsSync(path) ? path : null;
}

/** `{path}` or `{reason}`: why the studio opens in a browser instead. */
export async function findElectron() {
  if (process.platform === 'linux') {
    if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'there is no display here' };
    if (process.getuid?.() === 0) return { reason: 'its sandbox does not work for the root user' };
  }
  const present = electronBinary();
  if (present) return { path: present };
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const earlier = readRecord();
  if (earlier?.version === version && Date.now() - earlier.atMs < RETRY_AFTER_MS)
    return { reason: earlier.reason };
  const reason = await fetchElectron(version);
  const path = electronBinary();
  if (path) return { path };
  writeFileSync(recordFile, JSON.stringify({ version, atMs: Date.now(), reason }));
  return { reason };
}

async function fetchElectron(version) {
  const mirror =
    process.env.ELECTRON_MIRROR ??
    process.env.npm_config_electron_mirror ??
    'https://github.com/electron/electron/releases/download/';
  try {
    await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
  } catch {
    return 'its program is not installed and the server it comes from cannot be reached';
  }
  console.log(`Fetching Electron ${version} (once, about 110 MB)…`);
  const result = spawnSync(process.execPath, [join(packageFolder, 'install.js')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: FETCH_TIMEOUT_MS,
  });
  const lastLine =
    result.stderr
      ?.trim()
      .split('\n')
      .find((line) => /error/i.test(line)) ?? 'the download failed';
  return result.status === 0
    ? 'its program is missing after the download'
    : `its program could not be fetched (${lastLine.trim()})`;
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(recordFile, 'utf8'));
  } catch {
    return null;
  }
}
