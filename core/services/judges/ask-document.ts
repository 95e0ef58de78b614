// All samples of one document: in one request where the server can, else one by one; again what may pass, never what was refused.
import { setTimeout as sleep } from 'node:timers/promises';
import { StudioError } from '../../api/errors.ts';
import type { JudgeTemplate } from '../../lib/judges/judge-template.ts';
import type { JudgementLine } from '../../lib/judges/judgement-line.ts';
import type { JudgePrompt } from '../../lib/judges/judge-prompt.ts';
import type { ScoreParser } from '../../lib/judges/parse-score.ts';
import { type Answer, ask, type Endpoint } from './endpoint.ts';
import type { Throttle } from './throttle.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** A server that asks for more patience than this is not coming back while somebody waits. */
const LONGEST_RETRY_AFTER_MS = 600_000;
/** Busy answers to one request in a row, before the server counts as away. */
const MAX_BUSY = 30;

/** One generation, as it is kept while its document waits for the others. */
export interface Sample {
  readonly text: string;
  readonly atSeconds: number;
}

export interface Asking {
  readonly endpoint: Endpoint;
  readonly judge: JudgeTemplate;
  readonly judgeName: string;
  readonly parser: ScoreParser;
  readonly throttle: Throttle;
  readonly timeoutMs: number;
  readonly retries: number;
  /** What the documents come from, as it is written into every line. */
  readonly sourcePath: string;
  /** `no`: the server gave one answer where several were asked for. Learned from its answers. */
  readonly server: { manySamples: 'unknown' | 'yes' | 'no'; reportedModel: string | null };
  /** Tokens of a text, where the server does not count. */
  readonly count: (text: string) => Promise<number>;
  /** An answer came whose document is not complete yet: it is paid for, so it is kept. */
  readonly onPartial: (sample: Sample) => Promise<void>;
  readonly onRetry?: ((reason: string) => void) | undefined;
  readonly random?: () => number;
}

export interface AskedDocument {
  readonly id: string;
  readonly language: string | null;
  readonly prompt: JudgePrompt;
  /** Paid for already. */
  readonly samples: readonly Sample[];
}

interface Spent {
  prompt: number;
  completion: number;
  requests: number;
  seconds: number;
  byServer: boolean;
}

/** The server cannot be used at all now: the run ends and can be resumed. Nothing of this document is written. */
export class ServerAway extends Error {}

/** Throws ServerAway, StudioError when a person must change something, and what `signal` was aborted with. */
export async function askDocument(
  document: AskedDocument,
  asking: Asking,
  signal: AbortSignal,
): Promise<JudgementLine> {
  const wanted = asking.judge.sampling.samples;
  const samples = [...document.samples].slice(0, wanted);
  const failures: string[] = [];
  const spent: Spent = { prompt: 0, completion: 0, requests: 0, seconds: 0, byServer: true };
  const take = async (answer: Extract<Answer, { kind: 'answer' }>, most: number): Promise<void> => {
    await note(spent, answer, document, asking);
    const atSeconds = Math.floor(Date.now() / 1000);
    for (const text of answer.texts.slice(0, most)) {
      samples.push({ text, atSeconds });
      if (samples.length + failures.length < wanted) await asking.onPartial({ text, atSeconds });
    }
  };
  while (samples.length + failures.length < wanted) {
    const open = wanted - samples.length - failures.length;
    const together = asking.server.manySamples !== 'no' && open > 1;
    if (together) {
      const answer = await persist(document, { samples: open, sample: samples.length }, asking, signal);
      if (answer.kind === 'answer') {
        asking.server.manySamples = answer.texts.length > 1 ? 'yes' : 'no';
        if (answer.texts.length === 0) failures.push('The answer had no choice');
        await take(answer, open);
      } else if (answer.kind === 'refused' && asking.server.manySamples === 'unknown') {
        // Perhaps it was `n` that was refused: one at a time tells.
        asking.server.manySamples = 'no';
      } else failures.push(...Array.from({ length: open }, () => answer.reason));
      continue;
    }
    const first = samples.length;
    await allOrNone(
      Array.from(
        { length: open },
        (_, index) => (own: AbortSignal) =>
          persist(document, { samples: 1, sample: first + index }, asking, own).then(async (answer) => {
            if (answer.kind !== 'answer') failures.push(answer.reason);
            else if (answer.texts.length === 0) failures.push('The answer had no choice');
            else await take(answer, 1);
          }),
      ),
      signal,
    );
  }
  return lineOf(document, asking, { samples, failures, spent });
}

/** All at the same time; the first failure ends the others. */
async function allOrNone(
  work: readonly ((signal: AbortSignal) => Promise<void>)[],
  signal: AbortSignal,
): Promise<void> {
  const controller = new AbortController();
  const own = AbortSignal.any([signal, controller.signal]);
  const settled = await Promise.allSettled(
    work.map(async (one) => {
      try {
        await one(own);
      } catch (error) {
        controller.abort(error);
        throw error;
      }
    }),
  );
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed?.status === 'rejected') throw controller.signal.reason ?? failed.reason;
}

type Settled = Extract<Answer, { kind: 'answer' | 'refused' | 'passing' }>;

/** Asks again what may pass, with growing waits and jitter. */
async function persist(
  { prompt }: AskedDocument,
  { samples, sample }: { readonly samples: number; readonly sample: number },
  asking: Asking,
  signal: AbortSignal,
): Promise<Settled> {
  const { endpoint, judge, throttle, timeoutMs, retries, random = Math.random } = asking;
  let failed = 0;
  let busy = 0;
  for (;;) {
    const leave = await throttle.enter(signal);
    let answer: Answer;
    try {
      answer = await ask(
        endpoint,
        { prompt: prompt.text, samples, sample, sampling: judge.sampling, timeoutMs },
        signal,
      );
    } finally {
      leave();
    }
    switch (answer.kind) {
      case 'answer':
        throttle.answered();
        return answer;
      case 'refused':
        return answer;
      case 'blocked':
        throw answer.error;
      case 'busy': {
        busy += 1;
        if (busy > MAX_BUSY) throw new ServerAway(answer.reason);
        const wait = answer.retryAfterMs ?? backoff(busy, random);
        throttle.busy(Math.min(LONGEST_RETRY_AFTER_MS, wait));
        asking.onRetry?.(answer.reason);
        // Those that were turned away together do not come back together.
        await sleep(random() * FIRST_WAIT_MS, undefined, { signal });
        break;
      }
      case 'passing': {
        failed += 1;
        if (failed > retries) {
          if (!answer.reached) throw new ServerAway(answer.reason);
          return answer;
        }
        asking.onRetry?.(answer.reason);
        await sleep(backoff(failed, random), undefined, { signal });
      }
    }
  }
}

/** Half of it is chance, so that requests that failed together spread. */
function backoff(attempt: number, random: () => number): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
  return longest / 2 + (random() * longest) / 2;
}

async function note(
  spent: Spent,
  answer: Extract<Answer, { kind: 'answer' }>,
  { prompt }: AskedDocument,
  asking: Asking,
): Promise<void> {
  let completion = answer.completionTokens;
  if (completion === null) {
    const counts = await Promise.all(answer.texts.map((text) => asking.count(text)));
    completion = counts.reduce((sum, count) => sum + count, 0);
  }
  spent.requests += 1;
  spent.seconds += answer.seconds;
  spent.prompt += answer.promptTokens ?? prompt.tokens;
  spent.completion += completion;
  if (answer.promptTokens === null || answer.completionTokens === null) spent.byServer = false;
  asking.server.reportedModel ??= answer.model;
}

function lineOf(
  document: AskedDocument,
  asking: Asking,
  {
    samples,
    failures,
    spent,
  }: { readonly samples: readonly Sample[]; readonly failures: readonly string[]; readonly spent: Spent },
): JudgementLine {
  const parsed = samples.map(({ text }) => asking.parser.parse(text));
  const nowSeconds = Math.floor(Date.now() / 1000);
  return {
    document_id: document.id,
    language: document.language,
    scores: [...parsed.map(({ score }) => score), ...failures.map(() => null)],
    explanations: [...samples.map(({ text }) => text), ...failures.map(() => '')],
    errors: [...samples.map(() => []), ...failures.map((reason) => [reason])],
    time_stamps: [...samples.map(({ atSeconds }) => atSeconds), ...failures.map(() => nowSeconds)],
    document_processing_status: [
      ...parsed.map(({ status }) => status),
      ...failures.map(() => 'error_server' as const),
    ],
    meta_information: {
      prompt_name: asking.judgeName,
      prompt_lang: asking.judge.language,
      model_name: asking.endpoint.model,
      raw_data_file_path: asking.sourcePath,
      out_tokens_per_second:
        spent.seconds > 0 ? Math.round((10 * spent.completion) / spent.seconds) / 10 : null,
    },
    usage: {
      prompt_tokens: spent.prompt,
      completion_tokens: spent.completion,
      counted_by: spent.byServer ? 'server' : 'estimate',
      requests: spent.requests,
      truncated: document.prompt.truncated,
    },
  };
}

/** For callers that end with words. */
export function awayError(away: ServerAway): StudioError {
  return new StudioError('UNAVAILABLE', away.message, {
    hint: 'Everything judged so far is kept; resume when the server answers',
    cause: away,
  });
}
