// Makes sure that a native child's bundle is there and newer than its sources, before a test starts it.
// Builds everything when it is not; one build serves all test files.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryFolder } from './test-core.ts';

/** `folder` holds the sources of the bundle `out/main/<entry>.js`. */
export function ensureChildBuilt(entry: string, folder: string): void {
  const bundle = join(repositoryFolder, 'out', 'main', `${entry}.js`);
  const sources = readdirSync(join(repositoryFolder, folder), { recursive: true, encoding: 'utf8' });
  const newestMs = Math.max(...sources.map((name) => statSync(join(repositoryFolder, folder, name)).mtimeMs));
  if (existsSync(bundle) && statSync(bundle).mtimeMs > newestMs) return;
  execFileSync(process.execPath, [join(repositoryFolder, 'scripts', 'ensure-built.mjs')], {
    stdio: 'inherit',
  });
}
