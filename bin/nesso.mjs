#!/usr/bin/env node
// Starts the built command line. In a source checkout it builds first what is stale.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const entry = join(root, 'out', 'main', 'nesso.js');
const checkout = existsSync(join(root, 'cli', 'nesso.ts'));

if (checkout && !existsSync(join(root, 'node_modules', 'electron-vite'))) {
  console.error(
    `The libraries are not installed\n  Run npm ci in ${root}, or npm start, which does it for you`,
  );
  process.exit(1);
}
if (checkout) {
  const { ensureBuilt } = await import('../scripts/ensure-built.mjs');
  try {
    ensureBuilt();
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
await import(entry);
