// Routes of evaluations: binds the contract to the services of this folder.
import { stat } from 'node:fs/promises';
import type { EvaluatedModel, EvaluationsOverview, PublishedTable } from '../../../api/evaluations.ts';
import { StudioError } from '../../../api/errors.ts';
import { referenceKeys } from '../../../lib/evaluations/reference-models.ts';
import { meanDisagreements, repeatedRows } from '../../../lib/evaluations/reference.ts';
import { taskFacts } from '../../../lib/evaluations/task-facts.ts';
import { api } from '../../base.ts';
import type { CoreContext } from '../../context.ts';
import { resolveInside } from '../../files/resolve-inside.ts';
import { writeFileAtomic } from '../../files/write-atomic.ts';
import { readReferences } from '../../judge-bench/references.ts';
import { streamAfter } from '../../signal-bus.ts';
import { importSources, previewSources } from './import-sources.ts';
import { readLeaderboard } from './leaderboard.ts';
import { openResults } from './results-index.ts';

/** A table is drawn no faster. */
const WATCH_INTERVAL_MS = 300;

export function evaluationsRoutes(context: CoreContext) {
  const root = () => context.workspace.require().path;
  const index = openResults(context);
  const requireWritable = (): void => {
    if (!context.workspace.require().readOnly) return;
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Work in a copy of it that you may write to',
      path: root(),
    });
  };
  return {
    procedures: {
      overview: api.evaluations.overview.handler(async ({ signal }): Promise<EvaluationsOverview> => {
        const { version, files, results, problems } = await index.read(signal);
        const models = new Map<string, EvaluatedModel>();
        const tasks = new Map<string, Set<string>>();
        for (const result of results) {
          const model = index.modelOf(result);
          models.set(model.key, model);
          const own = tasks.get(result.task) ?? new Set();
          tasks.set(result.task, own.add(model.key));
        }
        return {
          version,
          files,
          results: results.length,
          models: [...models.values()],
          tasks: [...tasks].map(([task, own]) => ({
            task,
            language: taskFacts(task).language,
            models: own.size,
          })),
          problems: [...problems],
        };
      }),
      watch: api.evaluations.watch.handler(({ signal }) => watch(signal)),
      table: api.evaluations.table.handler(({ input, signal }) => readLeaderboard(index, input, signal)),
      references: api.evaluations.references.handler(async () => ({
        tables: (await index.references()).map(
          (table): PublishedTable => ({
            table,
            keys: [...referenceKeys(table)],
            disagreements: [...meanDisagreements(table)],
            repeated: [...repeatedRows(table)],
          }),
        ),
        figures: await readReferences(context.options.appFolder),
      })),
      preview: api.evaluations.preview.handler(({ input, signal }) => previewSources(root(), input, signal)),
      importFiles: api.evaluations.importFiles.handler(({ input, signal }) => {
        requireWritable();
        return importSources(root(), input, signal);
      }),
      exportTable: api.evaluations.exportTable.handler(async ({ input }) => {
        requireWritable();
        const path = await resolveInside(root(), input.path);
        const exists = await stat(path).then(
          () => true,
          () => false,
        );
        if (exists && !input.overwrite) {
          throw new StudioError('ALREADY_EXISTS', `${input.path} is there already`, {
            hint: 'Choose another name, or replace it',
            path,
          });
        }
        await writeFileAtomic(path, input.text);
        return { path: input.path };
      }),
    },
    index,
    dispose: () => index.dispose(),
  };

  async function* watch(signal: AbortSignal | undefined): AsyncGenerator<{ version: number }, void> {
    const stop = index.watch();
    try {
      const versions = streamAfter(index.changes, async () => [(await index.read(signal)).version], {
        signal,
        keyOf: () => 'version',
        intervalMs: WATCH_INTERVAL_MS,
      });
      let told = -1;
      for await (const version of versions) {
        if (version <= told) continue;
        told = version;
        yield { version };
      }
    } finally {
      stop();
    }
  }
}
