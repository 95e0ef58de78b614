// A tokenizer as the studio uses one: text to ids and back, by a Hugging Face tokenizer.json. Knows nothing about files.
import { type ModelKind, modelKind, parseDefinition } from './definition.ts';
import { makePipeline, type Pipeline } from './pipeline.ts';

export interface TextTokenizer {
  readonly kind: ModelKind;
  /** Added tokens included. */
  readonly vocabularySize: number;
  /** Added tokens that stand for no text of their own, by id. */
  readonly specialTokens: readonly { readonly id: number; readonly token: string }[];
  /** `special` adds what the post-processor adds (`<s> … </s>`). Truncation and padding in the file are ignored. */
  encode(text: string, options?: { readonly special?: boolean }): Uint32Array;
  /** The text the ids stand for, special tokens included, spaces as they are. Unknown ids stand for nothing. */
  decode(ids: Uint32Array | readonly number[]): string;
  /** Null for an id outside of the vocabulary. */
  tokenOf(id: number): string | null;
  /** The stages, for those who follow where each token comes from. */
  readonly pipeline: Pipeline;
}

/**
 * From the parsed contents of tokenizer.json and of tokenizer_config.json (`{}` where there is none). Throws whatever the
 * library throws for a definition it cannot read. Ids equal those of the Python library (test/fixtures/tokenizers).
 */
export function makeTokenizer(definition: object, config: object): TextTokenizer {
  const parsed = parseDefinition(definition);
  const pipeline = makePipeline(parsed, config);
  const { library, rawTokens, prefix, suffix } = pipeline;
  return {
    kind: modelKind(parsed),
    vocabularySize: library.get_vocab(true).size,
    specialTokens: (parsed.added_tokens ?? [])
      .filter(({ special }) => special === true)
      .map(({ id, content }) => ({ id, token: content })),
    encode(text, options) {
      const ids: number[] = options?.special === true ? [...prefix] : [];
      for (const { start, end, id } of rawTokens.find(text)) {
        if (id === null) pipeline.sectionIds(text.slice(start, end), start === 0, ids);
        else ids.push(id);
      }
      if (options?.special === true) ids.push(...suffix);
      return Uint32Array.from(ids);
    },
    decode(ids) {
      const known = Array.from(ids).filter((id) => library.id_to_token(id) !== undefined);
      // The library refuses to decode nothing.
      if (known.length === 0) return '';
      return library.decode(known, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
    },
    tokenOf: (id) => library.id_to_token(id) ?? null,
    pipeline,
  };
}
