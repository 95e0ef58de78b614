// A report of a run: gathered, composed, and written as a page, as Markdown, and as the record that says what it was drawn from.
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { WrittenReport } from '../../api/reports.ts';
import { composeReport } from '../../lib/reports/compose.ts';
import type { ReportRecord } from '../../lib/reports/document.ts';
import { reportHtml } from '../../lib/reports/html.ts';
import { reportMarkdown } from '../../lib/reports/markdown.ts';
import { makeFolder } from '../files/make-folder.ts';
import { versionOf } from '../files/read-text.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { type CollectPlaces, collectRun } from './collect.ts';
import { folderOf, RECORD_FILE } from './report-files.ts';

export async function writeReport(
  places: CollectPlaces,
  run: string,
  signal?: AbortSignal,
): Promise<WrittenReport> {
  const { context } = places;
  const { path: root, readOnly } = context.workspace.require();
  if (readOnly) {
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Work in a copy of it that you may write to',
      path: root,
    });
  }
  const { facts, sources } = await collectRun(places, run, signal);
  const document = composeReport(facts);
  const texts = [
    { name: 'report.html', text: reportHtml(document, sources) },
    { name: 'report.md', text: reportMarkdown(document, sources) },
  ];
  const folder = folderOf(run);
  await makeFolder(join(root, folder));
  const record: ReportRecord = {
    format: 1,
    kind: 'run-report',
    run,
    runName: facts.run.name,
    writtenMs: facts.writtenMs,
    studioVersion: context.options.version,
    sources: [...sources],
    outputs: texts.map(({ name, text }) => ({
      name,
      bytes: Buffer.byteLength(text),
      sha256: versionOf(text),
    })),
    document,
  };
  signal?.throwIfAborted();
  for (const { name, text } of texts) await writeFileAtomic(join(root, folder, name), text);
  // Last: a report without a record is none, and one whose texts are older is seen as changed.
  await writeFileAtomic(join(root, folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
  return {
    folder,
    html: `${folder}/report.html`,
    markdown: `${folder}/report.md`,
    record: `${folder}/${RECORD_FILE}`,
    sources: sources.length,
    evaluations: facts.evaluations.length,
    curves: facts.curves.length,
  };
}
