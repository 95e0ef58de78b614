// One step of a Nanotron training: a safetensors file per tensor and tensor-parallel rank, put together by their slices.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { type ModelConfig, readNanotronConfig } from '../../../lib/conversion/model-config.ts';
import { nanotronPlace } from '../../../lib/conversion/nanotron-names.ts';
import {
  parseShape,
  parseShardName,
  parseSlices,
  type Slice,
} from '../../../lib/conversion/nanotron-shards.ts';
import { inHalves } from '../../../lib/conversion/row-order.ts';
import { bytesOf, columnsOf, type TensorRows } from '../../../lib/conversion/tensor-rows.ts';
import { readJson } from './read-json.ts';
import { SafetensorsFile } from './safetensors-file.ts';
import type { WeightFolder } from './weight-folder.ts';

/** The key every file keeps its one tensor under. */
const DATA = 'data';

/** Throws NOT_FOUND for a step that is not whole, CORRUPT_FILE, or ConversionFault. */
export function openNanotronFolder(folder: string): WeightFolder {
  const modelConfig = readJson(join(folder, 'model_config.json'));
  if (modelConfig === null) {
    throw new StudioError(
      'NOT_FOUND',
      'The checkpoint is not whole: model_config.json, written last, is missing',
      {
        hint: 'Wait until it is saved, or choose the step before',
        path: folder,
      },
    );
  }
  const config = readNanotronConfig(modelConfig);
  const opened = new Map<string, SafetensorsFile>();
  const stamps = new Map<string, string>();
  const open = (path: string): SafetensorsFile => {
    const known = opened.get(path);
    if (known) return known;
    // Only the files of the tensor at hand stay open: a model has one a tensor and rank.
    for (const file of opened.values()) file[Symbol.dispose]();
    opened.clear();
    return remember(path);
  };
  const remember = (path: string): SafetensorsFile => {
    const file = new SafetensorsFile(path);
    stamps.set(path, file.stamp);
    opened.set(path, file);
    return file;
  };
  return {
    layout: 'nanotron',
    folder,
    config,
    configFile: null,
    find(name) {
      const { module, suffix, rows } = nanotronPlace(name, config);
      const paths = shardPaths(join(folder, 'model', ...module.split('.')), suffix);
      if (paths.length === 0) return null;
      const [first = ''] = paths;
      const files = [open(first), ...paths.slice(1).map(remember)];
      const whole = files.length === 1 && !sharded(files[0]) ? plain(files[0], name) : merged(files, name);
      const own = rows === null ? whole : part(whole, rows);
      return unrotated(own, name, config);
    },
    unused: () => [],
    requireUnchanged() {
      for (const [path, stamp] of stamps) {
        const info = statSync(path);
        if (`${info.size}:${info.mtimeMs}` === stamp) continue;
        throw new StudioError('CONFLICT', 'The checkpoint changed while it was read', {
          hint: 'Wait until it is written, then convert it again',
          path,
        });
      }
    },
    [Symbol.dispose]: () => [...opened.values()].forEach((file) => file[Symbol.dispose]()),
  };
}

function shardPaths(folder: string, suffix: string): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  const shards = names.flatMap((name) => {
    const shard = parseShardName(name);
    return shard?.suffix === suffix ? [{ name, ...shard }] : [];
  });
  const sizes = new Set(shards.map(({ tensorSize }) => tensorSize));
  const [size = 1] = sizes;
  if (
    shards.some(({ expert }) => expert) ||
    sizes.size > 1 ||
    (shards.length > 0 && shards.length !== size)
  ) {
    throw new StudioError('CORRUPT_FILE', `${shards.length} of ${size} shards of a tensor are there`, {
      hint: 'Copy the checkpoint again with all its files',
      path: folder,
    });
  }
  return shards.sort((a, b) => a.tensorRank - b.tensorRank).map(({ name }) => join(folder, name));
}

function sharded(file: SafetensorsFile | undefined): boolean {
  return file?.header.metadata['local_global_slices_pairs'] !== undefined;
}

function plain(file: SafetensorsFile | undefined, name: string): TensorRows {
  const tensor = file?.header.tensors.find((one) => one.name === DATA);
  if (!file || !tensor) throw noData(file?.path);
  return file.rows(tensor, name);
}

function noData(path: string | undefined): StudioError {
  return new StudioError('CORRUPT_FILE', 'A shard has no tensor named data', {
    hint: 'Copy the checkpoint again',
    ...(path === undefined ? {} : { path }),
  });
}

/** The whole tensor out of every rank's slices. */
function merged(files: readonly SafetensorsFile[], name: string): TensorRows {
  const [head] = files;
  const shape = parseShape(head?.header.metadata['unsharded_shape'] ?? '');
  const pieces = files.flatMap((file) => {
    const shard = plain(file, name);
    return parseSlices(file.header.metadata['local_global_slices_pairs'] ?? '', shard.shape, shape).map(
      (slice) => ({ shard, slice }),
    );
  });
  const first = pieces[0]?.shard;
  const covered = pieces.reduce((sum, { slice }) => sum + slice.rows.count * slice.columns.count, 0);
  if (!first || covered !== shape.reduce((product, size) => product * size, 1)) {
    throw new StudioError('CORRUPT_FILE', `The shards of ${name} do not make a whole`, {
      hint: 'Copy the checkpoint again with all its files',
      ...(head === undefined ? {} : { path: head.path }),
    });
  }
  const width = columnsOf({ shape });
  const size = bytesOf(first.type);
  return {
    name,
    type: first.type,
    shape,
    readRows(start, count) {
      const bytes = new Uint8Array(count * width * size);
      for (const { shard, slice } of pieces) copySlice(bytes, { shard, slice, start, count, width, size });
      return bytes;
    },
  };
}

function copySlice(
  target: Uint8Array,
  from: {
    readonly shard: TensorRows;
    readonly slice: Slice;
    readonly start: number;
    readonly count: number;
    /** Columns of the whole tensor. */
    readonly width: number;
    /** Bytes a value. */
    readonly size: number;
  },
): void {
  const { shard, slice, start, count, width, size } = from;
  const begin = Math.max(start, slice.rows.global);
  const end = Math.min(start + count, slice.rows.global + slice.rows.count);
  if (begin >= end) return;
  const rows = shard.readRows(slice.rows.local + begin - slice.rows.global, end - begin);
  const shardBytes = columnsOf(shard) * size;
  const { columns } = slice;
  for (let row = 0; row < end - begin; row += 1) {
    const at = row * shardBytes + columns.local * size;
    target.set(
      rows.subarray(at, at + columns.count * size),
      ((begin - start + row) * width + columns.global) * size,
    );
  }
}

function part(whole: TensorRows, rows: { readonly first: number; readonly count: number }): TensorRows {
  if ((whole.shape[0] ?? 0) < rows.first + rows.count) {
    throw new StudioError('CORRUPT_FILE', `${whole.name} is not in the fused tensor of this checkpoint`, {
      hint: 'Config and weights are of different models',
    });
  }
  return {
    ...whole,
    shape: [rows.count, ...whole.shape.slice(1)],
    readRows: (first, count, into) => whole.readRows(rows.first + first, count, into),
  };
}

function unrotated(tensor: TensorRows, name: string, config: ModelConfig): TensorRows {
  if (!config.ropeInterleaved) return tensor;
  if (/\.q_proj\./.test(name)) return inHalves(tensor, config.heads);
  return /\.k_proj\./.test(name) ? inHalves(tensor, config.keyValueHeads) : tensor;
}
