// Heads as files: safetensors or PyTorch checkpoints, read within limits and hashed; refusals in words with the file's name.
import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { StudioError } from '../../api/errors.ts';
import {
  BUILTIN_EMBEDDER_ID,
  type EmbedderIdentity,
  MAX_BUILTIN_DIMENSIONS,
} from '../../lib/jql/builtin-embedder.ts';
import { NGRAM_FEATURES_VERSION } from '../../lib/jql/hashed-ngrams.ts';
import { readHeadCheckpoint } from '../../lib/jql/head-checkpoint/read-head-checkpoint.ts';
import { CheckpointRefusal } from '../../lib/jql/head-checkpoint/refusal.ts';
import { decodeHeadFile, type HeadFile } from '../../lib/jql/head-file.ts';
import type { Head } from '../../lib/jql/head.ts';
import { MAX_HEADS } from '../../lib/quality/recipe.ts';
import { readChosenFile } from '../files/read-chosen.ts';

/** The largest head is 128 MB at float32; a checkpoint of one with both optimiser moments is three times that. */
const MAX_HEAD_FILE_BYTES = 536_870_912;

/** What a person asked for: a file, and the name its column gets. */
export interface HeadRequest {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

export interface LoadedHead {
  readonly name: string;
  readonly file: string;
  readonly sha256: string;
  readonly head: Head;
  /** What the file says about itself; PyTorch checkpoints say nothing. */
  readonly metadata: HeadFile['metadata'];
}

/** All heads, over one embedder. Throws INVALID_INPUT, CORRUPT_FILE, TOO_LARGE, or errno errors. */
export async function loadHeads(requests: readonly HeadRequest[]): Promise<readonly LoadedHead[]> {
  if (requests.length === 0 || requests.length > MAX_HEADS) {
    throw new StudioError(
      'INVALID_INPUT',
      `${requests.length} heads were named, 1 to ${MAX_HEADS} are scored at once`,
      {
        hint: 'Name fewer heads, and score the result with the rest',
      },
    );
  }
  const loaded: LoadedHead[] = [];
  for (const request of requests) {
    const twin = loaded.find(({ name }) => name.toLowerCase() === request.name.toLowerCase());
    if (twin) {
      throw new StudioError('INVALID_INPUT', `Two heads are called ${request.name}`, {
        hint: 'Give each a name of its own: NAME=FILE',
        path: request.path,
      });
    }
    loaded.push(await loadHead(request));
  }
  const [first] = loaded;
  const other = loaded.find(({ head }) => head.inputs !== first?.head.inputs);
  if (first && other) {
    throw new StudioError(
      'INVALID_INPUT',
      `${first.file} takes ${first.head.inputs} values a document and ${other.file} ${other.head.inputs}`,
      { hint: 'Heads of different embedders are scored in runs of their own' },
    );
  }
  return loaded;
}

export async function loadHead({ name, path }: HeadRequest): Promise<LoadedHead> {
  const file = basename(path);
  const bytes = await readChosenFile(path, {
    limitBytes: MAX_HEAD_FILE_BYTES,
    what: 'a regression head',
    hint: 'Choose the file of a regression head, not of an embedding or language model',
  });
  const { head, metadata } = decode(bytes, path);
  return { name, file, sha256: createHash('sha256').update(bytes).digest('hex'), head, metadata };
}

function decode(bytes: Uint8Array, path: string): HeadFile {
  const file = basename(path);
  try {
    return extname(path).toLowerCase() === '.safetensors'
      ? decodeHeadFile(bytes)
      : { head: readHeadCheckpoint(bytes), metadata: {} };
  } catch (error) {
    const hint = 'Choose a head as .safetensors, or a .ckpt as PyTorch Lightning writes it';
    if (error instanceof CheckpointRefusal) {
      throw new StudioError(error.code, `${file} ${error.message}`, { hint, path, cause: error });
    }
    if (!(error instanceof RangeError)) throw error;
    throw new StudioError('CORRUPT_FILE', `${file} cannot be read as a head: ${error.message}`, {
      hint,
      path,
      cause: error,
    });
  }
}

/**
 * Throws INVALID_INPUT when a head takes vectors of another width, or says that it was trained over another embedder. Returns what
 * a person should know about the scores.
 */
export function requireEmbedder(heads: readonly LoadedHead[], embedder: EmbedderIdentity): readonly string[] {
  return heads.flatMap(({ file, head, metadata }) => {
    const hint = 'Choose the embedder the head was trained over, or train the head again over this one';
    const { features, features_version: version, embedder_id: id = features } = metadata;
    const own =
      embedder.id === BUILTIN_EMBEDDER_ID ? `${embedder.id} ${NGRAM_FEATURES_VERSION}` : embedder.id;
    const theirs = `${id ?? ''} ${version ?? ''}`.trim();
    if (head.inputs !== embedder.dimensions) {
      throw new StudioError(
        'INVALID_INPUT',
        `${file} takes ${head.inputs} values a document and ${embedder.id} makes ${embedder.dimensions}`,
        { hint },
      );
    }
    if (id === undefined) {
      const over = embedder.sha256 === null ? 'the built-in hashed n-grams' : `vectors of ${embedder.id}`;
      return [
        `${file} does not say which embedder it was trained over: its scores mean something only over ${over}`,
      ];
    }
    // The same weights under another name are the same embedder.
    const sameWeights = embedder.sha256 !== null && metadata['embedder_sha256'] === embedder.sha256;
    const differs = embedder.sha256 === null ? theirs !== own : id !== embedder.id && !sameWeights;
    if (differs) {
      throw new StudioError('INVALID_INPUT', `${file} was trained over ${theirs}, and this is ${own}`, {
        hint,
      });
    }
    const variant = metadata['embedder_variant'];
    if (variant === undefined || variant === embedder.variant) return [];
    return [
      `${file} was trained over ${variant}, these vectors are ${embedder.variant}: compare these scores with none of the other variant`,
    ];
  });
}

/** How wide the built-in embedder must be for these heads. Throws INVALID_INPUT when it cannot be. */
export function builtinWidth(heads: readonly LoadedHead[]): number {
  const [first] = heads;
  const width = first?.head.inputs ?? 1;
  if (width <= MAX_BUILTIN_DIMENSIONS) return width;
  throw new StudioError('INVALID_INPUT', `${first?.file ?? 'The head'} takes ${width} values a document`, {
    hint: `The built-in embedder makes at most ${MAX_BUILTIN_DIMENSIONS}: choose the embedder the head was trained over`,
  });
}
