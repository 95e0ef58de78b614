// A core with temporary folders and a typed client in the same process, for integration tests.
// `await using` closes the core and removes the folders.
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { type Core, createCore } from '../../core/core.ts';
import type { StudioRouter } from '../../core/services/router.ts';

export const repositoryFolder = join(import.meta.dirname, '..', '..');

export type TestClient = RouterClient<StudioRouter>;

export interface TestCore {
  readonly core: Core;
  readonly client: TestClient;
  readonly stateFolder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestFolder {
  readonly path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function temporaryFolder(): Promise<TestFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'nesso-test-')));
  return {
    path,
    // A run or a child that is just ending may still write its last file.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }),
  };
}

/** `appFolder` holds `resources/` and `out/`; the repository unless a test brings its own. */
export async function startTestCore(
  options: { appFolder?: string; host?: 'test' | 'serve' } = {},
): Promise<TestCore> {
  const state = await temporaryFolder();
  const core = createCore({
    appFolder: options.appFolder ?? repositoryFolder,
    stateFolder: state.path,
    version: '0.0.0-test',
    host: options.host ?? 'test',
  });
  const client: TestClient = createRouterClient(core.router, { context: core.context });
  return {
    core,
    client,
    stateFolder: state.path,
    async [Symbol.asyncDispose]() {
      await core.dispose();
      await state[Symbol.asyncDispose]();
    },
  };
}

/** Writes files below `folder`; keys are paths with forward slashes. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Polls until `check` gives something other than undefined or false; fails after `limitMs`. */
export async function waitFor<T>(
  check: () => Promise<T> | T,
  limitMs = 150_000,
): Promise<Exclude<T, null | undefined | false>> {
  const deadlineMs = Date.now() + limitMs;
  for (;;) {
    const value = await check();
    if (value !== undefined && value !== null && value !== false) {
      return value as Exclude<T, null | undefined | false>;
    }
    if (Date.now() > deadlineMs) throw new Error('The expected state did not come in time');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
