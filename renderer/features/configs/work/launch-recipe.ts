// Which kind of run a config is for.
import type { ConfigKind } from '../../../../core/lib/config/types.ts';

const recipes: Readonly<Partial<Record<ConfigKind, string>>> = {
  nanotron: 'pretrain-nanotron',
  'trl-sft': 'sft-trl',
  'trl-dpo': 'dpo-trl',
  'axolotl-sft': 'sft-axolotl',
};

/** Null for files that no run is launched with. */
export function recipeOfKind(kind: ConfigKind): string | null {
  return recipes[kind] ?? null;
}
