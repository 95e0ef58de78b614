// A tokenizer.model of SentencePiece: its pieces and how it normalises. Numbers of fields: sentencepiece_model.proto of
// sentencepiece 0.2.3. Knows no files.
import protobuf from 'protobufjs/light.js';
import { ConversionFault } from './tensor-rows.ts';

export type PieceKind = 'normal' | 'unknown' | 'control' | 'user-defined' | 'unused' | 'byte';

export interface SentencePieceModel {
  readonly kind: 'unigram' | 'bpe';
  readonly pieces: readonly { readonly text: string; readonly score: number; readonly kind: PieceKind }[];
  readonly hasBytes: boolean;
  /** Null where the model has none. */
  readonly beginId: number | null;
  readonly endId: number | null;
  /** Empty where text stays as it is. */
  readonly charsmap: Uint8Array;
  readonly prependsSpace: boolean;
  readonly mergesSpaces: boolean;
}

/** More pieces than any published vocabulary has: 262,144 is the largest. */
const MAX_PIECES = 4_194_304;

type FieldLine = readonly [
  name: string,
  number: number,
  type: string,
  rule?: 'repeated' | undefined,
  fallback?: unknown,
];

const messages: Readonly<Record<string, readonly FieldLine[]>> = {
  Piece: [
    ['piece', 1, 'string'],
    ['score', 2, 'float'],
    ['type', 3, 'int32', undefined, 1],
  ],
  Trainer: [
    ['modelType', 3, 'int32', undefined, 1],
    ['spaceAsSuffix', 24, 'bool'],
    ['byteFallback', 35, 'bool'],
    ['beginId', 41, 'int32', undefined, 1],
    ['endId', 42, 'int32', undefined, 2],
  ],
  Normalizer: [
    ['charsmap', 2, 'bytes'],
    ['addDummyPrefix', 3, 'bool', undefined, true],
    ['removeExtraWhitespaces', 4, 'bool', undefined, true],
    ['escapeWhitespaces', 5, 'bool', undefined, true],
  ],
  Model: [
    ['pieces', 1, 'Piece', 'repeated'],
    ['trainer', 2, 'Trainer'],
    ['normalizer', 3, 'Normalizer'],
  ],
};

function modelType(): protobuf.Type {
  const root = new protobuf.Root();
  for (const [name, fields] of Object.entries(messages)) {
    const type = new protobuf.Type(name);
    for (const [field, number, fieldType, rule, fallback] of fields) {
      type.add(
        new protobuf.Field(
          field,
          number,
          fieldType,
          rule,
          undefined,
          fallback === undefined ? {} : { default: fallback },
        ),
      );
    }
    root.add(type);
  }
  return root.lookupType('Model');
}

interface WireModel {
  readonly pieces: readonly { readonly piece: string; readonly score: number; readonly type: number }[];
  readonly trainer?: {
    readonly modelType: number;
    readonly spaceAsSuffix: boolean;
    readonly byteFallback: boolean;
    readonly beginId: number;
    readonly endId: number;
  } | null;
  readonly normalizer?: {
    readonly charsmap: Uint8Array;
    readonly addDummyPrefix: boolean;
    readonly removeExtraWhitespaces: boolean;
    readonly escapeWhitespaces: boolean;
  } | null;
}

const kinds: Readonly<Record<number, PieceKind>> = {
  1: 'normal',
  2: 'unknown',
  3: 'control',
  4: 'user-defined',
  5: 'unused',
  6: 'byte',
};
const modelKinds: Readonly<Record<number, string>> = { 1: 'unigram', 2: 'bpe', 3: 'word', 4: 'char' };

/** Throws ConversionFault for what is no model of SentencePiece, and for kinds that no runtime has. */
export function parseSentencePiece(bytes: Uint8Array): SentencePieceModel {
  const wire = decoded(bytes);
  const { trainer, normalizer } = wire;
  const kind = modelKinds[trainer?.modelType ?? 1];
  if (kind !== 'unigram' && kind !== 'bpe') {
    throw new ConversionFault(
      `tokenizer.model is of the kind ${kind ?? 'unknown'}; unigram and bpe are converted`,
      "Use llama.cpp's own converter for this tokenizer",
    );
  }
  if (normalizer?.escapeWhitespaces === false) {
    throw new ConversionFault(
      'The tokenizer writes spaces as spaces, which no runtime of its kind does',
      'Train it again with escape_whitespaces, or use another runtime',
    );
  }
  if (trainer?.spaceAsSuffix === true) {
    throw new ConversionFault(
      'The tokenizer marks spaces behind words, and a GGUF file can only say that they stand before them',
      'Train it again without treat_whitespace_as_suffix',
    );
  }
  const idOrNull = (id: number | undefined) =>
    id !== undefined && id >= 0 && id < wire.pieces.length ? id : null;
  return {
    kind,
    pieces: wire.pieces.map(({ piece, score, type }) => ({
      text: piece,
      score,
      kind: kinds[type] ?? 'normal',
    })),
    hasBytes: trainer?.byteFallback === true,
    beginId: idOrNull(trainer?.beginId ?? 1),
    endId: idOrNull(trainer?.endId ?? 2),
    charsmap: normalizer?.charsmap ?? new Uint8Array(),
    prependsSpace: normalizer?.addDummyPrefix ?? true,
    mergesSpaces: normalizer?.removeExtraWhitespaces ?? true,
  };
}

let reader: protobuf.Type | null = null;

function decoded(bytes: Uint8Array): WireModel {
  reader ??= modelType();
  let wire: WireModel;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields and their types are those of `messages`
    wire = reader.decode(bytes) as unknown as WireModel;
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
  if (wire.pieces.length === 0) throw damaged('no pieces');
  if (wire.pieces.length > MAX_PIECES) throw damaged(`${wire.pieces.length} pieces`);
  if (wire.pieces.some(({ score }) => !Number.isFinite(score))) throw damaged('a score that is no number');
  return wire;
}

function damaged(detail: string): ConversionFault {
  return new ConversionFault(
    `tokenizer.model is no model of SentencePiece (${detail})`,
    'Copy the file again; a pointer of Git LFS is a few lines of text',
  );
}
