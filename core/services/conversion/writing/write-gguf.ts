// Writes a model as one GGUF file: header, then each tensor in the type it is stored in, piece by piece.
import { storedType } from '../../../lib/conversion/encode-rows.ts';
import { HASH_KEY, modelMetadata, ropeFactors, type OwnType } from '../../../lib/conversion/gguf-metadata.ts';
import { toNeighbours } from '../../../lib/conversion/row-order.ts';
import type { TokenizerMetadata } from '../../../lib/conversion/tokenizer-metadata.ts';
import type { PlannedTensor } from '../../../lib/conversion/weight-plan.ts';
import { bytesOf, columnsOf, ConversionFault, rowsOf } from '../../../lib/conversion/tensor-rows.ts';
import { ggufHeader, type GgufTensorEntry } from '../../../lib/gguf/write-header.ts';
import { type CheckedWeights, sizeOfWeights } from '../sources/check-weights.ts';
import { brokenWarnings, nameTensor, piecesOf, seeValues, type SeenWeights } from './copy-rows.ts';
import { kernels } from '../kernels/kernels.ts';
import { OutputFile } from './output-file.ts';
import { streamHash } from './side-hash.ts';
import type { WeightFolder } from '../sources/weight-folder.ts';

export interface WrittenModel {
  readonly sizeBytes: number;
  readonly tensors: number;
  readonly sourceSha256: string;
  readonly warnings: readonly string[];
}

export interface GgufRequest {
  readonly weights: WeightFolder;
  readonly checked: CheckedWeights;
  readonly tokenizer: TokenizerMetadata;
  readonly name: string;
  readonly type: OwnType;
  /** Absolute; taken over when it exists. */
  readonly output: string;
  /** Called between pieces with the share that is written, 0 to 1. Throws to stop. */
  readonly progress: (share: number) => void | Promise<void>;
}

const ROPE_FACTORS = 'rope_freqs.weight';

/** Throws what reading and writing throw; nothing is left behind then. */
export async function writeGguf(request: GgufRequest): Promise<WrittenModel> {
  const { weights, checked, type } = request;
  const metadata = modelMetadata(weights.config, {
    name: request.name,
    type,
    parameters: checked.parameters,
  });
  for (const [key, entry] of request.tokenizer.entries) metadata.set(key, entry);
  const factors = ropeFactors(weights.config);
  const entries: GgufTensorEntry[] = [
    ...checked.tensors.map((tensor) => ({
      name: tensor.gguf,
      shape: [...tensor.shape].reverse(),
      type: storedType(tensor, type),
    })),
    ...(factors ? [{ name: ROPE_FACTORS, shape: [factors.length], type: 'F32' }] : []),
  ];
  const header = ggufHeader(metadata, entries);
  using hash = streamHash(sizeOfWeights(weights, checked));
  const seen: SeenWeights = { hash, broken: new Map() };
  using output = new OutputFile(request.output, header.fileSizeBytes);
  output.append(header.bytes);
  for (const [index, planned] of checked.tensors.entries()) {
    output.padTo(header.starts[index] ?? 0);
    await copyTensor(planned, { request, output, seen, sizeBytes: header.fileSizeBytes });
  }
  if (factors) {
    output.padTo(header.starts.at(-1) ?? 0);
    output.append(new Uint8Array(factors.buffer));
  }
  output.padTo(header.fileSizeBytes);
  weights.requireUnchanged();
  const sourceSha256 = seen.hash.digest();
  output.patch(header.textStarts.get(HASH_KEY) ?? 0, new TextEncoder().encode(sourceSha256));
  output.finish();
  return {
    sizeBytes: header.fileSizeBytes,
    tensors: entries.length,
    sourceSha256,
    warnings: [...checked.warnings, ...request.tokenizer.warnings, ...brokenWarnings(seen.broken)],
  };
}

async function copyTensor(
  planned: PlannedTensor,
  to: {
    readonly request: GgufRequest;
    readonly output: OutputFile;
    readonly seen: SeenWeights;
    readonly sizeBytes: number;
  },
): Promise<void> {
  const source = to.request.weights.find(planned.name);
  if (!source) throw new ConversionFault(`${planned.name} is gone`, 'Convert the folder again');
  const stored = storedType(planned, to.request.type);
  const rowsPerHead = planned.rotatedHeads === null ? 1 : rowsOf(source) / planned.rotatedHeads;
  const rowBytes = columnsOf(source) * bytesOf(source.type);
  nameTensor(to.seen, source);
  for (const bytes of piecesOf(source, { together: rowsPerHead })) {
    seeValues(to.seen, source, bytes);
    const rows = planned.rotatedHeads === null ? bytes : toNeighbours(bytes, { rowsPerHead, rowBytes });
    to.output.append(kernels().encode(rows, source.type, stored));
    await to.request.progress(to.output.position / to.sizeBytes);
  }
}
