// Types of find-chromium.mjs for the tests.
export function findChromium(): string | null;
export function ensureChromium(): { path: string; reason?: never } | { path?: never; reason: string };
