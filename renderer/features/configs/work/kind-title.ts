// What a person calls a kind of config.
import type { ConfigKind } from '../../../../core/lib/config/types.ts';

const titles: Readonly<Record<ConfigKind, string>> = {
  nanotron: 'Nanotron pre-training',
  'trl-sft': 'TRL SFT',
  'trl-dpo': 'TRL DPO',
  'axolotl-sft': 'Axolotl SFT',
  studio: 'Workspace',
  unknown: 'Plain YAML',
};

const shortTitles: Readonly<Record<ConfigKind, string>> = {
  nanotron: 'Nanotron',
  'trl-sft': 'SFT',
  'trl-dpo': 'DPO',
  'axolotl-sft': 'Axolotl',
  studio: 'workspace',
  unknown: 'YAML',
};

export function kindTitle(kind: ConfigKind): string {
  return titles[kind];
}

/** For a list. */
export function shortKindTitle(kind: ConfigKind): string {
  return shortTitles[kind];
}
