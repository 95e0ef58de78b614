// What a head is trained from: one vector and one label a document, as a safetensors file. Written by whoever embeds, read by
// the trainer. Tensors: `embeddings` F32 [documents, dimensions], `labels` F32 [documents], `documents` U32 [documents] (equal for
// rows of one document: they stay on one side of the hold-out), `languages` U16 [documents] (index into metadata `languages`).
import { z } from 'zod';

/** Thirty-five language names and an identity fit many times over. */
export const MAX_EMBEDDING_SET_HEADER_BYTES = 1_048_576;

export const embeddingSetFacts = z.object({
  /** Whose vectors these are; vectors of different variants never go into one set. */
  embedder: z.object({
    id: z.string(),
    variant: z.string(),
    dimensions: z.number().int().min(1),
    sha256: z.string().nullable(),
  }),
  languages: z.array(z.string()).max(65_535),
  documents: z.number().int().min(0),
  source: z.string(),
  labelColumn: z.string(),
});
export type EmbeddingSetFacts = z.infer<typeof embeddingSetFacts>;

/** Byte ranges of the four tensors, counted from the start of the file */
export interface EmbeddingSetLayout {
  readonly facts: EmbeddingSetFacts;
  readonly labels: { readonly offset: number; readonly sizeBytes: number };
  readonly documents: { readonly offset: number; readonly sizeBytes: number };
  readonly languages: { readonly offset: number; readonly sizeBytes: number };
  readonly embeddings: { readonly offset: number; readonly sizeBytes: number };
}

const METADATA_KEY = 'nesso_embedding_set';

/** Name, type, shape and bytes of the tensors in the order of the file: every tensor starts at a multiple of its element size. */
function sizesOf(
  facts: EmbeddingSetFacts,
): readonly (readonly [string, string, readonly number[], number])[] {
  const { documents, embedder } = facts;
  return [
    ['labels', 'F32', [documents], documents * 4],
    ['documents', 'U32', [documents], documents * 4],
    ['embeddings', 'F32', [documents, embedder.dimensions], documents * embedder.dimensions * 4],
    ['languages', 'U16', [documents], documents * 2],
  ];
}

/** The first bytes of the file: u64 header length, JSON padded with spaces to 8 bytes. */
export function encodeEmbeddingSetHeader(facts: EmbeddingSetFacts): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: { [METADATA_KEY]: JSON.stringify(facts) } };
  let offset = 0;
  for (const [name, dtype, shape, sizeBytes] of sizesOf(facts)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + sizeBytes] };
    offset += sizeBytes;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(8 + padded).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.set(text, 8);
  return bytes;
}

/** Where the tensors lie in a file that starts with `header` (what `encodeEmbeddingSetHeader` gives). Throws RangeError. */
export function readEmbeddingSetHeader(header: Uint8Array): EmbeddingSetLayout {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const length = header.length < 8 ? 0 : Number(view.getBigUint64(0, true));
  if (length < 2 || length > MAX_EMBEDDING_SET_HEADER_BYTES || header.length < 8 + length) {
    throw new RangeError('its header is cut off or has an impossible length');
  }
  const facts = factsOf(new TextDecoder().decode(header.subarray(8, 8 + length)));
  const start = 8 + length;
  const ranges = new Map<string, { offset: number; sizeBytes: number }>();
  let offset = start;
  for (const [name, , , sizeBytes] of sizesOf(facts)) {
    ranges.set(name, { offset, sizeBytes });
    offset += sizeBytes;
  }
  const range = (name: string): { offset: number; sizeBytes: number } =>
    ranges.get(name) ?? { offset, sizeBytes: 0 };
  return {
    facts,
    labels: range('labels'),
    documents: range('documents'),
    languages: range('languages'),
    embeddings: range('embeddings'),
  };
}

function factsOf(text: string): EmbeddingSetFacts {
  try {
    const header = z.looseObject({ __metadata__: z.record(z.string(), z.string()) }).parse(JSON.parse(text));
    return embeddingSetFacts.parse(JSON.parse(header.__metadata__[METADATA_KEY] ?? ''));
  } catch (error) {
    throw new RangeError('it is not an embedding set of the studio', { cause: error });
  }
}
