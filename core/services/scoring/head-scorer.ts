// Vectors through several heads at once. Small heads are a few loops here; large ones are matrix products in the ONNX child, where a
// head of 768 × 1,000 takes microseconds a document instead of half a millisecond.
import { setImmediate } from 'node:timers/promises';
import { OnnxFailure, OnnxProcess } from '../../../native/onnx/client.ts';
import { StudioError } from '../../api/errors.ts';
import { type Head, scoreDocuments } from '../../lib/jql/head.ts';
import { spawnChild } from '../native/spawn-child.ts';

export interface HeadScorer extends AsyncDisposable {
  readonly heads: number;
  /** head × document, row-major. Throws RUNTIME_DIED. */
  score(vectors: Float32Array): Promise<Float32Array>;
}

/** Multiplications a document up to which starting a process is not worth it: 0.1 ms in plain JavaScript. */
const PLAIN_LIMIT = 100_000;
/** Between two of these a cancel is heard. */
const PLAIN_DOCUMENTS = 64;
/** Vectors that cross to the child at once. */
const NATIVE_DOCUMENTS = 4096;

/** All heads take vectors of one width. `appFolder` holds the built child. */
export function createHeadScorer(heads: readonly Head[], appFolder: string): HeadScorer {
  const products = heads.reduce((sum, { inputs, hidden }) => sum + inputs * hidden, 0);
  return products <= PLAIN_LIMIT ? plainScorer(heads) : nativeScorer(heads, appFolder);
}

function plainScorer(heads: readonly Head[]): HeadScorer {
  return {
    heads: heads.length,
    async score(vectors) {
      const width = heads[0]?.inputs ?? 1;
      const rows = vectors.length / width;
      const scores = new Float32Array(heads.length * rows);
      for (let first = 0; first < rows; first += PLAIN_DOCUMENTS) {
        const part = vectors.subarray(first * width, Math.min(rows, first + PLAIN_DOCUMENTS) * width);
        for (const [index, head] of heads.entries())
          scores.set(scoreDocuments(head, part), index * rows + first);
        await setImmediate();
      }
      return scores;
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

function nativeScorer(heads: readonly Head[], appFolder: string): HeadScorer {
  const runtime = new OnnxProcess({ spawn: () => spawnChild(appFolder, 'native-onnx') });
  let loadedPid: number | null = null;
  return {
    heads: heads.length,
    async score(vectors) {
      const width = heads[0]?.inputs ?? 1;
      const rows = vectors.length / width;
      const scores = new Float32Array(heads.length * rows);
      try {
        if (loadedPid === null || runtime.pid !== loadedPid) {
          await runtime.setHeads(heads);
          loadedPid = runtime.pid;
        }
        for (let first = 0; first < rows; first += NATIVE_DOCUMENTS) {
          const count = Math.min(NATIVE_DOCUMENTS, rows - first);
          const own = await runtime.score(vectors.slice(first * width, (first + count) * width));
          for (let index = 0; index < heads.length; index += 1) {
            scores.set(own.subarray(index * count, (index + 1) * count), index * rows + first);
          }
        }
      } catch (error) {
        if (!(error instanceof OnnxFailure)) throw error;
        throw new StudioError('RUNTIME_DIED', 'The process that computes the heads ended', {
          hint: 'Start it again: what was embedded is kept',
          detail: error.message,
          cause: error,
        });
      }
      return scores;
    },
    [Symbol.asyncDispose]: () => runtime.dispose(),
  };
}
