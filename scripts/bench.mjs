// `npm run bench`: builds and runs the benchmarks; each prints its ratio against its anchor in the same run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, requireNode } from './ensure-installed.mjs';

requireNode();
ensureInstalled();
const { ensureBuilt } = await import('./ensure-built.mjs');
ensureBuilt();
const entry = join(import.meta.dirname, '..', 'out', 'main', 'bench.js');
const result = spawnSync(process.execPath, ['--expose-gc', entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
