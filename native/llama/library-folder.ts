// Where llama.cpp's shared libraries lie: in the packages of node-llama-cpp, one per platform and accelerator.
// Knows their file names, not what is in them.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

export interface LibraryFiles {
  readonly folder: string;
  readonly llama: string;
  readonly ggml: string;
}

const systems: Readonly<Record<string, string>> = { darwin: 'mac', win32: 'win', linux: 'linux' };
const processors: Readonly<Record<string, string>> = { arm: 'armv7l' };

/** Names of packages to try, the best first. `auto` wants an accelerator where its package is installed. */
export function packageNames(
  device: 'cpu' | 'auto',
  platform: string = process.platform,
  architecture: string = process.arch,
): readonly string[] {
  const base = `${systems[platform] ?? platform}-${processors[architecture] ?? architecture}`;
  const plain = platform === 'darwin' && architecture === 'arm64' ? `${base}-metal` : base;
  return device === 'auto' ? [`${base}-cuda`, `${base}-vulkan`, plain] : [plain];
}

/** Null where no package with the libraries is installed. */
export function findLibrary(device: 'cpu' | 'auto'): LibraryFiles | null {
  const require = createRequire(createRequire(import.meta.url).resolve('node-llama-cpp'));
  for (const name of packageNames(device)) {
    const found = filesOf(name, require);
    if (found !== null) return found;
  }
  return null;
}

function filesOf(name: string, require: NodeJS.Require): LibraryFiles | null {
  try {
    const entry = require.resolve(`@node-llama-cpp/${name}`);
    // The packaged program keeps libraries outside its archive: the loader of the system reads no archives.
    const root = dirname(dirname(entry)).replace(`app.asar${sep}`, `app.asar.unpacked${sep}`);
    const folder = join(root, 'bins', name);
    const files = readdirSync(folder);
    const one = (pattern: RegExp) => files.find((file) => pattern.test(file));
    const llama = one(/^(lib)?llama(\.[\w.]+)?\.(so|dylib|dll)$/);
    const ggml = one(/^(lib)?ggml(\.[\w.]+)?\.(so|dylib|dll)$/);
    if (llama === undefined || ggml === undefined) return null;
    return { folder, llama: join(folder, llama), ggml: join(folder, ggml) };
  } catch {
    return null;
  }
}
