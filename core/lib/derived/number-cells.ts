// The numbers of a run as short texts with where each comes from, for the strip above the charts and for the command line.
import type { RunNumbers } from '../../api/run-facts.ts';
import { formatCount, formatHours, formatInteger, formatRate, formatShare } from '../format/numbers.ts';

export interface NumberCell {
  readonly id: string;
  readonly label: string;
  /** `–` where it is not known. */
  readonly value: string;
  /** Beside the value, quieter. */
  readonly detail: string;
  /** Convention and source, or why it is not known. */
  readonly note: string;
  readonly isKnown: boolean;
  readonly tone: 'plain' | 'warn' | 'bad';
}

/** The logged rate has three digits. */
const RATE_TOLERANCE = 0.02;

/** Everything there is. `writeTime` says a moment in the reader's own way. */
export function numberCells(numbers: RunNumbers, writeTime: (ms: number) => string): readonly NumberCell[] {
  return [...movingCells(numbers, writeTime), ...standingCells(numbers)];
}

/** What moves with every point. */
export function movingCells(numbers: RunNumbers, writeTime: (ms: number) => string): readonly NumberCell[] {
  return [
    lossCell(numbers),
    bitsCell(numbers),
    tokensCell(numbers),
    ...speedCells(numbers),
    mfuCell(numbers),
    timeLeftCell(numbers, writeTime),
    rateCell(numbers),
  ];
}

/** What seldom changes. */
export function standingCells(numbers: RunNumbers): readonly NumberCell[] {
  return [batchCell(numbers), ...epochCells(numbers), ...stageCells(numbers)];
}

const known = (
  id: string,
  label: string,
  value: string,
  rest: Partial<Pick<NumberCell, 'detail' | 'note' | 'tone'>>,
): NumberCell => ({ id, label, value, detail: '', note: '', tone: 'plain', isKnown: true, ...rest });

const unknown = (id: string, label: string, reason: string | undefined): NumberCell => ({
  id,
  label,
  value: '–',
  detail: '',
  note: reason === undefined ? 'Not known' : `Not known: ${reason}`,
  tone: 'plain',
  isKnown: false,
});

function lossCell({ loss }: RunNumbers): NumberCell {
  if (loss === null) return unknown('loss', 'Loss', 'no loss was logged yet');
  const isFinite = Number.isFinite(loss.value);
  return known('loss', 'Loss', isFinite ? formatSignificant(loss.value) : 'not a number', {
    note: `Newest ${loss.tag}, in nats a token`,
    tone: isFinite ? 'plain' : 'bad',
  });
}

function bitsCell({ bitsPerByte, loss, reasons }: RunNumbers): NumberCell {
  if (bitsPerByte === null) return unknown('bits-per-byte', 'Bits/byte', reasons['bitsPerByte']);
  return known('bits-per-byte', 'Bits/byte', formatSignificant(bitsPerByte.value), {
    note: `${loss?.tag ?? 'Loss'} ÷ ln 2 ÷ ${formatSignificant(bitsPerByte.bytesPerToken)} bytes a token (${bitsPerByte.source})`,
  });
}

function tokensCell({ tokens }: RunNumbers): NumberCell {
  if (tokens === null) return unknown('tokens', 'Tokens', 'the config does not say how many a step has');
  return known('tokens', 'Tokens', formatCount(tokens.value), {
    detail: tokens.total === null ? '' : `of ${formatCount(tokens.total)}`,
    note: `${formatInteger(tokens.value)} trained tokens: ${tokens.source}`,
  });
}

function speedCells({ speed }: RunNumbers): readonly NumberCell[] {
  if (speed === null) return [unknown('speed', 'Tokens/s', 'no step was timed yet')];
  const note = `Median of the newest ${speed.points} points of ${speed.source}`;
  const cells: NumberCell[] = [];
  const { tokensPerSecond, tokensPerSecondPerGpu: perGpu } = speed;
  if (tokensPerSecond !== null) {
    const detail = perGpu === null || perGpu === tokensPerSecond ? '' : `${formatCount(perGpu)} a GPU`;
    cells.push(known('speed', 'Tokens/s', formatCount(tokensPerSecond), { detail, note }));
  } else if (perGpu !== null) cells.push(known('speed', 'Tokens/s/GPU', formatCount(perGpu), { note }));
  if (cells.length === 0 && speed.secondsPerStep !== null) {
    cells.push(known('step-time', 'Step time', `${formatSignificant(speed.secondsPerStep)} s`, { note }));
  }
  return cells;
}

function mfuCell({ mfu, reasons }: RunNumbers): NumberCell {
  if (mfu === null) return unknown('mfu', 'MFU', reasons['mfu']);
  const others = mfu.others.map(({ convention, value }) => `${convention}: ${formatShare(value)}`);
  const flops = mfu.flopsPerToken === null ? '' : `, ${mfu.flopsPerToken.toPrecision(4)} FLOP a token`;
  const conventions = [`${mfu.convention}${flops}`, ...others].join(' · ');
  return known('mfu', 'MFU', formatShare(mfu.value), {
    note: `${conventions}. Of ${formatCount(mfu.peakFlops / 1e12)} TFLOP/s dense bf16 of ${mfu.gpu} (${mfu.gpuSource})`,
  });
}

function timeLeftCell({ timeLeft, reasons }: RunNumbers, writeTime: (ms: number) => string): NumberCell {
  if (timeLeft === null) return unknown('time-left', 'Time left', reasons['timeLeft']);
  const { seconds, fromSeconds, toSeconds, finishMs, points } = timeLeft;
  const range = `${formatSeconds(fromSeconds)} to ${formatSeconds(toSeconds)}`;
  return known('time-left', 'Time left', formatSeconds(seconds), {
    detail: writeTime(finishMs),
    note: `Finishes ${writeTime(finishMs)}. At the median of the newest ${points} steps; ${range} at the middle half of them. Pauses do not count`,
  });
}

function rateCell({ learningRate, reasons }: RunNumbers): NumberCell {
  if (learningRate === null) return unknown('rate', 'Learning rate', 'none was logged');
  const { logged, expected, step } = learningRate;
  const value = logged === null ? '–' : formatRate(logged);
  if (expected === null) {
    return known('rate', 'Learning rate', value, {
      note: `What is expected is not known: ${reasons['schedule'] ?? 'the number of steps decides'}`,
    });
  }
  const isOff =
    logged !== null &&
    Math.abs(logged - expected) > RATE_TOLERANCE * Math.max(Math.abs(expected), Math.abs(logged));
  return known('rate', 'Learning rate', value, {
    detail: isOff ? `expected ${formatRate(expected)}` : 'on schedule',
    note: `The schedule of the config gives ${formatRate(expected)} at step ${formatInteger(step)}`,
    tone: isOff ? 'warn' : 'plain',
  });
}

function batchCell({
  sequencesPerStep,
  tokensPerStep,
  tokensPerStepIsCeiling,
  reasons,
}: RunNumbers): NumberCell {
  if (sequencesPerStep === null) {
    return unknown('batch', 'Batch', reasons['globalBatchSequences'] ?? reasons['tool']);
  }
  const tokens =
    tokensPerStep === null
      ? ''
      : `${tokensPerStepIsCeiling ? 'at most ' : ''}${formatCount(tokensPerStep)} tokens`;
  return known('batch', 'Batch', formatInteger(sequencesPerStep), {
    detail: tokens,
    note: 'Sequences of one optimizer step over all GPUs: micro batch × accumulation × data parallel',
  });
}

function epochCells({ epochs }: RunNumbers): readonly NumberCell[] {
  if (epochs === null) return [];
  return [known('epochs', 'Epochs', formatSignificant(epochs), { note: 'Passes over the data, as logged' })];
}

function stageCells({ stage }: RunNumbers): readonly NumberCell[] {
  if (stage === null || stage.count < 2) return [];
  return [
    known('stage', 'Data stage', stage.name, {
      detail: `${stage.index + 1} of ${stage.count}`,
      note: `Since step ${formatInteger(stage.startStep)}`,
    }),
  ];
}

export function formatSignificant(value: number): string {
  return String(Number(value.toPrecision(4)));
}

export function formatSeconds(seconds: number): string {
  return seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : formatHours(seconds / 3600);
}
