// Two checkpoints tensor by tensor: how far each moved. Reads both once, piece by piece.
import type { WeightDifference } from '../../api/conversion.ts';
import { StudioError } from '../../api/errors.ts';
import { ComparedValues } from '../../lib/conversion/compare-values.ts';
import { toFloats } from '../../lib/conversion/float-bits.ts';
import { ConversionFault } from '../../lib/conversion/tensor-rows.ts';
import { planWeights } from '../../lib/conversion/weight-plan.ts';
import { piecesOf } from './copy-rows.ts';
import { openWeights } from './open-weights.ts';

/** Paths are absolute folders of weights. Throws what opening throws, INVALID_INPUT when they share no tensor. */
export async function diffWeights(
  paths: { readonly a: string; readonly b: string },
  progress: (share: number) => void | Promise<void>,
): Promise<WeightDifference> {
  try {
    using a = openWeights(paths.a);
    using b = openWeights(paths.b);
    const names = [...new Set([...planWeights(a.config), ...planWeights(b.config)].map(({ name }) => name))];
    const tensors: WeightDifference['tensors'] = [];
    const onlyInA: string[] = [];
    const onlyInB: string[] = [];
    const otherShapes: string[] = [];
    const whole = new ComparedValues();
    for (const [index, name] of names.entries()) {
      const left = a.find(name);
      const right = b.find(name);
      if (!left || !right) {
        if (left) onlyInA.push(name);
        if (right) onlyInB.push(name);
        continue;
      }
      if (left.shape.join() !== right.shape.join()) {
        otherShapes.push(name);
        continue;
      }
      const own = new ComparedValues();
      const other = piecesOf(right, 1, left.type);
      for (const bytes of piecesOf(left)) {
        const values = toFloats(bytes, left.type);
        const beside = toFloats(other.next().value ?? new Uint8Array(0), right.type);
        own.add(values, beside);
        whole.add(values, beside);
      }
      tensors.push({ name, shape: [...left.shape], ...own.result() });
      await progress((index + 1) / names.length);
    }
    if (tensors.length === 0) {
      throw new StudioError('INVALID_INPUT', 'The two have no tensor of the same name and shape', {
        hint: 'Compare two checkpoints of one model',
        path: paths.b,
      });
    }
    return { tensors, onlyInA, onlyInB, otherShapes, total: whole.result() };
  } catch (error) {
    if (!(error instanceof ConversionFault)) throw error;
    throw new StudioError('INVALID_INPUT', error.message, { hint: error.hint, path: paths.a, cause: error });
  }
}
