// The single entry to derived numbers, for every kind of config.
// Knows which kind is computed where, and nothing else.

import type { ConfigDocument, ConfigKind } from '../types.ts';
import { deriveNanotron } from './derive-nanotron.ts';
import { derivePostTraining } from './derive-post-training.ts';
import type { Derived, DeriveOptions } from './derived-types.ts';
import { readNanotronSettings } from './nanotron-settings.ts';

/** Numbers that follow from a config and a target; null for kinds that have none (`studio`, `unknown`). */
export function deriveNumbers(
  document: ConfigDocument,
  kind: ConfigKind,
  options: DeriveOptions = {},
): Derived | null {
  switch (kind) {
    case 'nanotron':
      return deriveNanotron(readNanotronSettings(document), options);
    case 'trl-sft':
    case 'trl-dpo':
    case 'axolotl-sft':
      return derivePostTraining(document, kind, options);
    case 'studio':
    case 'unknown':
      return null;
  }
}
