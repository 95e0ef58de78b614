// Judging the first few documents at once: what came back, shared by the form that starts it and the pane that shows it.
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { StudioClient } from '../../../../core/api/contract.ts';
import type { JudgeQuestion } from '../../../../core/api/judges.ts';
import type { JudgementLine } from '../../../../core/lib/judges/judgement-line.ts';
import { isAbort } from '../../../app/describe-error.ts';
import type { Reading } from './generation.tsx';

export const TRIED_DOCUMENTS = 3;

export interface Tries {
  /** Which data set was tried. */
  readonly dataset: string | null;
  readonly reading: Reading | null;
  readonly isRunning: boolean;
  readonly documents: readonly { readonly line: JudgementLine; readonly row: number }[];
  readonly error: unknown;
  /** What it took, once all are there; null before. */
  readonly measured: Measured | null;
}

export interface Measured {
  /** Tokens of one answer, mean. */
  readonly answerTokens: number | null;
  /** With as many requests at once as the question says, if the server keeps up. */
  readonly documentsPerSecond: number;
  /** One request gave all samples of a document. */
  readonly sharedPrompt: boolean;
}

const none: Tries = {
  dataset: null,
  reading: null,
  isRunning: false,
  documents: [],
  error: null,
  measured: null,
};
const store = createStore<Tries>(() => none);
let controller: AbortController | null = null;

export function useTries(dataset: string): Tries {
  const tries = useStore(store);
  return tries.dataset === dataset ? tries : none;
}

export async function startTries(
  client: StudioClient,
  question: JudgeQuestion,
  key: string | null,
  reading: Reading,
): Promise<void> {
  controller?.abort();
  const own = new AbortController();
  controller = own;
  store.setState({ ...none, dataset: question.dataset, reading, isRunning: true });
  const startedMs = performance.now();
  try {
    const events = await client.judges.tryOut(
      { question, key, documents: TRIED_DOCUMENTS },
      { signal: own.signal },
    );
    for await (const { line, row } of events) {
      if (own.signal.aborted) return;
      store.setState(({ documents }) => ({ documents: [...documents, { line, row }] }));
    }
    const seconds = (performance.now() - startedMs) / 1000;
    store.setState(({ documents }) => ({ measured: measure(documents, seconds, question) }));
  } catch (error) {
    if (!own.signal.aborted && !isAbort(error)) store.setState({ error });
  } finally {
    if (controller === own) store.setState({ isRunning: false });
  }
}

export function stopTries(): void {
  controller?.abort();
  store.setState({ isRunning: false });
}

/** The documents were asked at the same time, as far as the question allows. */
function measure(documents: Tries['documents'], seconds: number, question: JudgeQuestion): Measured | null {
  const answered = documents.filter(({ line }) => (line.usage?.requests ?? 0) > 0);
  if (answered.length === 0 || answered.length < documents.length) return null;
  const samples = answered.reduce((sum, { line }) => sum + line.scores.length, 0);
  const tokens = answered.reduce((sum, { line }) => sum + (line.usage?.completion_tokens ?? 0), 0);
  const requests = answered.reduce((sum, { line }) => sum + (line.usage?.requests ?? 0), 0);
  const { concurrency } = question.effort;
  const rounds = Math.ceil(requests / concurrency);
  return {
    answerTokens: tokens > 0 ? tokens / samples : null,
    documentsPerSecond: (rounds * concurrency * answered.length) / requests / Math.max(seconds, 0.001),
    sharedPrompt: samples > answered.length && requests === answered.length,
  };
}
