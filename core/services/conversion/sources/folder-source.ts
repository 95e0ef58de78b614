// A folder of weights as tensors: what a conversion reads, or the plain list of a Hugging Face folder whose architecture is not
// converted.
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { bytesOf, ConversionFault } from '../../../lib/conversion/tensor-rows.ts';
import { planWeights } from '../../../lib/conversion/weight-plan.ts';
import { openShards } from './hugging-face-folder.ts';
import { openWeights } from './open-weights.ts';
import { readJson } from './read-json.ts';
import type { SourceTensor, TensorSource } from './tensor-source.ts';
import type { WeightFolder } from './weight-folder.ts';

/** Throws what opening throws; an architecture that is not converted is no fault here where the layout is Hugging Face's. */
export function openFolderSource(path: string): TensorSource {
  let weights: WeightFolder;
  try {
    weights = openWeights(path);
  } catch (error) {
    const plain = error instanceof ConversionFault ? openPlain(path) : null;
    if (plain) return plain;
    throw error;
  }
  return { ...tensorsOf(weights), layout: weights.layout, path: weights.folder };
}

function tensorsOf(weights: WeightFolder): Omit<TensorSource, 'layout' | 'path'> {
  const planned = planWeights(weights.config).map(({ name }) => name);
  const names = [...planned, ...weights.unused(new Set(planned))];
  return {
    config: weights.config,
    configFile: weights.configFile ?? readJson(join(weights.folder, 'model_config.json')),
    tensors: names.flatMap((name): SourceTensor[] => {
      const found = weights.find(name);
      if (!found) return [];
      const values = found.shape.reduce((product, size) => product * size, 1);
      return [{ name, shape: found.shape, type: found.type, sizeBytes: values * bytesOf(found.type) }];
    }),
    rows: (name) => weights.find(name),
    planned: (name) => weights.find(name),
    requireUnchanged: () => weights.requireUnchanged(),
    [Symbol.dispose]: () => weights[Symbol.dispose](),
  };
}

/** Null when it is no Hugging Face folder either. */
function openPlain(folder: string): TensorSource | null {
  const configFile = readJson(join(folder, 'config.json'));
  if (configFile === null) return null;
  const { files, tensors } = openShards(folder);
  return {
    layout: 'huggingface',
    path: folder,
    config: null,
    configFile,
    tensors: [...tensors.values()].map(([, { name, shape, type, sizeBytes }]) => ({
      name,
      shape,
      type,
      sizeBytes,
    })),
    rows(name) {
      const found = tensors.get(name);
      if (!found) return null;
      try {
        return found[0].rows(found[1], name);
      } catch (error) {
        if (error instanceof StudioError && error.code === 'INVALID_INPUT') return null;
        throw error;
      }
    },
    planned: () => null,
    requireUnchanged: () => files.forEach((file) => file.requireUnchanged()),
    [Symbol.dispose]: () => files.forEach((file) => file[Symbol.dispose]()),
  };
}
