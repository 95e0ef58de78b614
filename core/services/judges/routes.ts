// Routes of judges: binds the contract to the services of this folder.
import type { JudgeEntry, JudgeFile, JudgeQuestion } from '../../api/judges.ts';
import { StudioError } from '../../api/errors.ts';
import { reportCampaign } from '../../lib/annotations/campaign-report.ts';
import { parseJudge } from '../../lib/judges/judge-template.ts';
import { readAnnotators } from '../annotations/annotator-files.ts';
import { campaignFolder, readCampaign } from '../annotations/campaign-files.ts';
import { api } from '../base.ts';
import type { CoreContext } from '../context.ts';
import { datasetCacheFolder } from '../datasets/cache-folder.ts';
import type { DatasetEngine } from '../datasets/engine.ts';
import type { DatasetLibrary } from '../datasets/library.ts';
import { makeFolder } from '../files/make-folder.ts';
import { isInside, resolveInside, toWorkspacePath } from '../files/resolve-inside.ts';
import { withFileLock } from '../files/with-file-lock.ts';
import { writeFileAtomic } from '../files/write-atomic.ts';
import { agreeWith, listJudgements, readResult, readResults, watchBoard } from './boards.ts';
import { checkServer } from './check-server.ts';
import { readKey } from './endpoint.ts';
import { estimatePrepared } from './estimate.ts';
import { JUDGEMENT_FOLDER, readJudgement, requireJudgement } from './judgement-files.ts';
import { createLineIndexes } from './line-index.ts';
import { createLiveJudgements } from './live-judgements.ts';
import {
  judgeCacheFolder,
  type JudgingPlaces,
  type JudgingRequest,
  prepareAgain,
  prepareJudging,
} from './prepare.ts';
import type { TokenWorkers } from '../tokenizers/token-workers.ts';
import { JUDGE_FOLDER, judgeNames, judgeOf, readJudgeFile, shippedFolder } from './template-files.ts';
import { tryOut } from './try-out.ts';

/** What reads data sets, shared with the viewer. */
export interface JudgesReading {
  readonly engine: DatasetEngine;
  readonly library: DatasetLibrary;
}

export function judgesRoutes(
  context: CoreContext,
  { engine, library }: JudgesReading,
  workers: TokenWorkers,
) {
  const { appFolder, stateFolder } = context.options;
  const root = () => context.workspace.require().path;
  const live = createLiveJudgements(context.activities);
  const indexes = createLineIndexes();
  const folderOf = (name: string): Promise<string> => resolveInside(root(), `${JUDGEMENT_FOLDER}/${name}`);
  const readFile = (name: string) => readJudgeFile(name, { workspace: root(), appFolder });
  const requireWritable = (): void => {
    if (!context.workspace.require().readOnly) return;
    throw new StudioError('READ_ONLY', 'This workspace can only be read', {
      hint: 'Judge in a copy of it that you may write to',
      path: root(),
    });
  };
  const places = (): JudgingPlaces => {
    const workspace = root();
    return {
      engine,
      library,
      workers,
      cacheFolder: async () => judgeCacheFolder(await datasetCacheFolder(workspace, stateFolder)),
      nameOf: (path) => (isInside(workspace, path) ? toWorkspacePath(workspace, path) : path),
      resolve: (name) => resolveInside(workspace, name),
    };
  };
  const requestOf = async (question: JudgeQuestion): Promise<JudgingRequest> => {
    const { dataset, judge, template, tokenizer, ...rest } = question;
    return {
      ...rest,
      source: await resolveInside(root(), dataset),
      judgeName: judge,
      judge: parseJudge(template, judge),
      tokenizer: tokenizer === null ? null : await resolveInside(root(), tokenizer),
    };
  };
  const prepare = async (question: JudgeQuestion, signal: AbortSignal | undefined) =>
    prepareJudging(await requestOf(question), places(), signal);

  return {
    procedures: {
      templates: api.judges.templates.handler(async () => {
        const own = await judgeNames(await resolveInside(root(), JUDGE_FOLDER));
        const shipped = await judgeNames(shippedFolder(appFolder));
        const names = [...new Set([...own, ...shipped])].sort();
        return Promise.all(names.map(async (name) => entryOf(await readFile(name))));
      }),
      template: api.judges.template.handler(async ({ input }) => answerOf(await readFile(input.name))),
      saveTemplate: api.judges.saveTemplate.handler(async ({ input }) => {
        requireWritable();
        parseJudge(input.text, input.name);
        const path = await resolveInside(root(), `${JUDGE_FOLDER}/${input.name}.yaml`);
        await makeFolder(await resolveInside(root(), JUDGE_FOLDER));
        await withFileLock(root(), path, async () => {
          const known = await readFile(input.name).catch(() => null);
          const now = known?.origin === 'workspace' ? known.version : null;
          if (now !== null && now !== input.basedOn) {
            throw new StudioError('CONFLICT', `judges/${input.name}.yaml has changed on disk`, {
              hint: 'Save under another name, or open it again and repeat the change',
              path,
            });
          }
          await writeFileAtomic(path, input.text);
        });
        return answerOf(await readFile(input.name));
      }),
      check: api.judges.check.handler(({ input, signal }) => checkServer(input.baseUrl, input.key, signal)),
      tryOut: api.judges.tryOut.handler(async ({ input, signal }) => {
        const prepared = await prepare(input.question, signal);
        return tryOut(prepared, readKey(input.key), input.documents, signal);
      }),
      estimate: api.judges.estimate.handler(async ({ input, signal }) =>
        estimatePrepared(
          await prepare(input.question, signal),
          input,
          signal ?? new AbortController().signal,
        ),
      ),
      start: api.judges.start.handler(async ({ input, signal }) => {
        requireWritable();
        const folder = await folderOf(input.judgement);
        if (await readJudgement(folder)) {
          throw new StudioError('ALREADY_EXISTS', `A judgement ${input.judgement} exists already`, {
            hint: 'Choose another name, or resume it',
            path: folder,
          });
        }
        const key = readKey(input.key);
        await live.start(folder, await prepare(input.question, signal), key);
        return { judgement: input.judgement };
      }),
      resume: api.judges.resume.handler(async ({ input, signal }) => {
        requireWritable();
        const folder = await folderOf(input.judgement);
        const key = readKey(input.key);
        const before = await requireJudgement(folder);
        const changes = input.effort === null ? {} : { effort: input.effort };
        await live.start(folder, await prepareAgain(before, changes, places(), signal), key);
        return { judgement: input.judgement };
      }),
      stop: api.judges.stop.handler(async ({ input }) => {
        await live.stop(await folderOf(input.judgement));
        return {};
      }),
      list: api.judges.list.handler(async () => [...(await listJudgements(root()))]),
      watch: api.judges.watch.handler(async ({ input, signal }) => {
        const folder = await folderOf(input.judgement);
        return watchBoard(folder, live, indexes, signal);
      }),
      results: api.judges.results.handler(async ({ input }) =>
        readResults(await folderOf(input.judgement), indexes, input),
      ),
      result: api.judges.result.handler(async ({ input }) => ({
        result: await readResult(await folderOf(input.judgement), indexes, input.document),
      })),
      agreement: api.judges.agreement.handler(async ({ input }) => {
        const campaigns = await campaignFolder(root(), input.campaign);
        const campaign = await readCampaign(campaigns, input.campaign);
        const { aggregated } = reportCampaign(campaign, await readAnnotators(campaigns));
        const ratings = new Map(
          aggregated.flatMap(({ document, rating }) =>
            rating === null ? [] : [[document, rating] as const],
          ),
        );
        return agreeWith(await folderOf(input.judgement), ratings);
      }),
    },
    dispose: () => live.dispose(),
  };
}

type Read = Awaited<ReturnType<typeof readJudgeFile>>;

function answerOf({ name, origin, text, version }: Read): JudgeFile {
  return { name, origin: origin === 'shipped' ? 'shipped' : 'workspace', text, version };
}

function entryOf(file: Read): JudgeEntry {
  const origin = file.origin === 'shipped' ? 'shipped' : 'workspace';
  try {
    const { title, label } = judgeOf(file);
    return { name: file.name, origin, title, label, problem: null };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { name: file.name, origin, title: file.name, label: '', problem };
  }
}
