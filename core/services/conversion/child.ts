// The weights child: converts, compares or runs weights away from core, one request a process. Ends with its parent; what
// was not finished is removed.
import { toStudioError } from '../system-errors.ts';
import { cardOfSource } from './sources/card-of-source.ts';
import { convertModel } from './convert-model.ts';
import { diffWeights } from './diff-weights.ts';
import type { TensorStatistics } from '../../api/weights.ts';
import { describeSource, describeTokenizerOf } from './sources/describe-source.ts';
import { requantize } from './writing/requantize.ts';
import { publishFolder } from './publish-folder.ts';
import { readStatistics, readVocabulary } from './read-values.ts';
import { answerReference } from './verification/reference.ts';
import {
  type FromWeightsChild,
  type ToWeightsChild,
  toWeightsChild,
  type WeightsAnswer,
} from './weights-protocol.ts';

const PROGRESS_EVERY_MS = 100;

class Cancelled extends Error {
  override readonly name = 'AbortError';
}

const left = new AbortController();
process.on('disconnect', () => left.abort());
process.once('message', (raw) => void serve(raw));

async function answer(message: ToWeightsChild): Promise<WeightsAnswer> {
  switch (message.kind) {
    case 'convert':
      return { kind: 'convert', result: await convertModel(message.request, progress, left.signal) };
    case 'requantize':
      return { kind: 'requantize', result: await requantize(message.request, progress, left.signal) };
    case 'diff':
      return { kind: 'diff', result: await diffWeights(message.request, progress) };
    case 'reference':
      return { kind: 'reference', result: await answerReference(message.request, progress) };
    case 'inspect':
      return { kind: 'inspect', result: describeSource(message.path) };
    case 'vocabulary':
      return { kind: 'vocabulary', result: readVocabulary(message.path) };
    case 'tokenizer':
      return { kind: 'tokenizer', result: describeTokenizerOf(message.path) };
    case 'publish':
      return {
        kind: 'publish',
        result: await publishFolder(message.request, { progress, signal: left.signal }),
      };
    case 'card':
      return { kind: 'card', result: cardOfSource(message.request) };
    case 'statistics':
      return { kind: 'statistics', result: await statistics(message.path) };
  }
}

async function serve(raw: unknown): Promise<void> {
  try {
    send({ kind: 'done', answer: await answer(toWeightsChild.parse(raw)) });
  } catch (error) {
    const { code, message, data } = toStudioError(error);
    send({ kind: 'failed', code, message, data });
  }
  if (left.signal.aborted) process.exit(0);
}

let toldMs = 0;

async function progress(share: number): Promise<void> {
  const nowMs = performance.now();
  if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
  toldMs = nowMs;
  send({ kind: 'progress', share });
  // Lets the end of the parent be noticed.
  await new Promise((resolve) => setImmediate(resolve));
  if (left.signal.aborted) throw new Cancelled('The work was cancelled');
}

/** Tells of tensors in batches, so that a model of thousands does not send a message for each. */
async function statistics(path: string): Promise<{ unread: string[] }> {
  let waiting: TensorStatistics[] = [];
  let doneShare = 0;
  const tell = () => {
    if (waiting.length > 0) send({ kind: 'tensors', share: doneShare, tensors: waiting });
    waiting = [];
  };
  const result = await readStatistics(path, {
    async progress(share) {
      if (performance.now() - toldMs >= PROGRESS_EVERY_MS) tell();
      await progress(share);
    },
    onTensor(tensor, share) {
      waiting.push(tensor);
      doneShare = share;
    },
  });
  tell();
  return result;
}

function send(message: FromWeightsChild): void {
  // A parent that left meanwhile is no failure: it is noticed as a disconnect.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
