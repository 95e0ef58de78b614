// Runs make-sample-documents.ts, which needs Vite's TypeScript loader on Node 20.
import { join } from 'node:path';
import { runnerImport } from 'vite';

const root = join(import.meta.dirname, '..');
const { module } = await runnerImport(join(root, 'scripts', 'make-sample-documents.ts'));
const workspace = join(root, 'resources', 'sample-workspace');
const count = await module.makeSampleDocuments(join(workspace, 'data'));
const judged = await module.makeSampleJudgement({
  data: join(workspace, 'data'),
  judges: join(root, 'resources', 'judges'),
  judgement: join(workspace, 'judgements', 'made-up-judge'),
});
console.log(`${count} documents and ${judged} judgements written`);
