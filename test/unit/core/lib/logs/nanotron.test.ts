// Nanotron's lines: envelope, iteration line in both formats and all variants, events and failures.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEnvelope, stampMs } from '../../../../../core/lib/logs/envelope.ts';
import { readEventLine } from '../../../../../core/lib/logs/nanotron-events.ts';
import { createIterationReader } from '../../../../../core/lib/logs/nanotron-iteration.ts';
import { textOf } from '../../../../../core/lib/logs/byte-text.ts';
import { bytes, newSample, nextSample, oldSample, withAnsi } from './lines.ts';

const readIterationLine = createIterationReader();

function valuesOf(line: string) {
  const reading = readIterationLine(line);
  if (reading.kind !== 'line') throw new Error(`not read: ${reading.kind}`);
  const { names, values } = reading.line;
  return { ...reading.line, values: Object.fromEntries(names.map((name, index) => [name, values[index]])) };
}

const newValues = {
  consumed_tokens: 480e9,
  time_per_iteration_ms: 8790,
  tokens_per_sec: 182_000,
  tokens_per_sec_per_gpu: 699,
  global_batch_size: 1_600_000,
  grad_norm: 0.112,
  lm_loss: 2.04,
  lr: 0.0001,
  model_tflops_per_gpu: 15.4,
};

describe('the iteration line', () => {
  it('reads the new format', () => {
    const line = valuesOf(newSample);
    expect(line).toMatchObject({
      step: 211_364,
      totalSteps: 1_500_000,
      etaText: '131 days, 1:45:39',
      whole: true,
    });
    expect(line.values).toEqual(newValues);
    expect(valuesOf(nextSample).values).toMatchObject({ lm_loss: 2.06, tokens_per_sec_per_gpu: 703 });
  });

  it('reads the old format: one name for the time, and a batch in samples under its own name', () => {
    expect(valuesOf(oldSample)).toMatchObject({ step: 1401, totalSteps: 1500, etaText: null, whole: true });
    expect(valuesOf(oldSample).values).toEqual({
      consumed_tokens: 2_870_000,
      time_per_iteration_ms: 255,
      tokens_per_sec: 8030,
      tokens_per_sec_per_gpu: 8030,
      global_batch_samples: 8,
      lm_loss: 6.67,
      lr: 4.37e-5,
      model_tflops_per_gpu: 0.0291,
      hardware_tflops_per_gpu: 0.0291,
      grad_norm: 0.412,
      cuda_memory_allocated: 7.92e9,
      cuda_max_memory_reserved: 8.5e9,
      hd_total_memory_tb: 312e9,
      hd_used_memory_tb: 68.8e9,
      hd_free_memory_tb: 243e9,
    });
  });

  it.each([
    ['torchrun prefix', `[default0]:${newSample}`],
    ['srun prefix', `0: ${newSample}`],
    ['both prefixes', `12: [default0]:${newSample}`],
    ['ANSI codes', withAnsi(newSample)],
    ['ANSI codes and both prefixes', `0: [trainer0]: ${withAnsi(newSample)}`],
    ['no rank tags', newSample.replace('|DP=0|TP=0|lrdn0007', '')],
    ['carriage return at the end', `${newSample}\r`],
  ])('reads it with %s', (_name, line) => expect(valuesOf(line).values).toEqual(newValues));

  it('is open to other keys and to missing ones', () => {
    expect(valuesOf(newSample.replace('lm_loss: 2.04', 'lm_loss: 2.04 | z_loss: 1.2e-05')).values).toEqual({
      ...newValues,
      z_loss: 1.2e-5,
    });
    const { grad_norm: _left, ...rest } = newValues;
    expect(valuesOf(newSample.replace(' | grad_norm: 0.112', '')).values).toEqual(rest);
  });

  it('keeps nan and infinity as such', () => {
    const { values } = valuesOf(newSample.replace('lm_loss: 2.04', 'lm_loss: nan').replace('0.112', 'infE'));
    expect(values.lm_loss).toBeNaN();
    expect(values.grad_norm).toBe(Number.POSITIVE_INFINITY);
  });

  it('keeps the eta as text', () => {
    expect(valuesOf(newSample.replace('131 days, 1:45:39', '1 day, 2:03:04')).etaText).toBe('1 day, 2:03:04');
  });

  it('says which lines are broken and which are of another kind', () => {
    expect(readIterationLine('Start training').kind).toBe('no');
    expect(readIterationLine('start_iteration_step: 5').kind).toBe('no');
    expect(readIterationLine('iteration: twelve / 20 | lm_loss: 2').kind).toBe('bad');
    expect(readIterationLine('iteration: 12 / 20').kind).toBe('bad');
    expect(valuesOf('iteration: 12 / 20 | lm_loss: ?? | lr: 0.1')).toMatchObject({
      whole: false,
      values: { lr: 0.1 },
    });
  });

  it.each([newSample, oldSample, withAnsi(newSample)])(
    'read where it stands in a file it says the same, or nothing',
    (sample) => {
      const known = createIterationReader();
      known(sample);
      expect(known.quick(bytes(`${sample}\n`), 0)).not.toBeNull();
      fc.assert(
        fc.property(fc.nat(sample.length - 1), fc.integer({ min: 1, max: 0x7e }), (at, code) => {
          const line = `${sample.slice(0, at)}${String.fromCharCode(code)}${sample.slice(at + 1)}`;
          const data = bytes(`before\n${line}\nafter`);
          const quick = known.quick(data, 7);
          if (quick === null) return;
          const { values, names, step, totalSteps, start } = quick;
          const etaText = quick.etaStart < 0 ? null : textOf(data, quick.etaStart, quick.etaEnd);
          const own = line.slice(0, quick.end - 7);
          expect(data[quick.end]).toBe(0x0a);
          expect(createIterationReader()(own)).toEqual({
            kind: 'line',
            line: { values, names, step, totalSteps, start, etaText, whole: true },
          });
        }),
        { numRuns: 1000 },
      );
    },
  );

  it('does not trust the last number of a line that was cut off', () => {
    const cut = newSample.slice(0, newSample.indexOf('lm_loss: 2.0') + 'lm_loss: 2.0'.length);
    const reading = readIterationLine(cut, false);
    expect(reading.kind === 'line' && reading.line.names).not.toContain('lm_loss');
  });
});

describe('the envelope', () => {
  it('reads level, ranks, category and node', () => {
    expect(parseEnvelope(withAnsi(newSample))).toMatchObject({
      stamp: '12/21 01:39:51',
      level: 'INFO',
      ranks: { DP: 0, TP: 0 },
      node: 'lrdn0007',
      category: null,
    });
    expect(
      parseEnvelope('01/02 00:00:00 [WARNING|io|EP=1|CP=0|DP=3|PP=2|TP=1|n1]: text: more'),
    ).toMatchObject({
      level: 'WARNING',
      category: 'io',
      ranks: { EP: 1, CP: 0, DP: 3, PP: 2, TP: 1 },
      node: 'n1',
      message: 'text: more',
    });
    expect(parseEnvelope('01/02 00:00:00 [INFO]: x')).toMatchObject({
      ranks: {},
      node: null,
      category: null,
    });
    expect(parseEnvelope('Traceback (most recent call last):')).toBeNull();
  });

  it('finds the year of stamps without one, over New Year too', () => {
    const reference = Date.UTC(2026, 0, 3);
    expect(stampMs('12/31 23:59:58', reference)).toBe(Date.UTC(2025, 11, 31, 23, 59, 58));
    expect(stampMs('01/01 00:00:01', reference)).toBe(Date.UTC(2026, 0, 1, 0, 0, 1));
    expect(stampMs('12/04/2024 13:14:12', reference)).toBe(Date.UTC(2024, 11, 4, 13, 14, 12));
  });
});

describe('events', () => {
  const prefix = '12/21 01:39:51 [WARNING|DP=0|TP=0|lrdn0007]: ';
  it.each([
    [`${prefix}Saving checkpoint at /scratch/ckpt/5000`, { kind: 'checkpoint', path: '/scratch/ckpt/5000' }],
    [`${prefix}Total number of parameters: 438M (834.96MiB)`, { kind: 'parameters', parameters: 438e6 }],
    [
      `${prefix} Memory usage: 8345.12MiB. Peak allocated 41200.55MiB. Peak reserved: 43210.00MiB`,
      { kind: 'memory', usedMib: 8345.12, peakMib: 41_200.55, reservedMib: 43_210 },
    ],
    [
      `${prefix}[After model building] Memory usage: 1.50MiB. Peak allocated: 2.50MiB Peak reserved: 3.00MiB`,
      { kind: 'memory', usedMib: 1.5, peakMib: 2.5, reservedMib: 3 },
    ],
    [`${prefix}Loading checkpoint from /scratch/ckpt/4000:`, { kind: 'resumed', from: '/scratch/ckpt/4000' }],
  ])('%s', (line, event) => expect(readEventLine(line)).toEqual(event));

  it('reads the start line', () => {
    const event = readEventLine(
      `${prefix}mbs: 4 | grad_accum: 1 | cp: 1 | sequence_length: 4096 | global_batch_size: 256 | train_steps: 100 | start_iteration_step: 0 | consumed_tokens_total: 0`,
    );
    expect(event?.kind === 'start' && Object.fromEntries(event.values)).toMatchObject({
      mbs: 4,
      sequence_length: 4096,
      global_batch_size: 256,
      train_steps: 100,
    });
  });

  it.each([
    ['torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'gpu-memory'],
    ['[rank3]: Watchdog caught collective operation timeout: WorkNCCL(SeqNum=12)', 'nccl-timeout'],
    ['RuntimeError: NCCL error in: ../torch/csrc/distributed', 'nccl'],
    ['AssertionError: Number of nodes != dp * tp * pp', 'assertion'],
    ['dacite.exceptions.UnexpectedDataError: can not match "foo" to any data class field', 'config'],
    ["ModuleNotFoundError: No module named 'nanotron'", 'module-missing'],
    ["FileNotFoundError: [Errno 2] No such file or directory: '/x'", 'file-missing'],
    [
      'slurmstepd: error: *** JOB 123 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO TIME LIMIT ***',
      'time-limit',
    ],
    [
      'slurmstepd: error: *** JOB 123 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO NODE FAILURE ***',
      'node-failure',
    ],
    [
      'slurmstepd: error: *** JOB 123 ON n1 CANCELLED AT 2026-01-01T00:00:00 DUE TO PREEMPTION ***',
      'preempted',
    ],
    ['slurmstepd: error: *** JOB 123 ON n1 CANCELLED AT 2026-01-01T00:00:00 ***', 'cancelled'],
    ['slurmstepd: error: Detected 1 oom_kill event in StepId=123.0', 'host-memory'],
    ['ValueError: Gradient is nan or inf for model.layer', 'not-finite'],
    [`${prefix}Error while saving weights checkpoint: disk`, 'checkpoint-write'],
  ])('classifies %s', (line, cause) => expect(readEventLine(line)).toMatchObject({ kind: 'failure', cause }));

  it('stays silent on ordinary lines', () => {
    for (const text of [
      'Start training',
      '[TokenizedBytes] Creating TokenizedBytes with 3 dataset folders',
      '====',
    ]) {
      expect(readEventLine(prefix + text)).toBeNull();
    }
  });
});
