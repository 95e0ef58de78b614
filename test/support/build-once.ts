// Builds `out/` once, before any test file of a project runs: files that start together find it fresh.
import { ensureBuilt } from '../../scripts/ensure-built.mjs';

export function setup(): void {
  ensureBuilt();
}
