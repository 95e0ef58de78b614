// Compiles kernels.c and writes its bytes into kernel-bytes.ts. Needs Zig for its C compiler: `node build.mjs "zig"`; made with
// Zig 0.17.1 (`pip install ziglang` brings one: `node build.mjs "python -m ziglang"`).
import { execSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const out = join(here, 'kernels.wasm');
const flags =
  '-target wasm32-freestanding -O3 -msimd128 -ffp-contract=off -nostdlib -Wl,--no-entry -Wl,--import-memory -Wl,--strip-all';
execSync(`${process.argv[2] ?? 'zig'} cc ${flags} ${join(here, 'kernels.c')} -o ${out}`, {
  stdio: 'inherit',
});
const text = readFileSync(out).toString('base64');
rmSync(out);
const lines = text.match(/.{1,100}/g) ?? [];
writeFileSync(
  join(here, 'kernel-bytes.ts'),
  [
    '// The compiled kernels.c, as base64. Written by build.mjs.',
    'export const kernelBytes = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n'),
);
