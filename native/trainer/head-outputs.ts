// What a training leaves: the head as safetensors and as a checkpoint of PyTorch Lightning, and its card.
import { join } from 'node:path';
import { BUILTIN_EMBEDDER_ID, type EmbedderIdentity } from '../../core/lib/jql/builtin-embedder.ts';
import type { HeadCard } from '../../core/lib/jql/head-card.ts';
import { writeHeadCheckpoint } from '../../core/lib/jql/head-checkpoint/write-head-checkpoint.ts';
import { encodeHead } from '../../core/lib/jql/head-file.ts';
import { NGRAM_FEATURES_VERSION } from '../../core/lib/jql/hashed-ngrams.ts';
import type { Head } from '../../core/lib/jql/head.ts';
import { writeWhole } from './write-whole.ts';

/** All three files; the card last, because it describes what is there. */
export function saveHead(folder: string, head: Head, card: HeadCard): void {
  writeWhole(join(folder, 'head.safetensors'), encodeHead(head, metadataOf(card)));
  const checkpoint = writeHeadCheckpoint(head, {
    epoch: card.validation?.bestEpoch ?? 0,
    steps: card.training.steps,
    hyperParameters: {
      learning_rate: card.training.learningRate,
      weight_decay: card.training.weightDecay,
      embedder: card.embedder.id,
      embedder_variant: card.embedder.variant,
    },
  });
  writeWhole(join(folder, 'head.ckpt'), checkpoint);
  writeWhole(join(folder, 'head.json'), `${JSON.stringify(card, null, 2)}\n`);
}

/** Whoever scores with the head checks these: a head gives meaningless numbers on the vectors of another embedder. */
function metadataOf({ embedder, data }: HeadCard): Readonly<Record<string, string>> {
  const version = builtinVersion(embedder);
  return {
    features: embedder.id,
    ...(version === null ? {} : { features_version: version }),
    embedder_id: embedder.id,
    embedder_variant: embedder.variant,
    ...(embedder.sha256 === null ? {} : { embedder_sha256: embedder.sha256 }),
    data_sha256: data.sha256,
  };
}

/** `v1-512` → `1`; null for an embedder that is not built in. */
function builtinVersion({ id, variant }: EmbedderIdentity): string | null {
  if (id !== BUILTIN_EMBEDDER_ID) return null;
  return /^v(\d+)-/.exec(variant)?.[1] ?? String(NGRAM_FEATURES_VERSION);
}
