// What Hugging Face Trainer (Transformers, TRL, Axolotl) prints: tqdm bars and one dict per logged step.
// The dicts have no step; hf-row-placer.ts finds it from the bars around them.
import { stripAnsi, stripLauncherPrefix } from './envelope.ts';
import { pythonNumber, readPythonDict } from './python-dict.ts';

export interface ProgressBar {
  /** Empty for the Trainer's own bar; "Saving weights", "Map" and others have one. */
  readonly description: string;
  readonly done: number;
  readonly total: number;
}

const bar = /^(.*?)(\d{1,3})%\|[^|]*\|\s*(\d+)\/(\d+) \[/;

/** The last tqdm bar state of a line, or null. */
export function readProgressBar(line: string): ProgressBar | null {
  if (!line.includes('%|')) return null;
  const match = bar.exec(stripAnsi(line));
  if (!match) return null;
  const [, before = '', , done, total] = match;
  const description = stripLauncherPrefix(before).replace(/:\s*$/, '').trim();
  return { description, done: Number(done), total: Number(total) };
}

export type DictReading =
  | { readonly kind: 'no' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'row'; readonly values: ReadonlyMap<string, number> };

/** Keys one of which every logged row has; another printed dict is not a metric line. */
const telling = /'(?:loss|epoch|learning_rate|grad_norm|train_loss|train_runtime|eval_[a-z_]+)'/;

/** Reads a line with a printed dict of numbers (or of texts with 4 digits, as newer versions print them). */
export function readDictLine(line: string): DictReading {
  const at = line.indexOf("{'");
  if (at < 0 || !telling.test(line)) return { kind: 'no' };
  const dict = readPythonDict(stripAnsi(line.slice(at)));
  if (!dict) return { kind: 'bad' };
  const values = new Map<string, number>();
  for (const [key, value] of dict) {
    const number = typeof value === 'string' ? pythonNumber(value) : value;
    if (typeof number === 'number') values.set(key, number);
  }
  return values.size === 0 ? { kind: 'bad' } : { kind: 'row', values };
}
