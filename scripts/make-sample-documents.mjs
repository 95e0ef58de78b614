// Runs make-sample-documents.ts, which needs Vite's TypeScript loader on Node 20.
import { join } from 'node:path';
import { runnerImport } from 'vite';

const root = join(import.meta.dirname, '..');
const { module } = await runnerImport(join(root, 'scripts', 'make-sample-documents.ts'));
const count = await module.makeSampleDocuments(join(root, 'resources', 'sample-workspace', 'data'));
console.log(`${count} documents written`);
