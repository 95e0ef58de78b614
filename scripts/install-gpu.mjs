// Installs a GPU build of the model runtime into this checkout: `node scripts/install-gpu.mjs vulkan|cuda`.
// package.json keeps these packages empty so that a normal install stays small; this unpacks the real ones
// in their place. `npm ci` puts the empty ones back.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const builds = { vulkan: ['vulkan'], cuda: ['cuda', 'cuda-ext'] };
const systems = { linux: 'linux', win32: 'win' };

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(command, parameters, cwd) {
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, parameters, { cwd, encoding: 'utf8', shell });
  if (result.status !== 0)
    fail(`${command} ${parameters.join(' ')} failed\n${result.stderr || result.error?.message}`);
  return result.stdout.trim();
}

const names = builds[process.argv[2] ?? ''];
if (!names) fail('Usage: node scripts/install-gpu.mjs vulkan|cuda');
const system = systems[process.platform];
if (!system || process.arch !== 'x64')
  fail(`There is no separate GPU build for ${process.platform} ${process.arch}; on a Mac Metal is built in`);

const { version } = JSON.parse(
  readFileSync(join(root, 'node_modules', 'node-llama-cpp', 'package.json'), 'utf8'),
);
for (const name of names) {
  const part = `${system}-x64-${name}`;
  // Beside its final place, so that the last step is one rename on one disk.
  const folder = mkdtempSync(join(root, 'node_modules', '.install-gpu-'));
  const download = mkdtempSync(join(tmpdir(), 'nesso-gpu-'));
  try {
    console.log(`Downloading @node-llama-cpp/${part} ${version}`);
    const archive = run('npm', ['pack', '--silent', `@node-llama-cpp/${part}@${version}`], download);
    run('tar', ['-xzf', join(download, archive.split('\n').at(-1)), '-C', folder], root);
    const target = join(root, 'node_modules', '@node-llama-cpp', part);
    rmSync(target, { recursive: true, force: true });
    renameSync(join(folder, 'package'), target);
    console.log(`Installed in ${target}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(download, { recursive: true, force: true });
  }
}
console.log('Choose “GPU if its build is installed” in the settings, and restart the studio');
