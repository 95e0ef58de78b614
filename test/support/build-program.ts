// Bundles a TypeScript program of the tests so that plain Node can run it as a process of its own.
import { join } from 'node:path';
import { build } from 'vite';
import { repositoryFolder } from './test-core.ts';

/** `source` relative to the repository; returns the path of the program in `folder`. */
export async function buildProgram(source: string, folder: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: {
      ssr: join(repositoryFolder, source),
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
  return join(folder, 'program.mjs');
}
