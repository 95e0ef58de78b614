// Types of ensure-built.mjs for the tests.
export function ensureBuilt(): boolean;
