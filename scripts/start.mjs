// `npm start [-- WORKSPACE]`: installs what is missing, builds what is stale, opens the studio.
// In Electron where it can run, else served on loopback with a one-time address.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { ensureInstalled, requireNode } from './ensure-installed.mjs';
import { ensureBuilt } from './ensure-built.mjs';
import { findElectron } from './find-electron.mjs';

const root = join(import.meta.dirname, '..');
const START_FAILURE_MS = 5_000;

function prepare() {
  ensureInstalled();
  try {
    if (ensureBuilt()) console.log('Built the studio');
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function openDesktop(binary, workspace) {
  const child = spawn(binary, [root, ...(workspace.length > 0 ? workspace : ['--sample'])], {
    cwd: root,
    stdio: 'inherit',
  });
  const startedMs = Date.now();
  const ended = (code) => {
    // A missing system library or a forbidden sandbox shows at once; the browser still works then.
    if (code === 0 || Date.now() - startedMs > START_FAILURE_MS) process.exit(code ?? 0);
    console.log('Electron could not start here (see above); opening in a browser instead');
    serve(workspace);
  };
  child.on('exit', ended);
  child.on('error', () => ended(1));
}

function serve(workspace) {
  const target = workspace.length > 0 ? workspace : ['--sample'];
  const child = spawn(
    process.execPath,
    [join(root, 'out', 'main', 'nesso.js'), 'serve', '--open', ...target],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  // Ctrl-C reaches the child too; this process only waits for it to close its files.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => process.exit(code ?? 0));
}

requireNode();
prepare();
const workspace = process.argv
  .slice(2)
  .filter((argument) => !argument.startsWith('-'))
  .slice(0, 1)
  .map((path) => resolve(path));
const electron = process.argv.includes('--browser')
  ? { reason: 'a browser was asked for' }
  : await findElectron();
if (electron.path) openDesktop(electron.path, workspace);
else {
  console.log(`Opening in a browser instead of Electron: ${electron.reason}`);
  serve(workspace);
}
