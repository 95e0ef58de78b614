// A GGUF file as tensors: block types are read as floats, and the rows of rotated heads can be had in Hugging Face's order.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { StudioError } from '../../../api/errors.ts';
import { readGgufConfig } from '../../../lib/conversion/gguf-config.ts';
import { inHalves } from '../../../lib/conversion/row-order.ts';
import { columnsOf, isFloatType, type TensorRows } from '../../../lib/conversion/tensor-rows.ts';
import { type PlannedTensor, planWeights } from '../../../lib/conversion/weight-plan.ts';
import { dequantizer } from '../../../lib/gguf/dequantize.ts';
import { GgufFault, type GgufHeader, GgufNeedsMore, type GgufTensor } from '../../../lib/gguf/header.ts';
import { parseGgufHeader } from '../../../lib/gguf/parse-header.ts';
import { checkGgufHeader } from '../../../lib/gguf/check-header.ts';
import { MAX_HEADER_BYTES } from '../../models/read-header.ts';
import type { TensorSource } from './tensor-source.ts';

const FIRST_READ_BYTES = 1024 * 1024;

export interface GgufSource extends TensorSource {
  readonly layout: 'gguf';
  readonly header: GgufHeader;
}

/** `keepWhole` names lists of the header that are wanted with all their values. Throws CORRUPT_FILE, or errno errors. */
export function openGguf(path: string, keepWhole?: ReadonlySet<string>): GgufSource {
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const info = fstatSync(handle);
    if (!info.isFile()) {
      throw new StudioError('INVALID_INPUT', `${basename(path)} is not a file`, {
        hint: 'Choose a GGUF file or a folder of weights',
        path,
      });
    }
    const header = readHeader(handle, info.size, keepWhole);
    checkGgufHeader(header);
    return sourceOf({ path, handle, header, stamp: `${info.size}:${info.mtimeMs}` });
  } catch (error) {
    closeSync(handle);
    if (!(error instanceof GgufFault)) throw error;
    throw new StudioError('CORRUPT_FILE', `${basename(path)} cannot be read. ${error.message}`, {
      hint: 'Copy or convert the model again',
      path,
      cause: error,
    });
  }
}

interface OpenFile {
  readonly path: string;
  readonly handle: number;
  readonly header: GgufHeader;
  readonly stamp: string;
}

function sourceOf(file: OpenFile): GgufSource {
  const { path, handle, header, stamp } = file;
  const config = readGgufConfig(header);
  const byName = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  const plan = new Map<string, PlannedTensor>(
    config === null ? [] : planWeights(config).map((tensor) => [tensor.name, tensor]),
  );
  const rows = (name: string): TensorRows | null => {
    const tensor = byName.get(name);
    return tensor ? rowsOfTensor(file, tensor) : null;
  };
  return {
    layout: 'gguf',
    path,
    header,
    config,
    configFile: null,
    tensors: header.tensors.map(({ name, shape, type, sizeBytes }) => ({
      name,
      shape: [...shape].reverse(),
      type,
      sizeBytes,
    })),
    rows,
    planned(name) {
      const planned = plan.get(name);
      const own = planned ? rows(planned.gguf) : null;
      if (!planned || !own) return null;
      const named = { ...own, name };
      return planned.rotatedHeads === null ? named : inHalves(named, planned.rotatedHeads);
    },
    requireUnchanged() {
      const info = fstatSync(handle);
      if (`${info.size}:${info.mtimeMs}` === stamp) return;
      throw new StudioError('CONFLICT', `${basename(path)} changed while it was read`, {
        hint: 'Wait until it is written, then try again',
        path,
      });
    },
    [Symbol.dispose]: () => closeSync(handle),
  };
}

/** Null for a type whose values are not known. */
function rowsOfTensor({ path, handle, header }: OpenFile, tensor: GgufTensor): TensorRows | null {
  const shape = [...tensor.shape].reverse();
  const read = isFloatType(tensor.type) ? null : dequantizer(tensor.type);
  if (!isFloatType(tensor.type) && read === null) return null;
  const columns = columnsOf({ shape });
  const count = shape[0] ?? 1;
  const rowBytes = tensor.sizeBytes / count;
  const start = header.dataStartBytes + tensor.offsetBytes;
  return {
    name: tensor.name,
    type: isFloatType(tensor.type) ? tensor.type : 'F32',
    shape,
    readRows(first, rows, into) {
      const place = { start: start + first * rowBytes, length: rows * rowBytes, into };
      const bytes = readBytes(path, handle, place);
      if (read === null) return bytes;
      const values = new Float32Array(rows * columns);
      read(bytes, values);
      return new Uint8Array(values.buffer);
    },
  };
}

function readBytes(
  path: string,
  handle: number,
  place: { readonly start: number; readonly length: number; readonly into: Uint8Array | undefined },
): Uint8Array {
  const { start, length, into } = place;
  const bytes = into && into.length >= length ? into.subarray(0, length) : new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const count = readSync(handle, bytes, done, length - done, start + done);
    if (count === 0) {
      throw new StudioError('CORRUPT_FILE', `${basename(path)} ends before its data does`, {
        hint: 'It may still be written: wait, or copy it again',
        path,
      });
    }
    done += count;
  }
  return bytes;
}

function readHeader(
  handle: number,
  sizeBytes: number,
  keepWhole: ReadonlySet<string> | undefined,
): GgufHeader {
  let wantedBytes = Math.min(FIRST_READ_BYTES, sizeBytes);
  for (;;) {
    const buffer = new Uint8Array(wantedBytes);
    const read = readSync(handle, buffer, 0, wantedBytes, 0);
    try {
      return parseGgufHeader(
        buffer.subarray(0, read),
        read < wantedBytes ? read : sizeBytes,
        keepWhole === undefined ? {} : { keepWhole },
      );
    } catch (error) {
      if (!(error instanceof GgufNeedsMore)) throw error;
      if (error.neededBytes > MAX_HEADER_BYTES) {
        throw new GgufFault('The header is larger than that of any known model');
      }
      wantedBytes = Math.min(sizeBytes, Math.max(wantedBytes * 2, error.neededBytes));
    }
  }
}
