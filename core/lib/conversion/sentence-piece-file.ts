// A SentencePiece model in the words of tokenizer.json, so that whatever knows those knows both: the same normalisation, the
// same pieces, merges in the order of their scores (transformers 4.57, convert_slow_tokenizer.py, for how that is done).
import type { SentencePieceModel } from './sentence-piece.ts';

export interface AddedByHand {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

const MARK = '▁';

/** `added` are tokens that stand beside the model, in tokenizer_config.json; `begins` puts the begin token first. */
export function tokenizerFileOf(
  model: SentencePieceModel,
  { added, begins }: { readonly added: readonly AddedByHand[]; readonly begins: boolean },
): Readonly<Record<string, unknown>> {
  const { pieces, kind } = model;
  const unknown = pieces.findIndex((piece) => piece.kind === 'unknown');
  const own = pieces.flatMap(({ text, kind: of }, id): AddedByHand[] =>
    of === 'control' || of === 'unknown' || of === 'user-defined'
      ? [{ id, content: text, special: of !== 'user-defined' }]
      : [],
  );
  const byId = new Map([...own, ...added].map((token) => [token.id, token]));
  const begin = begins && model.beginId !== null ? (pieces[model.beginId]?.text ?? null) : null;
  return {
    version: '1.0',
    made_from: 'tokenizer.model',
    added_tokens: [...byId.values()]
      .sort((a, b) => a.id - b.id)
      .map((token) => ({ ...token, single_word: false, lstrip: false, rstrip: false, normalized: false })),
    normalizer: { type: 'Sequence', normalizers: normalizersOf(model) },
    pre_tokenizer: null,
    post_processor:
      begin === null
        ? null
        : {
            type: 'TemplateProcessing',
            single: [{ SpecialToken: { id: begin, type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
            pair: [],
            special_tokens: { [begin]: { id: begin, ids: [model.beginId], tokens: [begin] } },
          },
    decoder: decoderOf(model),
    model:
      kind === 'unigram'
        ? {
            type: 'Unigram',
            unk_id: unknown < 0 ? null : unknown,
            vocab: pieces.map(({ text, score }) => [text, score]),
            byte_fallback: model.hasBytes,
          }
        : {
            type: 'BPE',
            unk_token: pieces[unknown]?.text ?? null,
            fuse_unk: true,
            byte_fallback: model.hasBytes,
            vocab: Object.fromEntries(pieces.map(({ text }, id) => [text, id])),
            merges: mergesOf(model),
          },
  };
}

function normalizersOf({ charsmap, mergesSpaces, prependsSpace }: SentencePieceModel) {
  return [
    ...(charsmap.length > 0 ? [{ type: 'Precompiled', precompiled_charsmap: base64(charsmap) }] : []),
    ...(mergesSpaces
      ? [
          { type: 'Strip', strip_left: true, strip_right: true },
          { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
        ]
      : []),
    ...(prependsSpace ? [{ type: 'Prepend', prepend: MARK }] : []),
    { type: 'Replace', pattern: { String: ' ' }, content: MARK },
  ];
}

function decoderOf({ hasBytes, prependsSpace }: SentencePieceModel) {
  return {
    type: 'Sequence',
    decoders: [
      { type: 'Replace', pattern: { String: MARK }, content: ' ' },
      ...(hasBytes ? [{ type: 'ByteFallback' }] : []),
      { type: 'Fuse' },
      ...(prependsSpace ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
    ],
  };
}

/** Every way to make a piece of two others, the piece with the highest score first. */
function mergesOf({ pieces }: SentencePieceModel): readonly (readonly [string, string])[] {
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const ranked = pieces
    .filter(({ kind }) => kind === 'normal' || kind === 'user-defined')
    .sort((a, b) => b.score - a.score);
  return ranked.flatMap(({ text }) => {
    const characters = Array.from(text);
    return characters
      .slice(1)
      .map((_, index): [string, string] => [
        characters.slice(0, index + 1).join(''),
        characters.slice(index + 1).join(''),
      ])
      .filter(([left, right]) => ids.has(left) && ids.has(right))
      .sort(([a], [b]) => (ids.get(a) ?? 0) - (ids.get(b) ?? 0));
  });
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
