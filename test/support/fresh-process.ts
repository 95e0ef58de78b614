// Runs before every test file of a process that many share: each finds environment, folder and clock as the first one found them.
import { vi } from 'vitest';

interface First {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
}

const shared = globalThis as { nessoFirst?: First };
shared.nessoFirst ??= { environment: { ...process.env }, folder: process.cwd() };
const { environment, folder } = shared.nessoFirst;

vi.unstubAllEnvs();
vi.unstubAllGlobals();
vi.restoreAllMocks();
vi.useRealTimers();
for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
Object.assign(process.env, environment);
process.chdir(folder);
