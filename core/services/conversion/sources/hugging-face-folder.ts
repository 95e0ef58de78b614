// A folder as transformers saves it: config.json and safetensors, in one file or in shards with an index.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../../api/errors.ts';
import { readHuggingFaceConfig } from '../../../lib/conversion/model-config.ts';
import type { SafeTensor } from '../../../lib/safetensors/header.ts';
import { readJson } from './read-json.ts';
import { SafetensorsFile } from './safetensors-file.ts';
import type { WeightFolder } from './weight-folder.ts';

const INDEX = 'model.safetensors.index.json';
const indexFile = z.looseObject({ weight_map: z.record(z.string(), z.string().regex(/^[^/\\]+$/)) });

/** Throws NOT_FOUND, CORRUPT_FILE, or ConversionFault for a config that is not converted. */
export function openHuggingFaceFolder(folder: string): WeightFolder {
  const configFile = readJson(join(folder, 'config.json'));
  if (configFile === null) {
    throw new StudioError('NOT_FOUND', 'The folder has no config.json', {
      hint: 'Choose a folder that transformers or Nanotron saved',
      path: folder,
    });
  }
  const config = readHuggingFaceConfig(configFile);
  const { files, tensors } = openShards(folder, withPrefix);
  return {
    layout: 'huggingface',
    folder,
    config,
    configFile,
    find(name) {
      const found = tensors.get(name);
      return found ? found[0].rows(found[1], name) : null;
    },
    unused: (asked) => [...tensors.keys()].filter((name) => !asked.has(name) && !name.endsWith('.inv_freq')),
    requireUnchanged: () => files.forEach((file) => file.requireUnchanged()),
    [Symbol.dispose]: () => files.forEach((file) => file[Symbol.dispose]()),
  };
}

export interface OpenShards {
  readonly files: readonly SafetensorsFile[];
  readonly tensors: ReadonlyMap<string, readonly [SafetensorsFile, SafeTensor]>;
}

/** Every tensor of the folder's shards, by the name `named` gives it. Throws NOT_FOUND, CORRUPT_FILE. */
export function openShards(folder: string, named = (name: string) => name): OpenShards {
  const files: SafetensorsFile[] = [];
  try {
    for (const name of shardNames(folder)) files.push(new SafetensorsFile(join(folder, name)));
    const tensors = new Map<string, readonly [SafetensorsFile, SafeTensor]>();
    for (const file of files)
      for (const tensor of file.header.tensors) tensors.set(named(tensor.name), [file, tensor]);
    requireIndexed(folder, (name) => tensors.has(named(name)));
    return { files, tensors };
  } catch (error) {
    for (const file of files) file[Symbol.dispose]();
    throw error;
  }
}

/** Models that were saved without their head miss the prefix. */
function withPrefix(name: string): string {
  return /^(model\.|lm_head\.)/.test(name) ? name : `model.${name}`;
}

function shardNames(folder: string): readonly string[] {
  const index = readJson(join(folder, INDEX));
  if (index !== null) {
    const parsed = indexFile.safeParse(index);
    if (!parsed.success) {
      throw new StudioError('CORRUPT_FILE', `${INDEX} does not say which shard holds what`, {
        hint: 'Copy or download the folder again',
        path: join(folder, INDEX),
      });
    }
    const names = [...new Set(Object.values(parsed.data.weight_map))].sort();
    const there = new Set(readdirSync(folder));
    const missing = names.filter((name) => !there.has(name));
    if (missing.length === 0) return names;
    throw new StudioError(
      'NOT_FOUND',
      `${missing.length} of ${names.length} shards are missing: ${missing.slice(0, 3).join(', ')}`,
      {
        hint: 'Copy or download the missing files',
        path: folder,
      },
    );
  }
  const names = readdirSync(folder).filter((name) => /^model.*\.safetensors$/.test(name));
  const whole = names.find((name) => name === 'model.safetensors');
  if (whole !== undefined) return [whole];
  if (names.length > 0) {
    throw new StudioError('NOT_FOUND', `${INDEX} is missing beside ${names.length} shards`, {
      hint: 'Copy the index too: without it nobody knows whether all shards are there',
      path: folder,
    });
  }
  throw new StudioError('NOT_FOUND', 'The folder has no safetensors weights', {
    hint: 'Save the model with safe_serialization=True; older .bin files are not read',
    path: folder,
  });
}

function requireIndexed(folder: string, has: (name: string) => boolean): void {
  const parsed = indexFile.safeParse(readJson(join(folder, INDEX)));
  const absent = Object.keys(parsed.data?.weight_map ?? {}).find((name) => !has(name));
  if (absent === undefined) return;
  throw new StudioError('CORRUPT_FILE', `The index names ${absent}, which is in none of the shards`, {
    hint: 'Index and shards are of different saves: copy the folder again',
    path: join(folder, INDEX),
  });
}
