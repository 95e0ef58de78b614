// Routes of the judge bench: binds the contract to the services of this folder.
import { basename, join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import type { BenchRequest } from '../../api/judge-bench.ts';
import type { AnnotationReading } from '../annotations/routes.ts';
import { campaignNames } from '../annotations/campaign-files.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { progressEvents, type RowProgress } from '../progress-events.ts';
import { listFiles } from '../workspace/list-files.ts';
import type { BenchReport } from '../../lib/judge-bench/bench-report.ts';
import { compare, documentsBehind, readBench } from './compare.ts';
import { createHeadLookup } from './head-facts.ts';
import { readReferences } from './references.ts';

export const REPORT_FOLDER = 'reports';

export function judgeBenchRoutes(context: CoreContext, reading: AnnotationReading) {
  const root = () => context.workspace.require().path;

  const read = async (
    request: Pick<BenchRequest, 'truth' | 'predictions'>,
    signal: AbortSignal | undefined,
  ) => {
    const { truth } = request;
    const folder = root();
    return readBench(
      {
        truth:
          truth.kind === 'campaign'
            ? { ...truth, root: folder }
            : { ...truth, path: await resolveInside(folder, truth.path) },
        predictions: await Promise.all(request.predictions.map((path) => resolveInside(folder, path))),
        headOf: createHeadLookup(folder, signal),
      },
      { ...reading, signal },
    );
  };

  return {
    procedures: {
      inputs: api.judgeBench.inputs.handler(async ({ signal }) => {
        const { files } = await listFiles(root(), signal);
        const isJudgement = /^(.*)\/(annotations|aggregated)\.jsonl$/;
        const judgements = files.flatMap(({ path }) => {
          const folder = path.startsWith('annotations/') ? undefined : isJudgement.exec(path)?.[1];
          return folder === undefined ? [] : [folder];
        });
        const inJudgement = (path: string) => judgements.some((folder) => path.startsWith(`${folder}/`));
        return {
          files: files
            .filter(({ kind, path }) => kind === 'dataset' && !inJudgement(path))
            .map(({ path, sizeBytes }) => ({ path, sizeBytes })),
          judgements: [...new Set(judgements)].map((path) => ({ path })),
          campaigns: [...(await campaignNames(root()))],
        };
      }),
      references: api.judgeBench.references.handler(() => readReferences(context.options.appFolder)),
      run: api.judgeBench.run.handler(({ input, signal }) =>
        Promise.resolve(
          progressEvents<BenchReport, RowProgress>((onProgress) =>
            context.activities.run(
              { title: 'Comparing judges with people', unit: 'cells', signal },
              async (activity) =>
                compare(await read(input, activity.signal), {
                  ...input,
                  signal: activity.signal,
                  onProgress: (doneRows, totalRows) => {
                    activity.progress(doneRows, totalRows);
                    onProgress({ doneRows, totalRows });
                  },
                }),
            ),
          ),
        ),
      ),
      disagreements: api.judgeBench.disagreements.handler(async ({ input, signal }) => {
        const data = await read(input, signal);
        return {
          path: data.truth.path === null ? null : toWorkspacePath(root(), data.truth.path),
          ...(await documentsBehind(data, input, { ...reading, signal })),
        };
      }),
      saveReport: api.judgeBench.saveReport.handler(async ({ input, signal }) => {
        if (context.workspace.require().readOnly) {
          throw new StudioError('READ_ONLY', 'This workspace can only be read', {
            hint: 'Export the figures one by one, or copy the workspace',
            path: root(),
          });
        }
        const name = input.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '');
        if (name === '') {
          throw new StudioError('INVALID_INPUT', 'A report needs a name with letters or digits', {
            hint: 'Type another name',
          });
        }
        const folder = await resolveInside(root(), `${REPORT_FOLDER}/${name}`);
        for (const file of input.files) {
          signal?.throwIfAborted();
          await writeFileAtomic(join(folder, basename(file.name)), file.text);
        }
        return { folder: `${REPORT_FOLDER}/${name}`, files: input.files.length };
      }),
    },
    dispose: () => Promise.resolve(),
  };
}
