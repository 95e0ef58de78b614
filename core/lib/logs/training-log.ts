// Reads a training log or a metrics file as it grows: bytes in, series per tag and events out.
// Knows all line formats through their readers, and nothing about files.
import { binaryLogKind, createBinaryLog } from './binary-log.ts';
import { bytesOf, textOf } from './byte-text.ts';
import { readCountedLine } from './counted-lines.ts';
import { detectShape, type LogShape } from './detect.ts';
import { createRowPlacer } from './hf-row-placer.ts';
import { readDictLine, readProgressBar } from './hf-trainer.ts';
import { createLineSplitter } from './line-splitter.ts';
import { createStampReader } from './line-stamp.ts';
import type { TrainingLog } from './log-contents.ts';
import type { LogEvent, LogEventDetail } from './log-events.ts';
import { createMetricsReader } from './metrics-form.ts';
import type { MetricsLine } from './metrics-jsonl.ts';
import { readEventLine } from './nanotron-events.ts';
import { createIterationReader } from './nanotron-iteration.ts';
import { createSeriesCollector, type SeriesCollector } from './series-collector.ts';

/** A window shows the latest; a log that fails in a loop must not fill memory. */
const MAX_EVENTS = 2000;

/** Where points go; `onRestart` is to be told when steps begin again. */
export type MakeCollector = (
  onRestart: (tag: string, toStep: number, dropped: number) => void,
) => SeriesCollector;

/**
 * `path` tells files of records by their names, and helps to recognise an empty file. `modifiedMs` is when the file was last
 * written: lines that say no year have the one before it.
 */
export function createTrainingLog(path = '', modifiedMs = Date.now()): TrainingLog {
  const binary = binaryLogKind(path);
  return binary === null ? createLineLog(path, createSeriesCollector, modifiedMs) : createBinaryLog(binary);
}

/** A log of lines whose points go where the caller says: to whoever only looks at each once. */
export function createLineLog(
  path: string,
  makeCollector: MakeCollector = createSeriesCollector,
  modifiedMs = Date.now(),
): TrainingLog {
  const events: LogEvent[] = [];
  let shape: LogShape | null = null;
  let lineNumber = 0;
  let skippedLines = 0;
  let rows = 0;
  let totalSteps: number | null = null;
  let newestPointMs: number | null = null;
  let etaText: string | null = null;
  /** Where the newest eta stands in the bytes that are being read: cut out once, not for every line. */
  let etaPlace: { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | null = null;

  const addEvent = (detail: LogEventDetail) => {
    if (events.length >= MAX_EVENTS) events.splice(0, MAX_EVENTS / 2);
    events.push({ ...detail, line: lineNumber, step: collector.newestStep });
  };
  const collector = makeCollector((tag, toStep, dropped) =>
    addEvent({ kind: 'restart', tag, toStep, dropped }),
  );
  const readIteration = createIterationReader();
  const metricsReader = createMetricsReader();
  const readStamp = createStampReader(modifiedMs);
  const placer = createRowPlacer((step, row) => {
    for (const [tag, value] of row)
      if (tag !== 'step' && tag !== 'global_step') collector.add(tag, step, value);
  });

  const addPoints = (
    step: number,
    line: { readonly names: readonly string[]; readonly values: readonly number[] },
  ) => {
    collector.addRow(line.names, step, line.values);
  };
  /** Returns whether the line was one of metrics. */
  const readJson = (line: string): boolean => {
    const read = metricsReader.read(line);
    if (!read) return false;
    takeMetrics(read, line);
    return true;
  };
  const takeMetrics = (metrics: MetricsLine, line: string): void => {
    totalSteps = metrics.totalSteps ?? totalSteps;
    if (metrics.step === null && (shape !== 'metrics-jsonl' || isStatusLine(line))) return;
    rows += 1;
    const step = metrics.step ?? rows;
    addPoints(step, metrics);
    if (metrics.timeMs !== null && metrics.names.length > 0) {
      newestPointMs = metrics.timeMs;
      collector.addTime(step, metrics.timeMs);
    }
  };
  const readLogLine = (line: string, complete: boolean) => {
    const iteration = readIteration(line, complete);
    if (iteration.kind === 'line') {
      const { step, whole } = iteration.line;
      addPoints(step, iteration.line);
      const head = bytesOf(line.slice(0, iteration.line.start));
      const ms = readStamp(head, 0, head.length);
      if (ms !== null) collector.addTime(step, ms);
      totalSteps = iteration.line.totalSteps;
      if (iteration.line.etaText !== null) {
        etaText = iteration.line.etaText;
        etaPlace = null;
      }
      if (!whole) skippedLines += 1;
      return;
    }
    if (iteration.kind === 'bad') {
      skippedLines += 1;
      return;
    }
    const counted = readCountedLine(line, complete);
    if (counted) {
      addPoints(counted.step, counted);
      if (counted.timeMs !== null) collector.addTime(counted.step, counted.timeMs);
      totalSteps = counted.totalSteps ?? totalSteps;
      return;
    }
    const bar = readProgressBar(line);
    if (bar) placer.seeBar(bar);
    const dict = readDictLine(line);
    if (dict.kind === 'row') placer.addRow(dict.values);
    else if (dict.kind === 'bad') skippedLines += 1;
    else if (line.startsWith('{"') && line.includes('"step"') && !readJson(line)) skippedLines += 1;
    else {
      const event = readEventLine(line);
      if (event) addEvent(event);
    }
  };
  const readLine = (line: string, complete: boolean) => {
    lineNumber += 1;
    shape ??= detectShape(line, path);
    if (shape === 'log') readLogLine(line, complete);
    else if (!readJson(line) && line.trim() !== '') skippedLines += 1;
  };
  /** Lines of a form that is known are read where they stand. Returns the place of the line feed behind one; −1 for all others. */
  const readPlace = (bytes: Uint8Array, start: number): number =>
    shape === 'log' ? readIterationAt(bytes, start) : shape === null ? -1 : readMetricsAt(bytes, start);
  /** Such a line holds numbers alone, so it is none of status. */
  const readMetricsAt = (bytes: Uint8Array, start: number): number => {
    const line = metricsReader.quick(bytes, start);
    if (!line) return -1;
    lineNumber += 1;
    rows += 1;
    if (!Number.isNaN(line.totalSteps)) totalSteps = line.totalSteps;
    const step = Number.isNaN(line.step) ? rows : line.step;
    addPoints(step, line);
    if (!Number.isNaN(line.timeMs) && line.names.length > 0) {
      newestPointMs = line.timeMs;
      collector.addTime(step, line.timeMs);
    }
    return line.end;
  };
  const readIterationAt = (bytes: Uint8Array, start: number): number => {
    const line = readIteration.quick(bytes, start);
    if (!line) return -1;
    lineNumber += 1;
    addPoints(line.step, line);
    const ms = readStamp(bytes, start, start + line.start);
    if (ms !== null) collector.addTime(line.step, ms);
    totalSteps = line.totalSteps;
    if (line.etaStart >= 0) etaPlace = { bytes, start: line.etaStart, end: line.etaEnd };
    return line.end;
  };
  const cutEta = (): void => {
    if (etaPlace) etaText = textOf(etaPlace.bytes, etaPlace.start, etaPlace.end);
    etaPlace = null;
  };
  const splitter = createLineSplitter(readLine, readPlace);

  return {
    series: collector.columns,
    extra: collector.extra,
    events,
    get skippedLines() {
      return skippedLines + splitter.longLines;
    },
    get generation() {
      return collector.generation;
    },
    get totalSteps() {
      return totalSteps ?? placer.totalSteps;
    },
    get newestStep() {
      return collector.newestStep;
    },
    get newestPointMs() {
      return newestPointMs;
    },
    get etaText() {
      return etaText;
    },
    push(bytes) {
      splitter.push(bytes);
      cutEta();
    },
    settle: () => placer.settle(),
    end() {
      splitter.end();
      cutEta();
      placer.settle();
    },
  };
}

/** `{"kind": "start", …}`: the studio's own lines that tell about the run and hold no point. */
function isStatusLine(line: string): boolean {
  return /^\{\s*"kind"\s*:/.test(line);
}
