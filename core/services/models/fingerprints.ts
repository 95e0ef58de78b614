// What tells two models apart, or says that they are the same in something: weights, vocabulary, chat template, each as a hash.
// Results that are kept for a model are kept under its key. Reads headers only.
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { ModelFingerprint } from '../../api/models.ts';
import { sourceHashOf } from '../../lib/conversion/gguf-metadata.ts';
import { describeGguf } from '../../lib/gguf/describe.ts';
import { textOf } from '../../lib/gguf/header.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { readModelFile } from './read-header.ts';

const KEY_DIGITS = 16;
const VOCABULARY_KEY = 'tokenizer.ggml.tokens';
/** GGUF's numbers of value types. */
const ARRAY = 9;
const STRING = 8;

export interface Fingerprints {
  /** `path` is absolute. CORRUPT_FILE, NOT_FOUND, errno errors. */
  of(path: string): Promise<ModelFingerprint>;
}

/** An unchanged file (by size and time) is read once. */
export function createFingerprints(): Fingerprints {
  const known = new Map<string, { readonly stamp: string; readonly found: ModelFingerprint }>();
  return {
    async of(path) {
      const { size, mtimeMs } = await stat(path);
      const stamp = `${size}:${mtimeMs}`;
      const cached = known.get(path);
      if (cached?.stamp === stamp) return cached.found;
      const found = await fingerprint(path);
      known.set(path, { stamp, found });
      return found;
    },
  };
}

async function fingerprint(path: string): Promise<ModelFingerprint> {
  const { header, sizeBytes, stamp } = await readModelFile(path);
  const { quantization, chatTemplate } = describeGguf(header);
  const weightsSha256 = sourceHashOf(header);
  const type = quantization.toLowerCase().replaceAll(/[^a-z0-9_]/g, '');
  return {
    // Equal weights of one type are the same model, wherever the file lies; else the file itself is all there is to go by.
    modelKey:
      weightsSha256 === null
        ? sha256(`${path}\n${stamp}`).slice(0, KEY_DIGITS)
        : `${weightsSha256.slice(0, KEY_DIGITS)}-${type}`,
    name: textOf(header, 'general.name'),
    weightsSha256,
    quantization,
    sizeBytes,
    vocabularySha256: await vocabularyHash(path, header.dataStartBytes),
    templateSha256: chatTemplate === null || chatTemplate === '' ? null : sha256(chatTemplate),
  };
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

/**
 * Over the pieces in the order of their ids, as bytes: equal hashes mean that an id is the same piece in both models. Null for a
 * header without a vocabulary. The header was checked before; what does not fit it counts as none.
 */
async function vocabularyHash(path: string, headerBytes: number): Promise<string | null> {
  await using file = await openRegularFile(path, 'Choose a GGUF file');
  const { buffer, bytesRead } = await file.handle.read({ buffer: Buffer.alloc(headerBytes), position: 0 });
  const bytes = buffer.subarray(0, bytesRead);
  const key = bytes.indexOf(VOCABULARY_KEY);
  const start = key + VOCABULARY_KEY.length;
  if (key < 0 || start + 16 > bytes.length) return null;
  if (bytes.readUInt32LE(start) !== ARRAY || bytes.readUInt32LE(start + 4) !== STRING) return null;
  const count = Number(bytes.readBigUInt64LE(start + 8));
  let at = start + 16;
  for (let index = 0; index < count; index += 1) {
    if (at + 8 > bytes.length) return null;
    at += 8 + Number(bytes.readBigUInt64LE(at));
  }
  return at > bytes.length ? null : sha256(bytes.subarray(start + 8, at));
}
