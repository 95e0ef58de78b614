// The weights child: converts, compares or runs weights away from core, one request a process. Ends with its parent; what
// was not finished is removed.
import { toStudioError } from '../system-errors.ts';
import { convertModel } from './convert-model.ts';
import { diffWeights } from './diff-weights.ts';
import { answerReference } from './reference.ts';
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

let cancelled = false;
process.on('disconnect', () => {
  cancelled = true;
});
process.once('message', (raw) => void serve(raw));

async function answer(message: ToWeightsChild): Promise<WeightsAnswer> {
  switch (message.kind) {
    case 'convert':
      return { kind: 'convert', result: await convertModel(message.request, progress) };
    case 'diff':
      return { kind: 'diff', result: await diffWeights(message.request, progress) };
    case 'reference':
      return { kind: 'reference', result: await answerReference(message.request, progress) };
  }
}

async function serve(raw: unknown): Promise<void> {
  try {
    send({ kind: 'done', answer: await answer(toWeightsChild.parse(raw)) });
  } catch (error) {
    const { code, message, data } = toStudioError(error);
    send({ kind: 'failed', code, message, data });
  }
  if (cancelled) process.exit(0);
}

let toldMs = 0;

async function progress(share: number): Promise<void> {
  const nowMs = performance.now();
  if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
  toldMs = nowMs;
  send({ kind: 'progress', share });
  // Lets the end of the parent be noticed.
  await new Promise((resolve) => setImmediate(resolve));
  if (cancelled) throw new Cancelled('The work was cancelled');
}

function send(message: FromWeightsChild): void {
  if (process.connected) process.send?.(message);
}
