// Who wrote what is shipped: every package that the program holds, with its licence and its text, in out/THIRD-PARTY-NOTICES.txt.
// Runs before packaging; `node scripts/third-party-notices.mjs` writes it too. Fails for a package whose licence nobody names.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** Packages that the window imports are bundled into it, though they are dependencies of development. */
function bundledNames(names) {
  const found = new Set();
  for (const folder of ['renderer', 'core/lib', 'core/api', 'core/rpc'])
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(tsx?|css)$/.test(entry.name)) continue;
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8');
      for (const name of names) if (text.includes(`'${name}'`) || text.includes(`'${name}/`)) found.add(name);
    }
  return found;
}

/** Where npm has put `name` for a package that lies at `from`. */
function placeOf(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules') - 1))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (at === '') return null;
  }
}

/** Places of all packages that the roots need, themselves included. What is optional counts where it is installed. */
function needed(packages, roots) {
  const places = new Set();
  const visit = (place) => {
    if (place === null || places.has(place)) return;
    places.add(place);
    const { dependencies = {}, optionalDependencies = {} } = packages[place];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }))
      visit(placeOf(packages, place, name));
  };
  for (const name of roots) visit(placeOf(packages, '', name));
  return [...places].sort((a, b) => a.localeCompare(b, 'en'));
}

/** Null for a package that is not installed here: one of another system. */
function describe(place) {
  const folder = join(root, place);
  try {
    const { name, version, license, licenses } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    );
    const named = license ?? licenses?.map(({ type }) => type).join(' OR ');
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
    return { title: `${name} ${version}`, licence: typeof named === 'string' ? named : named?.type, text };
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

export function beforePack() {
  const { dependencies, devDependencies } = readJson('package.json');
  const { packages } = readJson('package-lock.json');
  const roots = [...Object.keys(dependencies), ...bundledNames(Object.keys(devDependencies))];
  const shipped = needed(packages, roots)
    .map(describe)
    .filter((entry) => entry !== null);
  const unnamed = shipped.filter(({ licence, text }) => licence === undefined && text === '');
  if (unnamed.length > 0)
    throw new Error(`Nobody names the licence of ${unnamed.map(({ title }) => title).join(', ')}`);
  const parts = shipped.map(({ title, licence, text }) =>
    [`${title} (${licence ?? 'see below'})`, text].filter((part) => part !== '').join('\n\n'),
  );
  writeFileSync(join(root, 'out', 'THIRD-PARTY-NOTICES.txt'), `${parts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
  return shipped;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const counts = new Map();
  for (const { licence } of beforePack()) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  for (const [licence, count] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`${count} ${licence}`);
}
