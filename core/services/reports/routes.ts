// Routes of reports: binds the contract to the services of this folder.
import { runId } from '../../api/runs.ts';
import { api } from '../base.ts';
import { cardFacts } from '../../lib/reports/card-facts.ts';
import { type CollectPlaces, collectRun } from './collect.ts';
import { folderOf, listReports, readReport } from './report-files.ts';
import { verifyReport } from './verify-report.ts';
import { writeReport } from './write-report.ts';

export function reportsRoutes(places: CollectPlaces) {
  const { context } = places;
  const root = () => context.workspace.require().path;
  return {
    procedures: {
      list: api.reports.list.handler(async () => [...(await listReports(root()))]),
      write: api.reports.write.handler(({ input: { run }, signal }) =>
        context.activities.run({ title: `Writing the report of ${run}`, unit: 'files', signal }, (running) =>
          writeReport(places, run, running.signal),
        ),
      ),
      read: api.reports.read.handler(async ({ input: { run } }) => {
        const record = await readReport(root(), run);
        return {
          run: runId.parse(run),
          runName: record.runName,
          writtenMs: record.writtenMs,
          folder: folderOf(run),
          problem: null,
          studioVersion: record.studioVersion,
          sources: record.sources.length,
          document: record.document,
        };
      }),
      card: api.reports.card.handler(async ({ input: { run, step }, signal }) =>
        cardFacts((await collectRun(places, run, signal)).facts, step),
      ),
      verify: api.reports.verify.handler(({ input: { run }, signal }) =>
        context.activities.run(
          { title: `Verifying the report of ${run}`, unit: 'files', signal },
          (running) => verifyReport(root(), run, running.signal),
        ),
      ),
    },
    dispose: async () => {},
  };
}
