// The step of a training that a result belongs to, as far as the name or path of its model says so. Pure.

export interface NamedStep {
  /** The folder above the steps; null where only the step is told. */
  readonly run: string | null;
  readonly step: number;
}

/** lm-eval writes each of `"<>:/|\?*[]` as this in names of folders. */
const SLASH = '__';

/**
 * `checkpoints/zagreus/12000`, `out/checkpoint-500`, `zagreus__12000`, `v2-95k`. Null for `Qwen3-0.6B` and other names that end
 * in a size or nothing.
 */
export function stepOfModel(model: string): NamedStep | null {
  const parts = model
    .replaceAll(SLASH, '/')
    .split('/')
    .filter((part) => part !== '' && !/^(hf|weights|converted|model-[\w.]+\.gguf)$/.test(part));
  const last = parts.at(-1) ?? '';
  const above = parts.at(-2) ?? null;
  const run = above === 'checkpoints' ? (parts.at(-3) ?? null) : above;
  const plain = /^(?:checkpoint[-_]|step[-_]?|global_step)?(\d{1,12})$/.exec(last);
  if (plain) return { run, step: Number(plain[1]) };
  const named = /^(.*?)[-_ ](?:step[-_]?|checkpoint[-_])?(\d{3,12}|\d{1,6}k)$/i.exec(last);
  if (!named) {
    const thousands = /^(\d{1,6})k$/i.exec(last);
    return thousands ? { run, step: Number(thousands[1]) * 1000 } : null;
  }
  const digits = named[2] ?? '';
  const step = /k$/i.test(digits) ? Number(digits.slice(0, -1)) * 1000 : Number(digits);
  return { run: named[1] === '' ? run : (named[1] ?? run), step };
}

/**
 * Run and step of a name, as far as they may be believed: of a run that is known, or where the name is a path whose last part is the
 * step. `v2-95k` of no known run tells a step, and no run.
 */
export function checkpointNamed(
  model: string,
  isRun: (id: string) => boolean,
): { readonly run: string | null; readonly step: number; readonly isKnown: boolean } | null {
  const named = stepOfModel(model);
  if (named === null) return null;
  const isKnown = named.run !== null && isRun(named.run);
  const isPath = /\/(?:checkpoint[-_]|step[-_]?|global_step)?\d{1,12}(?:\/|$)/.test(model);
  return { run: isKnown || isPath ? named.run : null, step: named.step, isKnown };
}
