// Presets: sampling, system prompt and template of one model under names, as a small JSON file that people share through git.
import { z } from 'zod';
import { contextTokens, sampling } from '../../api/generation.ts';

const MAX_PRESETS = 200;

export const preset = z.object({
  name: z.string().min(1).max(120),
  sampling,
  systemPrompt: z.string().default(''),
  /** Jinja; null takes the model's own. */
  template: z.string().nullable().default(null),
  contextTokens,
  threads: z.number().int().min(1).max(256).nullable().default(null),
});
export type Preset = z.infer<typeof preset>;

export const presetFile = z.object({
  kind: z.literal('nesso-presets'),
  version: z.literal(1),
  /** Name of the preset that new conversations begin with; null: none. */
  default: z.string().nullable().default(null),
  presets: z.array(preset).max(MAX_PRESETS),
});
export type PresetFile = z.infer<typeof presetFile>;

export const noPresets: PresetFile = { kind: 'nesso-presets', version: 1, default: null, presets: [] };

/** The text of the file: the same presets give the same bytes. */
export function presetFileText(file: PresetFile): string {
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Throws SyntaxError or ZodError. */
export function parsePresetFile(text: string): PresetFile {
  return presetFile.parse(JSON.parse(text));
}

const QUANTIZATION = /[-_. ](?:i?q\d\w*|f16|f32|bf16|fp16)$/i;

/**
 * Where the presets of a model lie. Its checkpoints and quantizations share them: the name comes from the run
 * where one is known, else from the model without the ending that names its number type.
 */
export function presetPathOf(model: { readonly name: string; readonly runName: string | null }): string {
  const name = (model.runName ?? model.name.replace(/\.gguf$/i, '').replace(QUANTIZATION, '')).toLowerCase();
  const stem = name.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '');
  return `presets/${stem.slice(0, 80) || 'model'}.json`;
}

/** With `added` in place of the one of the same name, or at the end. */
export function withPreset(file: PresetFile, added: Preset): PresetFile {
  const at = file.presets.findIndex(({ name }) => name === added.name);
  const presets = at < 0 ? [...file.presets, added] : file.presets.with(at, added);
  return { ...file, presets };
}

export function withoutPreset(file: PresetFile, name: string): PresetFile {
  return {
    ...file,
    default: file.default === name ? null : file.default,
    presets: file.presets.filter((one) => one.name !== name),
  };
}

/** Nothing changes when the new name is taken. */
export function renamedPreset(file: PresetFile, from: string, to: string): PresetFile {
  if (to === '' || file.presets.some(({ name }) => name === to)) return file;
  return {
    ...file,
    default: file.default === from ? to : file.default,
    presets: file.presets.map((one) => (one.name === from ? { ...one, name: to } : one)),
  };
}
