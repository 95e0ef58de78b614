// The schema of each kind of config. Exports: schemaForKind.
import type { ConfigKind } from '../types.ts';
import { AXOLOTL_SFT } from './axolotl/sft.ts';
import { NANOTRON } from './nanotron/root.ts';
import { STUDIO } from './studio.ts';
import { TRL_DPO } from './trl/dpo.ts';
import { TRL_SFT } from './trl/sft.ts';
import type { ConfigSchema } from './types.ts';

const SCHEMAS: Readonly<Record<Exclude<ConfigKind, 'unknown'>, ConfigSchema>> = {
  nanotron: NANOTRON,
  'trl-sft': TRL_SFT,
  'trl-dpo': TRL_DPO,
  'axolotl-sft': AXOLOTL_SFT,
  studio: STUDIO,
};

/** The schema of a kind; null for a file the studio does not know. */
export function schemaForKind(kind: ConfigKind): ConfigSchema | null {
  return kind === 'unknown' ? null : SCHEMAS[kind];
}
