// Starts the built desktop host under the stand-in, as its own process, and speaks to it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = resolve(import.meta.dirname, '../..');

export interface StandinStudio {
  readonly stateFolder: string;
  /** Carries out one of the stand-in's control commands. */
  ask<T>(name: string, input?: unknown): Promise<T>;
  /** Runs an expression in the page; promises are awaited. */
  page<T>(expression: string): Promise<T>;
  /** Asks to quit and resolves with the exit code. */
  quit(): Promise<number | null>;
}

/** Bundles the stand-in (the tests may run on a Node without TypeScript) next to a hook that maps `electron` to it. */
async function buildStandin(folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    ssr: { external: ['playwright-core'] },
    build: {
      ssr: true,
      target: 'node20',
      outDir: folder,
      minify: false,
      rollupOptions: {
        input: {
          electron: join(import.meta.dirname, 'standin', 'electron.ts'),
          control: join(import.meta.dirname, 'control.ts'),
          utility: join(import.meta.dirname, 'standin', 'utility.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  });
  const standin = pathToFileURL(join(folder, 'electron.js')).href;
  const hooks = `export const resolve = (name, context, next) =>
    name === 'electron' ? { url: ${JSON.stringify(standin)}, shortCircuit: true } : next(name, context);`;
  const register = `import { register } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
    await import('./control.js');`;
  const path = join(folder, 'register.mjs');
  await writeFile(path, register);
  return pathToFileURL(path).href;
}

export async function startStudio(...parameters: readonly string[]): Promise<StandinStudio> {
  const folder = await mkdtemp(join(root, 'node_modules', '.nesso-standin-'));
  const stateFolder = await mkdtemp(join(tmpdir(), 'nesso-state-'));
  const register = await buildStandin(folder);
  const child = fork(join(root, 'out', 'main', 'main.js'), [root, ...parameters].slice(1), {
    cwd: root,
    execArgv: ['--import', register],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, NESSO_STATE_FOLDER: stateFolder },
  });
  const ask = createAsk(child);
  const exited = once(child, 'exit') as Promise<[number | null]>;
  return {
    stateFolder,
    ask,
    page: (expression) => ask('evaluate', expression),
    async quit() {
      if (child.connected) child.send({ id: 0, name: 'quit' });
      const [code] = await exited;
      await rm(folder, { recursive: true, force: true });
      await rm(stateFolder, { recursive: true, force: true });
      return code;
    },
  };
}

function createAsk(child: ChildProcess) {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let nextId = 1;
  child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
    const call = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) call?.resolve(value);
    else call?.reject(new Error(error));
  });
  child.on('exit', (code) => {
    for (const call of waiting.values()) call.reject(new Error(`The studio ended with code ${code}`));
  });
  return <T>(name: string, input?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      if (!child.connected) return reject(new Error('The studio has ended'));
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      child.send({ id, name, input });
    });
}
