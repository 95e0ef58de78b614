// Two models or checkpoints tensor by tensor: how far each moved. Reads both once, piece by piece, whatever their layouts are.
import type { WeightDifference } from '../../api/conversion.ts';
import { StudioError } from '../../api/errors.ts';
import { ComparedValues } from '../../lib/conversion/compare-values.ts';
import { bytesOf, ConversionFault, type TensorRows } from '../../lib/conversion/tensor-rows.ts';
import { planWeights } from '../../lib/conversion/weight-plan.ts';
import { piecesOf } from './writing/copy-rows.ts';
import { kernels } from './kernels/kernels.ts';
import { openSource } from './sources/open-source.ts';
import type { TensorSource } from './sources/tensor-source.ts';

type Progress = (share: number) => void | Promise<void>;

/** Paths are absolute. Throws what opening throws, INVALID_INPUT when they share no tensor. */
export async function diffWeights(
  paths: { readonly a: string; readonly b: string },
  progress: Progress,
): Promise<WeightDifference> {
  try {
    using a = openSource(paths.a);
    using b = openSource(paths.b);
    const difference = await compare(namesOf(a, b), progress);
    if (difference.tensors.length > 0) {
      a.requireUnchanged();
      b.requireUnchanged();
      return difference;
    }
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: error.hint, path: paths.a, cause: error });
  }
  throw new StudioError('INVALID_INPUT', 'The two have no tensor of the same name and shape', {
    hint: 'Compare two checkpoints of one model',
    path: paths.b,
  });
}

interface Pair {
  readonly name: string;
  readonly a: TensorRows | null;
  readonly b: TensorRows | null;
}

/** By the names of Hugging Face where both are known, else by their own. */
function namesOf(a: TensorSource, b: TensorSource): () => Generator<Pair> {
  const { config: left } = a;
  const { config: right } = b;
  const isPlanned = left !== null && right !== null;
  const names = isPlanned
    ? [...planWeights(left), ...planWeights(right)].map(({ name }) => name)
    : [...a.tensors, ...b.tensors].map(({ name }) => name);
  return function* pairs() {
    for (const name of new Set(names)) {
      yield isPlanned
        ? { name, a: a.planned(name), b: b.planned(name) }
        : { name, a: a.rows(name), b: b.rows(name) };
    }
  };
}

async function compare(pairs: () => Generator<Pair>, progress: Progress): Promise<WeightDifference> {
  const tensors: WeightDifference['tensors'] = [];
  const onlyInA: string[] = [];
  const onlyInB: string[] = [];
  const otherShapes: string[] = [];
  const whole = new ComparedValues();
  let totalBytes = 0;
  for (const { a, b } of pairs()) totalBytes += a && b ? sizeOf(a) : 0;
  let doneBytes = 0;
  for (const { name, a, b } of pairs()) {
    if (!a || !b) {
      if (a) onlyInA.push(name);
      if (b) onlyInB.push(name);
      continue;
    }
    if (a.shape.join() !== b.shape.join()) {
      otherShapes.push(name);
      continue;
    }
    const own = new ComparedValues();
    const other = piecesOf(b, { sizedAs: a.type, room: 1 });
    for (const bytes of piecesOf(a)) {
      const beside = other.next().value ?? new Uint8Array(0);
      own.join(kernels().compare(bytes, a.type, beside, b.type));
      doneBytes += bytes.length;
      await progress(doneBytes / totalBytes);
    }
    whole.join(own.sums());
    tensors.push({ name, shape: [...a.shape], ...own.result() });
  }
  return { tensors, onlyInA, onlyInB, otherShapes, total: whole.result() };
}

function sizeOf({ shape, type }: TensorRows): number {
  return shape.reduce((product, size) => product * size, bytesOf(type));
}
