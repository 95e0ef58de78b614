// Who may import whom: an allow-list over folders. What is not listed is forbidden. Circles are refused too: between files, and
// between the nouns of core/services and the folders of core/lib.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * The first rule whose `from` matches a file applies. `$1` in `folders` is what the first `*` of `from` matched.
 * `packages`: npm packages and `node:`; `*` means any.
 */
const rules = [
  {
    from: 'core/lib',
    folders: ['core/lib', 'core/api', 'core/rpc'],
    packages: [
      '@huggingface/jinja',
      'zod',
      'yaml',
      'diff',
      'node-diff3',
      '@huggingface/tokenizers',
      'picomatch',
      'protobufjs',
    ],
  },
  { from: 'core/api', folders: ['core/api', 'core/lib', 'core/rpc'], packages: ['zod', '@orpc/contract'] },
  {
    from: 'core/rpc',
    folders: ['core/rpc', 'core/api', 'core/lib'],
    packages: ['@orpc/client', '@orpc/server', '@orpc/standard-server-peer'],
  },
  {
    from: 'core',
    folders: ['core', 'native/*/client.ts', 'native/*/protocol.ts', 'native/*/inbox.ts'],
    packages: ['*', '!electron', '!react', '!react-dom'],
  },
  // A native child and its client: the pure library, the error type, and how children are started.
  {
    from: 'native/*/client.ts',
    folders: ['native/$1', 'core/lib', 'core/api/errors.ts', 'core/services/native'],
    packages: ['node:'],
  },
  {
    from: 'native/duckdb',
    folders: ['native/duckdb', 'core/lib'],
    packages: ['node:', 'zod', '@duckdb/node-api', '@duckdb/node-bindings'],
  },
  {
    from: 'native/arrow',
    folders: ['native/arrow', 'core/lib'],
    packages: ['node:', 'zod', 'parquet-wasm', 'fzstd'],
  },
  {
    from: 'native/llama',
    folders: ['native/llama', 'core/lib'],
    packages: ['node:', 'zod', 'node-llama-cpp', 'koffi', '@huggingface/jinja'],
  },
  // Loads each runtime once to see whether it works here.
  {
    from: 'native/probe',
    folders: ['native/probe'],
    packages: ['node:', '@duckdb/node-api', 'node-llama-cpp', 'onnxruntime-node'],
  },
  // The trainer reads its documents from Parquet and calculates in onnxruntime.
  {
    from: 'native/trainer',
    folders: ['native/trainer', 'core/lib'],
    packages: ['node:', 'zod', '@duckdb/node-api', 'onnxruntime-node'],
  },
  { from: 'native/*', folders: ['native/$1', 'core/lib'], packages: ['node:', 'zod', 'onnxruntime-node'] },
  {
    from: 'electron',
    folders: ['electron', 'core', 'renderer/desktop-host.ts'],
    packages: ['electron', 'node:', 'zod'],
  },
  {
    from: 'renderer/features/*',
    folders: [
      'renderer/features/$1',
      'renderer/features/*/index.ts',
      'renderer/features/*/index.tsx',
      'renderer/ui',
      'renderer/charts',
      'renderer/app',
      'renderer/connect.ts',
      'core/api',
      'core/rpc',
      'core/lib',
    ],
    packages: ['*', '!electron', '!node:'],
  },
  { from: 'renderer/ui', folders: ['renderer/ui', 'core/lib'], packages: ['*', '!electron', '!node:'] },
  {
    from: 'renderer/charts',
    folders: ['renderer/charts', 'renderer/ui', 'core/api', 'core/rpc', 'core/lib'],
    packages: ['*', '!electron', '!node:'],
  },
  {
    from: 'renderer',
    folders: [
      'renderer/app',
      'renderer/ui',
      'renderer/charts',
      'renderer/connect.ts',
      'renderer/desktop-host.ts',
      'renderer/features/*/index.ts',
      'renderer/features/*/index.tsx',
      'core/api',
      'core/rpc',
      'core/lib',
    ],
    packages: ['*', '!electron', '!node:'],
  },
  { from: 'cli', folders: ['cli', 'core'], packages: ['commander', 'node:', 'zod'] },
];

/** Exceptions, each with its reason. This list only ever gets shorter. */
const debt = [];

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s+(?:type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function* sources(folder) {
  for (const name of readdirSync(join(root, folder)).sort()) {
    const path = `${folder}/${name}`;
    if (statSync(join(root, path)).isDirectory()) yield* sources(path);
    else if (/\.(c|m)?tsx?$/.test(name)) yield path;
  }
}

/** What `*` matched when `path` lies in (or is) `pattern`, else null. */
function match(pattern, path) {
  const expression = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '([^/]+)')}(/|$)`);
  const found = expression.exec(path);
  return found ? found.slice(1, -1) : null;
}

function allowsFolder(rule, file, target) {
  const [star] = match(rule.from, file) ?? [];
  return rule.folders.some((folder) => match(folder.replace('$1', star ?? '$1'), target) !== null);
}

function allowsPackage(rule, name) {
  const isNode = name.startsWith('node:');
  const bare = isNode
    ? 'node:'
    : name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/');
  if (rule.packages.includes(`!${bare}`)) return false;
  return rule.packages.includes('*') || rule.packages.includes(bare);
}

/** What a file imports, as it is written there. */
function importsOf(file) {
  const text = readFileSync(join(root, file), 'utf8').replace(/^\s*(\/\/|\*).*$/gm, '');
  return [...text.matchAll(importPattern)].map(([, first, second]) => (first ?? second).replace(/\?.*$/, ''));
}

const targetOf = (file, specifier) =>
  posix.normalize(posix.join(dirname(file).split(sep).join('/'), specifier));

function* breaches(file) {
  const rule = rules.find((candidate) => match(candidate.from, file) !== null);
  if (!rule) {
    yield 'lies in a folder that no rule knows';
    return;
  }
  for (const specifier of importsOf(file)) {
    if (specifier.startsWith('.')) {
      const target = targetOf(file, specifier);
      const sameFolder = dirname(target) === dirname(file) && !target.includes('/features/');
      if (!sameFolder && !allowsFolder(rule, file, target)) yield `imports ${target}`;
    } else if (!allowsPackage(rule, specifier)) {
      yield `imports the package ${specifier}`;
    }
  }
}

/** Ways that end where they began, over `edges` from a name to those it leads to: at least one where there is any. */
function* circles(edges) {
  const state = new Map();
  const way = [];
  function* visit(name) {
    state.set(name, 'open');
    way.push(name);
    for (const next of edges.get(name) ?? []) {
      if (state.get(next) === 'open') yield [...way.slice(way.indexOf(next)), next];
      else if (!state.has(next)) yield* visit(next);
    }
    way.pop();
    state.set(name, 'done');
  }
  for (const name of edges.keys()) if (!state.has(name)) yield* visit(name);
}

/** The noun of core/services or the folder of core/lib that a file is of. */
const nounOf = (file) => /^core\/(?:services|lib)\/[^/]+(?=\/)/.exec(file)?.[0] ?? null;

function betweenNouns(fileEdges) {
  const edges = new Map();
  for (const [file, targets] of fileEdges) {
    const from = nounOf(file);
    if (from === null) continue;
    const found = edges.get(from) ?? new Set();
    for (const to of targets.map(nounOf)) if (to !== null && to !== from) found.add(to);
    edges.set(from, found);
  }
  return edges;
}

let count = 0;
const fileEdges = new Map();
for (const folder of ['core', 'native', 'electron', 'renderer', 'cli']) {
  for (const file of sources(folder)) {
    fileEdges.set(
      file,
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => targetOf(file, specifier)),
    );
    for (const breach of breaches(relative('.', file))) {
      if (debt.some((entry) => entry.file === file && breach.endsWith(entry.target))) continue;
      count += 1;
      console.log(`${file} ${breach}, which its folder may not`);
    }
  }
}
for (const circle of [...circles(fileEdges), ...circles(betweenNouns(fileEdges))]) {
  count += 1;
  console.log(`${circle.join(' → ')}, which is a circle`);
}
console.log(count === 0 ? `${fileEdges.size} files keep the boundaries` : `${count} breaches`);
process.exit(count === 0 ? 0 : 1);
