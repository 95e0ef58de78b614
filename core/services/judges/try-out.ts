// The first few documents judged at once and nothing written: to see what a prompt does before it is paid for.
import { promptBuilder } from '../../lib/judges/judge-prompt.ts';
import type { JudgementLine } from '../../lib/judges/judgement-line.ts';
import { scoreParser } from '../../lib/judges/parse-score.ts';
import { StudioError } from '../../api/errors.ts';
import { askDocument, awayError, ServerAway } from './ask-document.ts';
import type { Prepared } from './prepare.ts';
import { createThrottle } from './throttle.ts';

export interface TriedDocument {
  readonly line: JudgementLine;
  readonly prompt: string;
  /** In the source, from 0. */
  readonly row: number;
}

/** In their order, each as soon as it and those before it are there. One retry only: somebody waits. */
export async function* tryOut(
  { judgement, meter, documents }: Prepared,
  key: string | null,
  most: number,
  given: AbortSignal | undefined,
): AsyncGenerator<TriedDocument, void> {
  const { template, name } = judgement.judge;
  const controller = new AbortController();
  const signal = given ? AbortSignal.any([given, controller.signal]) : controller.signal;
  const builder = await promptBuilder(template, meter);
  const asking = {
    endpoint: { ...judgement.endpoint, key },
    judge: template,
    judgeName: name,
    parser: scoreParser(template, judgement.rule),
    throttle: createThrottle(judgement.effort.concurrency),
    timeoutMs: judgement.effort.timeoutSeconds * 1000,
    retries: 1,
    sourcePath: judgement.source.path,
    server: { manySamples: 'unknown' as const, reportedModel: null },
    count: (text: string) => meter.count(text),
    onPartial: () => Promise.resolve(),
  };
  const work: Promise<TriedDocument>[] = [];
  try {
    for await (const document of documents(signal)) {
      const prompt = await builder.build(document.text, signal);
      const one = askDocument({ ...document, prompt, samples: [] }, asking, signal).then((line) => ({
        line,
        prompt: prompt.text,
        row: document.row,
      }));
      // The failure is thrown where it is awaited below.
      one.catch(() => undefined);
      work.push(one);
      if (work.length >= most) break;
    }
    for (const one of work) yield await one;
  } catch (error) {
    if (error instanceof ServerAway) throw awayError(error);
    if (error instanceof StudioError || !signal.aborted) throw error;
    throw new StudioError('CANCELLED', 'Trying was cancelled', { hint: 'Try again', cause: error });
  } finally {
    controller.abort();
  }
}
