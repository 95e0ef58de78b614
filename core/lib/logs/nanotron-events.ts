// Lines of Nanotron (main of 2026-04 and v0.5), torchrun, Slurm, Megatron-LM and nanochat that are no metrics but tell what happened.
// One quick test rejects ordinary lines; the details are looked at only then.
import { parseEnvelope, stripAnsi } from './envelope.ts';
import { parseHumanNumber } from './human-number.ts';
import type { FailureCause, LogEventDetail } from './log-events.ts';

const interesting =
  /[Ss]aving checkpoint at|Saved model parameters to|loaded checkpoint from|Resuming optimization from|Total number of parameters|Memory usage:|grad_accum: |Loading checkpoint from|Training completed|Model saved to|[Oo]ut ?[Oo]f ?[Mm]emory|oom_kill|NCCL error|ncclSystemError|collective operation timeout|Error|CANCELLED|TIME LIMIT|NODE FAILURE|PREEMPT|Gradient is nan/;

/** First match wins: the more telling ones come first. */
const failures: readonly (readonly [RegExp, FailureCause])[] = [
  [/DUE TO TIME LIMIT/, 'time-limit'],
  [/DUE TO NODE FAILURE|DUE TO NODE_FAIL/, 'node-failure'],
  [/DUE TO PREEMPTION|PREEMPTED/, 'preempted'],
  [/slurmstepd.*CANCELLED AT/, 'cancelled'],
  [/oom_kill event|oom-kill/, 'host-memory'],
  [/CUDA out of memory|OutOfMemoryError/, 'gpu-memory'],
  [/Watchdog caught collective operation timeout/, 'nccl-timeout'],
  [/NCCL error|ncclSystemError/, 'nccl'],
  [/Gradient is nan or inf/, 'not-finite'],
  [/dacite\.exceptions\.|UnexpectedDataError|WrongTypeError|MissingValueError|UnionMatchError/, 'config'],
  [/ModuleNotFoundError|No module named/, 'module-missing'],
  [/FileNotFoundError/, 'file-missing'],
  [/Error while saving /, 'checkpoint-write'],
  [/^AssertionError|: AssertionError|\bAssertionError:/, 'assertion'],
];

/** An event's text is shown in one row of the window. */
const MAX_TEXT = 400;

/** What a line that is no metric says, or null. */
export function readEventLine(rawLine: string): LogEventDetail | null {
  if (!interesting.test(rawLine)) return null;
  const line = stripAnsi(rawLine);
  const text = parseEnvelope(line)?.message ?? line;

  const checkpoint =
    /Saving checkpoint at (.+)$/.exec(text) ??
    /saving checkpoint at iteration +\d+ to (.+?)(?: in \w+ format)?$/.exec(text) ??
    /Saved model parameters to: (.+)$/.exec(text);
  if (checkpoint?.[1]) return { kind: 'checkpoint', path: checkpoint[1].trim() };
  const parameters = parseHumanNumber(/Total number of parameters: (\S+)/.exec(text)?.[1] ?? '');
  if (parameters !== undefined) return { kind: 'parameters', parameters };
  const memory =
    /Memory usage: ([\d.]+)MiB\. Peak allocated:? ([\d.]+)MiB\.? Peak reserved: ([\d.]+)MiB/.exec(text);
  if (memory) {
    return {
      kind: 'memory',
      usedMib: Number(memory[1]),
      peakMib: Number(memory[2]),
      reservedMib: Number(memory[3]),
    };
  }
  if (text.includes('grad_accum: ') && text.includes(' | ')) return readStart(text);
  const loading =
    /Loading checkpoint from (.+)$/.exec(text) ??
    /successfully loaded checkpoint from (\S.*?) \[/.exec(text) ??
    /Resuming optimization from (step \d+)$/.exec(text);
  if (loading?.[1]) return { kind: 'resumed', from: loading[1].replace(/:$/, '').trim() };
  if (/Training completed|Model saved to/.test(text))
    return { kind: 'finished', text: text.slice(0, MAX_TEXT) };
  const cause = failureCauseOf(text);
  return cause ? { kind: 'failure', cause, text: text.slice(0, MAX_TEXT) } : null;
}

/** What a line without colours says went wrong, or null. */
export function failureCauseOf(text: string): FailureCause | null {
  return failures.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

function readStart(text: string): LogEventDetail {
  const values = new Map<string, number>();
  for (const field of text.split(' | ')) {
    const [key = '', value = ''] = field.split(': ');
    const number = parseHumanNumber(value.trim());
    if (number !== undefined) values.set(key.trim(), number);
  }
  return { kind: 'start', values };
}
