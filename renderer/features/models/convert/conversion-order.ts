// What a person may order of a conversion: types with what they cost, names and places that suggest themselves.
import { type WeightType, weightTypes } from '../../../../core/lib/conversion/gguf-metadata.ts';
import { shownModelName } from '../model-name.ts';

export interface TypeChoice {
  readonly id: WeightType;
  readonly title: string;
  readonly about: string;
  /** Mean bits a weight takes, scales included. */
  readonly bits: number;
}

const about: Readonly<Record<WeightType, readonly [number, string]>> = {
  f32: [32, 'Everything the weights say, and more room than they need'],
  f16: [16, 'The usual whole precision of the runtime'],
  bf16: [16, 'As weights are trained; slower than F16 on most processors'],
  q8_0: [8.5, 'Hardly any loss'],
  q4_0: [4.5, 'Four bits, the simplest kind'],
  q6_k: [6.56, 'Very little loss'],
  q5_k_m: [5.7, 'Little loss'],
  q4_k_m: [4.85, 'What most people run: small, with an acceptable loss'],
  iq4_nl: [4.5, 'Four bits of uneven steps, also for rows of 32 values'],
  q3_k_m: [3.9, 'Small; the loss shows'],
};

export const typeChoices: readonly TypeChoice[] = [...weightTypes]
  .sort((a, b) => about[b][0] - about[a][0])
  .map((id) => ({ id, title: id.toUpperCase(), about: about[id][1], bits: about[id][0] }));

/** Bytes a model of so many parameters takes, without its header. */
export function expectedBytes(parameters: number, { bits }: TypeChoice): number {
  return (parameters * bits) / 8;
}

export type OutputFormat = 'gguf' | 'huggingface';
/** Types a Hugging Face folder is written in. */
export const folderTypes: readonly WeightType[] = ['bf16', 'f16', 'f32'];

/** Where what is made of a source goes unless a person says otherwise, and how it is called. */
export function suggestedPlace(source: string): { readonly folder: string; readonly name: string } {
  const step = /^(checkpoints\/[^/]+\/[^/]+)\/weights$/.exec(source)?.[1];
  const name =
    shownModelName(source)
      .replace(/ · /g, '-')
      .replaceAll(/[^\w.-]+/g, '-') || 'model';
  if (step !== undefined) return { folder: step, name };
  return { folder: `models/${name}`, name };
}

/** `models/x/x-q8_0.gguf`; `checkpoints/run/500/model-q8_0.gguf` for a checkpoint; a folder for the hub. */
export function outputPath(
  order: { readonly folder: string; readonly name: string; readonly format: OutputFormat },
  type: WeightType,
): string {
  const folder = order.folder.replace(/^\/+|\/+$/g, '') || '.';
  if (order.format === 'huggingface') return `${folder}/${order.name}-hf`;
  const own = folder.startsWith('checkpoints/') ? 'model' : order.name;
  return `${folder}/${own}-${type}.gguf`;
}
