// Tokens by id, each with its text and what it is to the runtime (llama.cpp's numbers of token types).

export const tokenKinds = {
  normal: 1,
  unknown: 2,
  control: 3,
  userDefined: 4,
  unused: 5,
  byte: 6,
} as const;

export interface Token {
  readonly text: string;
  readonly kind: number;
}
