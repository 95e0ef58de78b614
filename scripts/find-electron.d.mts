// Types of find-electron.mjs for the tests.
export function electronBinary(): string | null;
export function findElectron(): Promise<{ path: string; reason?: never } | { path?: never; reason: string }>;
