// Checks that docs/ARCHITECTURE.md maps every folder, and maps none that is gone.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const text = readFileSync(join(root, 'docs', 'ARCHITECTURE.md'), 'utf8');
const table = text.slice(text.indexOf('## Folders'), text.indexOf('## Who may import whom'));
const firstCells = table.split('\n').map((line) => line.split('|')[1] ?? '');
const mapped = firstCells.flatMap((cell) =>
  [...cell.matchAll(/`([^`\s]+)\/`/g)].map((match) => match[1] ?? ''),
);
/** A folder whose sub-folders have rows of their own stands for itself alone; any other for all below it. */
const patterns = mapped.map((folder) => {
  const hasRowsBelow = mapped.some((other) => other.startsWith(`${folder}/`));
  const path = folder.replaceAll('.', '\\.').replaceAll(/<[^>]+>/g, '[^/]+');
  return new RegExp(`^${path}${hasRowsBelow ? '$' : '(/|$)'}`);
});

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
const folders = [...new Set(files.filter((file) => file.includes('/')).map((file) => dirname(file)))];
const missing = folders.filter((folder) => !patterns.some((pattern) => pattern.test(folder)));
const gone = mapped.filter((_, index) => !folders.some((folder) => patterns[index]?.test(folder)));

for (const folder of missing) console.log(`${folder}/ is not in the table of docs/ARCHITECTURE.md`);
for (const folder of gone)
  console.log(`${folder}/ is in the table of docs/ARCHITECTURE.md, but not in the repository`);
if (missing.length + gone.length > 0) process.exit(1);
console.log(`${folders.length} folders are mapped`);
