// Two configs against each other: key by key, and in words.
// Knows which kind is explained where; text differences are drawn elsewhere.

import { deriveNanotron } from '../derived/derive-nanotron.ts';
import type { DeriveOptions } from '../derived/derived-types.ts';
import { readNanotronSettings } from '../derived/nanotron-settings.ts';
import { stringAt } from '../derived/read-values.ts';
import { parseConfig } from '../document.ts';
import { recogniseKind } from '../kinds.ts';
import type { ConfigDocument, ConfigKind } from '../types.ts';
import { type KeyChange, keyChanges } from './key-changes.ts';
import { type Meaning, summarise } from './meaning.ts';
import { compareNanotron, type NanotronSide } from './nanotron-meaning.ts';
import { comparePostTraining } from './post-training-meaning.ts';

export interface ConfigComparison {
  readonly beforeKind: ConfigKind;
  readonly afterKind: ConfigKind;
  readonly changes: readonly KeyChange[];
  /** One entry per topic, agreements included. Empty when the kinds differ or have no meaning to compare. */
  readonly meanings: readonly Meaning[];
  /** The meanings as one paragraph. */
  readonly summary: string;
}

function nanotronSide(document: ConfigDocument, options: DeriveOptions): NanotronSide {
  const settings = readNanotronSettings(document);
  return {
    settings,
    derived: deriveNanotron(settings, options),
    tokenizer: stringAt(document, ['tokenizer', 'tokenizer_name_or_path']),
  };
}

function meaningsOf(
  before: ConfigDocument,
  after: ConfigDocument,
  kind: ConfigKind,
  options: DeriveOptions,
): readonly Meaning[] {
  if (kind === 'nanotron')
    return compareNanotron(nanotronSide(before, options), nanotronSide(after, options));
  return comparePostTraining(before, after, kind);
}

/** Compares two texts, `before` to `after`. Never throws: what cannot be read is left out. */
export function compareConfigs(before: string, after: string, options: DeriveOptions = {}): ConfigComparison {
  const left = parseConfig(before);
  const right = parseConfig(after);
  const beforeKind = recogniseKind(left);
  const afterKind = recogniseKind(right);
  const changes = keyChanges(left, right);
  const meanings = beforeKind === afterKind ? meaningsOf(left, right, afterKind, options) : [];
  const summary =
    beforeKind !== afterKind
      ? `Different kinds of config: ${beforeKind} and ${afterKind}.`
      : changes.length === 0
        ? 'Both configs say the same.'
        : summarise(meanings);
  return { beforeKind, afterKind, changes, meanings, summary };
}
