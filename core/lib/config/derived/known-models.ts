// Parameter counts and context lengths of models that configs refer to by name.
// Knows nothing beyond this small table; an unknown name is not an error.

export interface KnownModel {
  readonly name: string;
  readonly parameters: number;
  readonly contextTokens: number;
}

const KNOWN_MODELS: readonly (KnownModel & { readonly pattern: RegExp })[] = [
  {
    pattern: /zagreus-(0\.4b|350m)|nesso-(0\.4b|350m)/i,
    name: 'Zagreus 0.4B',
    parameters: 437_760_960,
    contextTokens: 4096,
  },
  { pattern: /smollm2-135m/i, name: 'SmolLM2 135M', parameters: 134_515_008, contextTokens: 8192 },
  { pattern: /smollm2-360m/i, name: 'SmolLM2 360M', parameters: 361_821_120, contextTokens: 8192 },
  { pattern: /smollm2-1\.7b/i, name: 'SmolLM2 1.7B', parameters: 1_711_376_384, contextTokens: 8192 },
  { pattern: /smollm3-3b/i, name: 'SmolLM3 3B', parameters: 3_075_098_624, contextTokens: 65_536 },
  { pattern: /llama-3\.2-1b/i, name: 'Llama 3.2 1B', parameters: 1_235_814_400, contextTokens: 131_072 },
  { pattern: /llama-3\.2-3b/i, name: 'Llama 3.2 3B', parameters: 3_212_749_824, contextTokens: 131_072 },
  { pattern: /llama-3\.1-8b/i, name: 'Llama 3.1 8B', parameters: 8_030_261_248, contextTokens: 131_072 },
];

/** The model a name or path speaks of, by what it contains; null when the table has none. */
export function findKnownModel(nameOrPath: string): KnownModel | null {
  return KNOWN_MODELS.find((model) => model.pattern.test(nameOrPath)) ?? null;
}
