// The keys of a GGUF file that describe the model itself. Names: llama.cpp's gguf-py/gguf/constants.py.
import { type GgufHeader, textOf } from '../gguf/header.ts';
import type { GgufEntry } from '../gguf/write-header.ts';
import type { ModelConfig } from './model-config.ts';
import { ConversionFault } from './tensor-rows.ts';

/** Weight types whose bytes are written here. */
export const ownTypes = ['f32', 'f16', 'bf16', 'q8_0', 'q4_0'] as const;
export type OwnType = (typeof ownTypes)[number];
/** Types the runtime's own quantizer writes. */
export const runtimeTypes = ['q6_k', 'q5_k_m', 'q4_k_m', 'iq4_nl', 'q3_k_m'] as const;
export type RuntimeType = (typeof runtimeTypes)[number];
/** Every type a GGUF file can be converted to. */
export const weightTypes = [...ownTypes, ...runtimeTypes] as const;
export type WeightType = (typeof weightTypes)[number];

export function isRuntimeType(type: WeightType): type is RuntimeType {
  return runtimeTypes.some((one) => one === type);
}

/** llama.cpp's general.file_type. */
const fileTypes: Readonly<Record<OwnType, number>> = { f32: 0, f16: 1, q4_0: 2, q8_0: 7, bf16: 32 };
const QUANTIZATION_VERSION = 2;

/** 64 hexadecimal digits that are filled in once the weights have been read. */
export const HASH_KEY = 'nesso.source.sha256';
export const HASH_LENGTH = 64;

/** The hash a file says its weights had; null where it does not, or a conversion broke off before it knew. */
export function sourceHashOf(header: GgufHeader): string | null {
  const text = textOf(header, HASH_KEY);
  return text !== null && /^[0-9a-f]{64}$/.test(text) && /[1-9a-f]/.test(text) ? text : null;
}

/** `parameters` counts each weight once. */
export function modelMetadata(
  config: ModelConfig,
  about: { readonly name: string; readonly type: OwnType; readonly parameters: number },
): Map<string, GgufEntry> {
  const { architecture } = config;
  const number = (value: number): GgufEntry => ({ type: 'uint32', value });
  const fraction = (value: number): GgufEntry => ({ type: 'float32', value });
  const text = (value: string): GgufEntry => ({ type: 'string', value });
  return new Map<string, GgufEntry>([
    ['general.architecture', text(architecture)],
    ['general.type', text('model')],
    ['general.name', text(about.name)],
    ['general.size_label', text(sizeLabel(about.parameters))],
    ['general.file_type', number(fileTypes[about.type])],
    ['general.quantization_version', number(QUANTIZATION_VERSION)],
    [HASH_KEY, text('0'.repeat(HASH_LENGTH))],
    [`${architecture}.block_count`, number(config.layers)],
    [`${architecture}.context_length`, number(config.contextLength)],
    [`${architecture}.embedding_length`, number(config.hiddenSize)],
    [`${architecture}.feed_forward_length`, number(config.intermediateSize)],
    [`${architecture}.attention.head_count`, number(config.heads)],
    [`${architecture}.attention.head_count_kv`, number(config.keyValueHeads)],
    [`${architecture}.attention.key_length`, number(config.headSize)],
    [`${architecture}.attention.value_length`, number(config.headSize)],
    [`${architecture}.attention.layer_norm_rms_epsilon`, fraction(config.normEpsilon)],
    [`${architecture}.rope.freq_base`, fraction(config.ropeBase)],
    [`${architecture}.rope.dimension_count`, number(config.headSize)],
    [`${architecture}.vocab_size`, number(config.vocabularySize)],
    ...scaling(config),
  ]);
}

function scaling({ architecture, ropeScaling }: ModelConfig): readonly (readonly [string, GgufEntry])[] {
  if (ropeScaling.kind === 'none' || ropeScaling.kind === 'llama3') return [];
  const prefix = `${architecture}.rope.scaling`;
  return [
    [`${prefix}.type`, { type: 'string', value: ropeScaling.kind }],
    [`${prefix}.factor`, { type: 'float32', value: ropeScaling.factor }],
    ...(ropeScaling.kind === 'yarn'
      ? [
          [
            `${prefix}.original_context_length`,
            { type: 'uint32', value: ropeScaling.originalContext },
          ] as const,
          ...(ropeScaling.attentionFactor === null
            ? []
            : [
                [
                  `${prefix}.attn_factor`,
                  {
                    type: 'float32',
                    // The runtime multiplies it with the one that follows from the factor.
                    value: ropeScaling.attentionFactor / defaultYarnScale(ropeScaling.factor),
                  },
                ] as const,
              ]),
        ]
      : []),
  ];
}

/**
 * What each rotary frequency is divided by in Llama 3's scaling, [headSize / 2]; null without it. Slow frequencies are
 * stretched by the factor, fast ones kept, those between blended: transformers' `_compute_llama3_parameters`.
 */
export function ropeFactors(config: ModelConfig): Float32Array | null {
  const scale = config.ropeScaling;
  if (scale.kind !== 'llama3') return null;
  if (scale.highFrequencyFactor <= scale.lowFrequencyFactor) {
    throw new ConversionFault('The rope scaling has no band between its frequencies', 'Repair the config');
  }
  return Float32Array.from({ length: config.headSize / 2 }, (_, index) => {
    const wavelength = 2 * Math.PI * config.ropeBase ** ((2 * index) / config.headSize);
    if (wavelength < scale.originalContext / scale.highFrequencyFactor) return 1;
    if (wavelength > scale.originalContext / scale.lowFrequencyFactor) return scale.factor;
    const smooth =
      (scale.originalContext / wavelength - scale.lowFrequencyFactor) /
      (scale.highFrequencyFactor - scale.lowFrequencyFactor);
    return 1 / ((1 - smooth) / scale.factor + smooth);
  });
}

/** What YaRN multiplies rotations by unless its config says otherwise. */
export function defaultYarnScale(factor: number): number {
  return factor <= 1 ? 1 : 0.1 * Math.log(factor) + 1;
}

/** `438M`, `1.2B`: as published models are labelled. */
function sizeLabel(parameters: number): string {
  for (const [unit, letter] of [
    [1e9, 'B'],
    [1e6, 'M'],
  ] as const) {
    if (parameters >= unit) {
      const value = parameters / unit;
      return `${value >= 10 ? Math.round(value) : Number(value.toFixed(1))}${letter}`;
    }
  }
  return `${Math.round(parameters / 1e3)}K`;
}
