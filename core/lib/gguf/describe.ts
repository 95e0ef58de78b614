// What a header says about its model, in the words of the window: parameters, quantization, context.
// Pure; knows nothing of files.
import { type GgufHeader, type GgufValue, numberOf, textOf } from './header.ts';

export interface GgufDescription {
  readonly architecture: string;
  readonly parameters: number;
  readonly quantization: string;
  /** Tokens. */
  readonly contextLength: number;
  readonly chatTemplate: string | null;
}

/** llama.cpp's general.file_type, for the mixtures that no single tensor type names. */
const fileTypes: Readonly<Record<number, string>> = {
  0: 'F32',
  1: 'F16',
  2: 'Q4_0',
  3: 'Q4_1',
  7: 'Q8_0',
  8: 'Q5_0',
  9: 'Q5_1',
  10: 'Q2_K',
  11: 'Q3_K_S',
  12: 'Q3_K_M',
  13: 'Q3_K_L',
  14: 'Q4_K_S',
  15: 'Q4_K_M',
  16: 'Q5_K_S',
  17: 'Q5_K_M',
  18: 'Q6_K',
  25: 'IQ4_NL',
  30: 'IQ4_XS',
  32: 'BF16',
};

const MAX_TEXT_CHARACTERS = 2000;

export function describeGguf(header: GgufHeader): GgufDescription {
  const architecture = textOf(header, 'general.architecture') ?? '';
  return {
    architecture,
    parameters: header.tensors.reduce((sum, tensor) => sum + tensor.shape.reduce((a, b) => a * b, 1), 0),
    quantization: fileTypes[numberOf(header, 'general.file_type') ?? -1] ?? mainType(header),
    contextLength: numberOf(header, `${architecture}.context_length`) ?? 0,
    chatTemplate: textOf(header, 'tokenizer.chat_template'),
  };
}

/** The tensor type that fills most of the file. */
function mainType(header: GgufHeader): string {
  const bytes = new Map<string, number>();
  for (const tensor of header.tensors)
    bytes.set(tensor.type, (bytes.get(tensor.type) ?? 0) + tensor.sizeBytes);
  return [...bytes].sort((left, right) => right[1] - left[1])[0]?.[0] ?? '';
}

/** Fractions are mostly 32-bit in the file: seven digits are what it holds (1e-5, not 0.000009999999747378752). */
function formatNumber(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(7)));
}

/** A metadata value as one line of text; long ones are cut and say so. */
export function formatGgufValue(value: GgufValue): string {
  if (value.kind === 'list') {
    const first = value.first.map((item) => (typeof item === 'string' ? JSON.stringify(item) : String(item)));
    const rest = value.length > value.first.length ? ', …' : '';
    return `${value.length} values: ${first.join(', ')}${rest}`;
  }
  const text = value.kind === 'number' ? formatNumber(value.value) : String(value.value);
  return text.length > MAX_TEXT_CHARACTERS ? `${text.slice(0, MAX_TEXT_CHARACTERS)}…` : text;
}
