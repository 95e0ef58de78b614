// Builds and drives llama-anchor.c: llama.cpp's own C interface on the very library that the studio uses, with the headers
// that node-llama-cpp brings. Null with the reason where gcc or git are missing.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { findLibrary } from '../../native/llama/library-folder.ts';

export interface Anchor {
  /** Milliseconds of reading so many tokens after nothing, and of writing so many after those. */
  prompt(tokens: number): Promise<number>;
  generate(tokens: number): Promise<number>;
  /** Right after `prompt`: milliseconds to read the last tokens anew. */
  rewrite(tokens: number): Promise<number>;
  close(): void;
}

export interface AnchorOptions {
  readonly source: string;
  readonly modelPath: string;
  readonly threads: number;
  readonly contextTokens: number;
}

export async function startAnchor(options: AnchorOptions): Promise<Anchor | string> {
  const files = findLibrary('cpu');
  if (files === null) return 'no library of llama.cpp for this computer';
  const folder = mkdtempSync(join(tmpdir(), 'nesso-anchor-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'anchor');
  try {
    const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('node-llama-cpp')));
    const sources = join(folder, 'llama.cpp');
    const quiet = { stdio: 'ignore' as const };
    execFileSync('git', ['clone', '-q', join(packageFolder, 'llama', 'gitRelease.bundle'), sources], quiet);
    const includes = ['include', 'ggml/include'].map((part) => `-I${join(sources, part)}`);
    execFileSync(
      'gcc',
      [
        '-O2',
        ...includes,
        options.source,
        '-o',
        program,
        files.llama,
        files.ggml,
        `-Wl,-rpath,${files.folder}`,
      ],
      quiet,
    );
  } catch {
    remove();
    return 'gcc or git is missing';
  }
  const child = spawn(
    program,
    [options.modelPath, String(options.threads), String(options.contextTokens), files.folder],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`);
    return Number((await lines.next()).value);
  };
  return {
    prompt: (tokens) => ask(`P ${tokens}`),
    generate: (tokens) => ask(`G ${tokens}`),
    rewrite: (tokens) => ask(`W ${tokens}`),
    close() {
      child.kill();
      remove();
    },
  };
}
