// Vocabulary sizes (len(tokenizer)) of tokenizers that configs refer to by name.
// Knows nothing beyond this small table; an unknown name is not an error.

const KNOWN_TOKENIZERS: readonly { readonly pattern: RegExp; readonly vocabularySize: number }[] = [
  { pattern: /llama-3(\.\d)?-/i, vocabularySize: 128_256 },
  { pattern: /llama-2-/i, vocabularySize: 32_000 },
  { pattern: /smollm3/i, vocabularySize: 128_256 },
  { pattern: /smollm2-|smollm-|cosmo2-tokenizer/i, vocabularySize: 49_152 },
  { pattern: /(^|\/)gpt2$/i, vocabularySize: 50_257 },
];

/** How many token ids the named tokenizer has, added tokens included; null when the table has no such name. */
export function knownVocabularySize(tokenizer: string): number | null {
  return KNOWN_TOKENIZERS.find((known) => known.pattern.test(tokenizer))?.vocabularySize ?? null;
}
