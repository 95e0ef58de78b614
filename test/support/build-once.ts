// Builds `out/` once, before any test file of a project runs. What is edited meanwhile counts for the next run: a build in the
// middle would take the programs away from files that run beside it.
import { ensureBuilt } from '../../scripts/ensure-built.mjs';

export function setup(): void {
  ensureBuilt();
  // Workers are started later and see it.
  process.env['NESSO_USE_LAST_BUILD'] = '1';
}

export function teardown(): void {
  delete process.env['NESSO_USE_LAST_BUILD'];
}
