// `nesso judge run`, `resume` and `estimate`: the part of judging that asks a server, and what it would cost.
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { type Judged, runJudging, type RunProgress } from '../../core/services/judges/judging-run.ts';
import { estimatePrepared, type JudgingEstimate } from '../../core/services/judges/estimate.ts';
import { readKey } from '../../core/services/judges/endpoint.ts';
import { readJudgement, requireJudgement } from '../../core/services/judges/judgement-files.ts';
import {
  continued,
  prepareAgain,
  prepareJudging,
  type Prepared,
  requireSameQuestion,
} from '../../core/services/judges/prepare.ts';
import { costOf } from '../../core/lib/judges/judge-estimate.ts';
import type { CommandContext, ExitCode } from '../command.ts';
import {
  type EffortOptions,
  effortOf,
  judgingPlaces,
  keyOf,
  number,
  type QuestionOptions,
  requestOf,
  withEffort,
  withQuestion,
} from '../judging.ts';
import { openLab } from '../quality-lab.ts';
import { shownPath } from '../shown-path.ts';

const NOTE_INTERVAL_MS = 5000;

type RunOptions = QuestionOptions & EffortOptions & { readonly output: string };

const withApi = (): Option =>
  new Option('--api <api>', 'which of the two ways to ask').choices(['chat', 'completions']).default('chat');

export function registerJudgeRun(judge: Command, context: CommandContext): void {
  withEffort(withQuestion(judge.command('run <file>')))
    .description('judge documents; the same command goes on where it ended')
    .requiredOption('--endpoint <url>', 'an OpenAI-compatible server, such as http://localhost:8000/v1')
    .requiredOption('--model <name>', 'as the server calls it')
    .addOption(withApi())
    .requiredOption('-o, --output <folder>', 'where the judgement is kept')
    .action(
      context.action(async (file: string, options: RunOptions) => {
        const key = readKey(keyOf(options));
        await using lab = openLab(context);
        const folder = resolve(options.output);
        const before = await readJudgement(folder);
        const prepared = await prepareJudging(
          {
            ...(await requestOf(context, file, options)),
            keyName: options.keyEnv ?? null,
            effort: effortOf(options),
          },
          judgingPlaces(context, lab),
          context.signal,
        );
        if (before) requireSameQuestion(before, prepared.judgement, folder);
        const judgement = before ? continued(before, prepared.judgement) : prepared.judgement;
        return await judgeNow(context, folder, { ...prepared, judgement }, key);
      }),
    );

  withEffort(judge.command('resume <folder>'))
    .description('go on with a judgement where it ended')
    .action(
      context.action(async (given: string, options: EffortOptions) => {
        const key = readKey(keyOf(options));
        await using lab = openLab(context);
        const folder = resolve(given);
        const prepared = await prepareAgain(
          await requireJudgement(folder),
          { effort: effortOf(options), ...(options.keyEnv === undefined ? {} : { keyName: options.keyEnv }) },
          judgingPlaces(context, lab),
          context.signal,
        );
        return await judgeNow(context, folder, prepared, key);
      }),
    );

  withQuestion(judge.command('estimate <file>'))
    .description('tokens, cost and time of a judgement; no server is asked')
    .option('--rate <documents>', 'documents per second, as measured before', number)
    .option('--answer-tokens <n>', 'tokens of one answer, as measured before', number)
    .option('--one-request', 'the server gives all samples in one request, so that prompts count once')
    .addOption(withApi())
    .action(
      context.action(
        async (
          file: string,
          options: QuestionOptions & {
            readonly rate?: number;
            readonly answerTokens?: number;
            readonly oneRequest?: boolean;
          },
        ) => {
          await using lab = openLab(context);
          const prepared = await prepareJudging(
            {
              ...(await requestOf(context, file, options)),
              keyName: null,
              effort: effortOf({ concurrency: 1, timeout: 1, retries: 0 }),
            },
            judgingPlaces(context, lab),
            context.signal,
          );
          const estimate = await estimatePrepared(
            prepared,
            {
              answerTokens: options.answerTokens ?? null,
              documentsPerSecond: options.rate ?? null,
              sharedPrompt: options.oneRequest === true,
            },
            context.signal,
          );
          context.print(estimate, () => estimateText(estimate));
          return undefined;
        },
      ),
    );
}

async function judgeNow(
  context: CommandContext,
  folder: string,
  prepared: Prepared,
  key: string | null,
): Promise<ExitCode> {
  const judged = await runJudging({
    folder,
    judgement: prepared.judgement,
    key,
    meter: prepared.meter,
    documents: (signal) => prepared.documents(signal),
    signal: context.signal,
    onProgress: noteProgress(context),
    onRetry: (reason) => context.note(`${reason}; trying again`),
  });
  const { judgement, ended, asked } = judged;
  const tally = judged.tally.snapshot();
  const cost =
    judgement.price === null ? null : costOf(tally.promptTokens, tally.completionTokens, judgement.price);
  const output = shownPath(folder);
  context.print({ output, ended: ended.kind, message: ended.message, asked, cost, ...tally }, () =>
    runText(judged, output),
  );
  return ended.kind === 'finished' ? 0 : 1;
}

function noteProgress(context: CommandContext): (progress: RunProgress) => void {
  let notedMs = performance.now();
  const startedMs = notedMs;
  let first: number | null = null;
  return ({ done, total, tally, limit }) => {
    first ??= done;
    if (performance.now() - notedMs < NOTE_INTERVAL_MS) return;
    notedMs = performance.now();
    const perSecond = (done - first) / ((notedMs - startedMs) / 1000);
    const left = perSecond > 0 ? `, ${Math.ceil((total - done) / perSecond)} s left` : '';
    const { invalidDocuments, documents } = tally.snapshot();
    context.note(
      `${done} of ${total} documents, ${perSecond.toFixed(1)}/s${left}, ${percent(invalidDocuments, documents)} invalid, ${limit} at a time`,
    );
  };
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

function runText({ ended, judgement, tally, asked }: Judged, output: string): string {
  const { documents, invalidDocuments, mean, statuses, promptTokens, completionTokens } = tally.snapshot();
  return [
    ended.message,
    `${asked} asked now, ${documents} in all, ${percent(invalidDocuments, documents)} without a valid score, mean ${mean?.toFixed(3) ?? '–'}`,
    `Samples: ${Object.entries(statuses)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `Tokens: ${promptTokens.toLocaleString('en')} in, ${completionTokens.toLocaleString('en')} out`,
    `Model: ${judgement.reportedModel ?? judgement.endpoint.model}`,
    `Written to ${output}`,
  ].join('\n');
}

function estimateText(estimate: JudgingEstimate): string {
  const { documents, requests, inputTokens, outputTokens, cost, seconds } = estimate;
  return [
    `${documents.toLocaleString('en')} documents, ${requests.toLocaleString('en')} requests`,
    `Tokens in: ${inputTokens.toLocaleString('en')} (mean prompt ${estimate.meanPromptTokens.toFixed(0)}, ${estimate.lookedAt} looked at)`,
    `Tokens out: ${outputTokens.toLocaleString('en')} (${estimate.meanAnswerTokens} an answer)`,
    `Counted by: ${estimate.tokenLabel}`,
    `Cut to the context: ${(100 * estimate.truncatedShare).toFixed(1)} % of those looked at`,
    `Cost: ${cost === null ? 'no prices given' : cost.toFixed(2)}`,
    `Time: ${seconds === null ? 'no rate given' : `${Math.ceil(seconds)} s`}`,
  ].join('\n');
}
