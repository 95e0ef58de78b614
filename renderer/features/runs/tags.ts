// Which metrics get a chart, in which order and under which title. Unknown tags are shown too, after the known ones.
import { isExtra } from '../../../core/lib/series/extra-columns.ts';

const KNOWN: readonly { readonly tag: string; readonly title: string }[] = [
  { tag: 'lm_loss', title: 'lm_loss' },
  { tag: 'loss', title: 'loss' },
  { tag: 'val_loss', title: 'val_loss' },
  { tag: 'eval_loss', title: 'eval_loss' },
  { tag: 'val_spearman', title: 'Validation Spearman ρ' },
  { tag: 'val_spearman_mean', title: 'Validation Spearman ρ, mean of languages' },
  { tag: 'lr', title: 'lr' },
  { tag: 'learning_rate', title: 'learning_rate' },
  { tag: 'grad_norm', title: 'grad_norm' },
  { tag: 'tokens_per_sec', title: 'tokens/s' },
  { tag: 'tokens_per_sec_per_gpu', title: 'tokens/s per GPU' },
  { tag: 'samples_per_second', title: 'samples/s' },
  { tag: 'model_tflops_per_gpu', title: 'Model TFLOP/s per GPU' },
];

/** Says nothing about training: only the place or the clock. */
const NOT_CHARTED = new Set(['epoch', 'consumed_tokens', 'global_batch_size', 'time', 'iteration_step']);

/** `train/loss` is the loss, wherever a tool puts it. */
function lastPart(tag: string): string {
  return tag.slice(tag.lastIndexOf('/') + 1);
}

/** Schedules and averages over a whole set have no noise: smoothing would only make them wrong. */
export function isSmoothed(tag: string): boolean {
  return !/^(lr|learning_rate|epoch)$|^(val|eval)_/.test(lastPart(tag)) && !/^(val|eval)\//.test(tag);
}

/** Tags with points, the main metric first. */
export function chartedTags(tags: Iterable<string>): readonly string[] {
  const rank = (tag: string) => {
    const place = KNOWN.findIndex((known) => known.tag === lastPart(tag));
    return place < 0 ? KNOWN.length : place;
  };
  return [...new Set(tags)]
    .filter((tag) => !NOT_CHARTED.has(lastPart(tag)) && !isExtra(tag))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

export function titleOf(tag: string): string {
  return KNOWN.find((known) => known.tag === tag)?.title ?? tag;
}

/** Whether everybody wants to see it first. */
export function isKnownTag(tag: string): boolean {
  return KNOWN.some((known) => known.tag === lastPart(tag));
}

/** The value to show for a run in one number: its main metric's newest. */
export function mainValueOf(
  latest: Readonly<Record<string, number>>,
): { readonly tag: string; readonly value: number } | null {
  const [tag] = chartedTags(Object.keys(latest));
  const value = tag === undefined ? undefined : latest[tag];
  return tag === undefined || value === undefined ? null : { tag: titleOf(tag), value };
}
