// A judging run: documents to lines, many requests at a time, each line on disk as soon as its answers are there. Knows a folder
// and a judgement; who looks at it and where it was started from are others' business.
import { join } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import { isUnanswered, judgedKey, type JudgementLine } from '../../lib/judges/judgement-line.ts';
import type { Judgement, JudgementEnd } from '../../lib/judges/judgement.ts';
import { createTally, type Tally } from '../../lib/judges/judgement-tally.ts';
import { promptBuilder } from '../../lib/judges/judge-prompt.ts';
import { scoreParser } from '../../lib/judges/parse-score.ts';
import type { TokenMeter } from '../../lib/judges/token-meter.ts';
import { askDocument, type Asking, awayError, ServerAway } from './ask-document.ts';
import {
  ANNOTATIONS_FILE,
  openJournal,
  openLines,
  readLines,
  removeJournal,
  rewriteLines,
  writeAggregated,
  writeJudgement,
} from './judgement-files.ts';
import { takeJudgement } from './judgement-owner.ts';
import type { SelectedDocument } from './select-documents.ts';
import { createThrottle } from './throttle.ts';

/** Before so many documents an invalid share is chance. */
const MIN_DOCUMENTS_FOR_STOP = 20;
/** So many documents in a row without one answer: the server fails, not the documents. */
const MAX_FAILED_IN_ROW = 10;

export interface RunProgress {
  /** Of this judgement, earlier runs included. */
  readonly done: number;
  readonly total: number;
  readonly tally: Tally;
  /** The newest one; null for those that an earlier run wrote. */
  readonly line: JudgementLine | null;
  /** Requests allowed at the same time now. */
  readonly limit: number;
}

export interface JudgingJob {
  readonly folder: string;
  readonly judgement: Judgement;
  readonly key: string | null;
  readonly meter: TokenMeter;
  /** Those of the judgement in their order; asked once. */
  readonly documents: (signal: AbortSignal) => AsyncIterable<SelectedDocument>;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
  readonly onRetry?: ((reason: string) => void) | undefined;
}

export interface Judged {
  readonly judgement: Judgement;
  readonly ended: JudgementEnd;
  readonly tally: Tally;
  /** In this run. */
  readonly asked: number;
}

/**
 * Goes on where the folder's lines end: a document with a line is never asked again, unless the server gave it no answer at all.
 * Throws StudioError when the server cannot be used or the folder cannot be written; what was judged stays. Being stopped by
 * `signal`, and too many invalid documents, are ends, not errors.
 */
export async function runJudging(job: JudgingJob): Promise<Judged> {
  const { folder, signal } = job;
  await using _owner = await takeJudgement(folder);
  let judgement: Judgement = { ...job.judgement, ended: null };
  await writeJudgement(folder, judgement);
  const work = await openWork(job);
  let ended: JudgementEnd;
  let failure: StudioError | null = null;
  try {
    await using _lines = work;
    ended = endOf(await work.run(), judgement, work.done());
  } catch (error) {
    if (signal.aborted && !(error instanceof StudioError)) {
      ended = end('stopped', `Stopped after ${work.done()} of ${judgement.documents} documents`);
    } else {
      failure = asFailure(error);
      if (failure === null) throw error;
      ended = end('server', failure.message);
    }
  }
  judgement = { ...judgement, reportedModel: work.reportedModel() ?? judgement.reportedModel, ended };
  if (ended.kind === 'finished') await removeJournal(folder);
  await writeAggregated(folder);
  await writeJudgement(folder, judgement);
  if (failure !== null) throw failure;
  return { judgement, ended, tally: work.tally, asked: work.asked() };
}

function asFailure(error: unknown): StudioError | null {
  if (error instanceof ServerAway) return awayError(error);
  return error instanceof StudioError ? error : null;
}

const end = (kind: JudgementEnd['kind'], message: string): JudgementEnd => ({
  kind,
  atMs: Date.now(),
  message,
});

function endOf(why: 'through' | 'invalid', { documents, effort }: Judgement, done: number): JudgementEnd {
  if (why === 'through') return end('finished', `${documents} documents judged`);
  const limit = Math.round(100 * (effort.stopAboveInvalid ?? 0));
  return end('invalid', `More than ${limit} % of ${done} documents have no valid score`);
}

async function openWork(job: JudgingJob) {
  const { folder, judgement, meter, key, onProgress } = job;
  const { template, name } = judgement.judge;
  const builder = await promptBuilder(template, meter);
  const tally = createTally(template.scale.highest);
  const done = new Set<string>();
  let unanswered = 0;
  for await (const line of readLines(join(folder, ANNOTATIONS_FILE))) {
    if (isUnanswered(line)) unanswered += 1;
    else if (!done.has(judgedKey(line))) {
      done.add(judgedKey(line));
      tally.add(line);
    }
  }
  if (unanswered > 0) await rewriteLines(folder, (line) => (isUnanswered(line) ? null : line));
  const lines = await openLines(join(folder, ANNOTATIONS_FILE));
  const journal = await openJournal(folder, (document) => done.has(document));
  const throttle = createThrottle(judgement.effort.concurrency);
  const server: Asking['server'] = { manySamples: 'unknown', reportedModel: null };
  let asked = 0;
  let failedInRow = 0;
  let invalid = 0;
  const asking = {
    endpoint: { ...judgement.endpoint, key },
    judge: template,
    judgeName: name,
    parser: scoreParser(template, judgement.rule),
    throttle,
    timeoutMs: judgement.effort.timeoutSeconds * 1000,
    retries: judgement.effort.retries,
    sourcePath: judgement.source.path,
    server,
    count: (text: string) => meter.count(text),
    onRetry: job.onRetry,
  };
  const report = (line: JudgementLine | null): void =>
    onProgress?.({ done: done.size, total: judgement.documents, tally, line, limit: throttle.limit });

  const judgeOne = async (document: SelectedDocument, signal: AbortSignal): Promise<void> => {
    const own = judgedKey({ document_id: document.id, language: document.language });
    if (done.has(own)) return;
    const prompt = await builder.build(document.text, signal);
    const line = await askDocument(
      { ...document, prompt, samples: journal.samples.get(own) ?? [] },
      { ...asking, onPartial: (sample) => journal.add(own, sample) },
      signal,
    );
    await lines.append(line);
    done.add(own);
    tally.add(line);
    asked += 1;
    failedInRow = isUnanswered(line) ? failedInRow + 1 : 0;
    if (line.scores.every((score) => score === null)) invalid += 1;
    report(line);
    if (failedInRow >= MAX_FAILED_IN_ROW) throw new ServerAway(line.errors[0]?.[0] ?? 'The server fails');
  };
  const tooManyInvalid = (): boolean => {
    const { stopAboveInvalid: limit } = judgement.effort;
    return limit !== null && asked >= MIN_DOCUMENTS_FOR_STOP && invalid > limit * asked;
  };

  return {
    tally,
    done: () => done.size,
    asked: () => asked,
    reportedModel: () => server.reportedModel,
    async run(): Promise<'through' | 'invalid'> {
      report(null);
      const controller = new AbortController();
      const signal = AbortSignal.any([job.signal, controller.signal]);
      const documents = job.documents(signal)[Symbol.asyncIterator]();
      let stop = false;
      const turn = oneAtATime();
      const worker = async (): Promise<void> => {
        for (;;) {
          signal.throwIfAborted();
          if (stop) return;
          const next = await turn(() => documents.next());
          if (next.done === true) return;
          await judgeOne(next.value, signal);
          // What is under way is paid for: it is waited for, and nothing new begins.
          if (tooManyInvalid()) stop = true;
        }
      };
      const workers = Array.from({ length: judgement.effort.concurrency }, async () => {
        try {
          await worker();
        } catch (error) {
          controller.abort(error);
          throw error;
        }
      });
      const settled = await Promise.allSettled(workers);
      await documents.return?.();
      const failed = settled.find((result) => result.status === 'rejected');
      if (failed?.status === 'rejected') {
        throw job.signal.aborted ? failed.reason : (controller.signal.reason ?? failed.reason);
      }
      return stop ? 'invalid' : 'through';
    },
    async [Symbol.asyncDispose]() {
      await journal[Symbol.asyncDispose]();
      await lines[Symbol.asyncDispose]();
    },
  };
}

/** Workers share one reader: each waits until the one before it has its document. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
