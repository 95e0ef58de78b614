// Lines of trainers that count their steps in the line itself, with names and values between bars: Megatron-LM (read at core 0.11 and
// 0.20) and nanochat (read at 92d63d4). Tags are those that the same tools log to wandb, so that both forms of a run are one curve.
import { stripAnsi, stripLauncherPrefix } from './envelope.ts';
import { pythonNumber } from './python-dict.ts';

export interface CountedLine {
  readonly step: number;
  readonly totalSteps: number | null;
  readonly names: readonly string[];
  readonly values: readonly number[];
  /** Unix ms, in the time zone of this computer; null where the line has no time. */
  readonly timeMs: number | null;
}

/** ` [2026-08-22 10:00:00.123456] iteration        1/    1000 | …`, printed by the last of all processes. */
const megatronHead = /^\s*\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?\]\s+iteration\s+(\d+)\/\s*(\d+) \|/;
/**
 * ` validation loss at iteration 250 | lm loss value: 4.6E+00 | lm loss PPL: 1.0E+02 |`; at the end once more for the validation set and
 * for the test set, which is another curve.
 */
const megatronMeasured = /^\s*(?:\[[^\]]*\]\s*)?validation loss at iteration (\d+)( on test set)?[^|]* \|/;
/** `step 00010/00100 (10.00%) | …` of a training step, `Step 00250 | …` of a measurement. */
const nanochatHead = /^(?:step (\d+)(?:\/(\d+))? \(\d+\.\d+%\)|Step (\d+)(?:\/(\d+))?) \| (?!Example step)/;

const megatronTags: Readonly<Record<string, string>> = {
  'learning rate': 'learning-rate',
  'global batch size': 'batch-size',
  'loss scale': 'loss-scale',
  'grad norm': 'grad-norm',
  'num zeros': 'num-zeros',
  'params norm': 'params-norm',
  'throughput per GPU (TFLOP/s/GPU)': 'throughput',
  'consumed samples': 'samples vs steps',
};

/** What else such a line holds is no number, or no curve. */
const nanochatTags: Readonly<Record<string, string>> = {
  loss: 'train/loss',
  lrm: 'train/lrm',
  dt: 'train/dt',
  'tok/sec': 'train/tok_per_sec',
  bf16_mfu: 'train/mfu',
  mfu: 'train/mfu',
  'Validation bpb': 'val/bpb',
  'CORE metric': 'core_metric',
  ChatCORE: 'chatcore_metric',
  ChatCORE_cat: 'chatcore_cat',
  'Average reward': 'reward',
  'Average sequence length': 'sequence_length',
};

/** Null for any other line. One that was cut off loses its last field, whose digits may be missing. */
export function readCountedLine(rawLine: string, complete = true): CountedLine | null {
  // Most lines of a log are neither: no more is looked at than whether the word is there.
  if (!rawLine.includes(' |') || !/iteration|step/i.test(rawLine)) return null;
  const line = stripLauncherPrefix(stripAnsi(rawLine));
  return readMegatron(line) ?? readMegatronMeasured(line) ?? readNanochat(line, complete);
}

function readMegatron(line: string): CountedLine | null {
  const head = megatronHead.exec(line);
  if (!head) return null;
  const [whole, day, clock, step, total] = head;
  const fields = line.slice(whole.length).split('|');
  // Each field ends with its bar: what follows the last one is not whole.
  fields.pop();
  const points = fields.flatMap((field): readonly (readonly [string, number])[] => {
    const colon = field.lastIndexOf(': ');
    const value = colon < 0 ? undefined : pythonNumber(field.slice(colon + 2).trim());
    const name = field.slice(0, colon).trim();
    return value === undefined ? [] : [[megatronTags[name] ?? name, value]];
  });
  const timeMs = new Date(`${day}T${clock}`).getTime();
  return lineOf(Number(step), total, points, Number.isNaN(timeMs) ? null : timeMs);
}

function readMegatronMeasured(line: string): CountedLine | null {
  const head = megatronMeasured.exec(line);
  if (!head) return null;
  const [whole, step, isTest] = head;
  const set = isTest === undefined ? 'validation' : 'test';
  const fields = line.slice(whole.length).split('|');
  fields.pop();
  const points = fields.flatMap((field): readonly (readonly [string, number])[] => {
    const [, name, what, text = ''] = /^ *(.+) (value|PPL): (\S+) *$/.exec(field) ?? [];
    const value = pythonNumber(text);
    return name === undefined || value === undefined
      ? []
      : [[`${name} ${set}${what === 'PPL' ? ' ppl' : ''}`, value]];
  });
  return lineOf(Number(step), undefined, points, null);
}

function readNanochat(line: string, complete: boolean): CountedLine | null {
  const head = nanochatHead.exec(line);
  if (!head) return null;
  const [whole, step, total, measuredStep, measuredTotal] = head;
  const fields = line.slice(whole.length).split(/ \| |, (?=Pass@)/);
  if (!complete) fields.pop();
  const points = fields.flatMap((field): readonly (readonly [string, number])[] => {
    const colon = field.indexOf(': ');
    const name = field.slice(0, colon);
    const tag = /^Pass@\d+$/.test(name) ? name.toLowerCase() : nanochatTags[name];
    if (colon < 0 || tag === undefined) return [];
    const text = field.slice(colon + 2).trim();
    const value = pythonNumber(text.replace(/ms$/, '').replaceAll(',', ''));
    // Its log has milliseconds where wandb has seconds.
    return value === undefined ? [] : [[tag, text.endsWith('ms') ? value / 1000 : value]];
  });
  return lineOf(Number(step ?? measuredStep), total ?? measuredTotal, points, null);
}

function lineOf(
  step: number,
  total: string | undefined,
  points: readonly (readonly [string, number])[],
  timeMs: number | null,
): CountedLine | null {
  if (points.length === 0) return null;
  return {
    step,
    totalSteps: total === undefined ? null : Number(total),
    names: points.map(([name]) => name),
    values: points.map(([, value]) => value),
    timeMs,
  };
}
