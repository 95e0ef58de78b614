// One log that is being followed, inside a log child: its index grows with the file, and questions about its lines are answered by
// reading a little of it.
import { stat } from 'node:fs/promises';
import type { LogPlace, LogRow, LogState } from '../../api/logs.ts';
import type { LogFolding, LogLocated, LogTroubles } from './log-questions.ts';
import type { FoldedRun } from '../../lib/log-view/fold-runs.ts';
import { lineTimeMs } from '../../lib/log-view/line-facts.ts';
import { createLogIndex, type LogIndex } from '../../lib/log-view/log-index.ts';
import { withoutAnsi } from '../../lib/log-view/ansi.ts';
import { statesOf } from '../../lib/log-view/progress.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { openFileTail } from '../series/file-tail.ts';
import { createLineReader, type LineReader } from './line-reader.ts';
import { rowText } from './row-text.ts';

/** Rows that are this near are reached by reading on, farther ones by the index. */
const READ_ON_LINES = 512;
/** Lines without a time that are read in search of one. */
const MAX_TIME_LINES = 200_000;

export interface WatchedLog {
  readonly state: LogState;
  catchUp(): Promise<void>;
  rows(firstRow: number, count: number, folding: LogFolding): Promise<{ rows: LogRow[]; totalRows: number }>;
  locate(at: LogPlace, folding: LogFolding): Promise<LogLocated>;
  troubles(): LogTroubles;
  text(options: {
    readonly first: number;
    readonly last: number;
    readonly form: 'shown' | 'raw';
    readonly limitBytes: number;
  }): Promise<{ text: string; nextLine: number | null }>;
  close(): Promise<void>;
}

export function watchLog(path: string, onChange: () => void): WatchedLog {
  let index: LogIndex = createLogIndex(Date.now());
  let generation = 1;
  let sizeBytes = 0;
  let isComplete = false;
  let hasChanged = true;
  const tail = openFileTail(path, {
    onBytes(bytes) {
      index.push(bytes);
      sizeBytes = Math.max(sizeBytes, index.bytes);
      hasChanged = true;
      onChange();
    },
    onReset() {
      index = createLogIndex(Date.now());
      generation += 1;
      sizeBytes = 0;
      isComplete = false;
      hasChanged = true;
    },
    onCaughtUp() {
      sizeBytes = index.bytes;
      if (!isComplete || hasChanged) {
        isComplete = true;
        hasChanged = false;
        onChange();
      }
    },
  });
  const firstLook = (async () => {
    sizeBytes = (await stat(path).catch(() => null))?.size ?? 0;
    await tail.catchUp();
  })();
  firstLook.catch(() => undefined);

  const foldOf = ({ isFolded, unfolded }: LogFolding) => {
    if (!isFolded) {
      return {
        rows: index.lines,
        lineOfRow: (row: number) => ({ line: row, run: null as FoldedRun | null }),
        rowOfLine: (line: number) => ({ row: line, run: null as FoldedRun | null, isHidden: false }),
      };
    }
    const open = index.openFold;
    return {
      rows: index.folds.rows(index.lines, open, unfolded),
      lineOfRow: (row: number) => index.folds.lineOfRow(row, open, unfolded),
      rowOfLine: (line: number) => index.folds.rowOfLine(line, open, unfolded),
    };
  };
  /** Reads lines in rising order: on from the last one when the next is near. */
  const lineSeeker = (handle: Parameters<typeof createLineReader>[0]) => {
    let reader: LineReader | null = null;
    let at = 0;
    return async (line: number) => {
      const place = index.places.beforeLine(line);
      if (reader === null || line < at || (line - at > READ_ON_LINES && place.line > at)) {
        reader = createLineReader(handle, place.offset);
        at = place.line;
      }
      for (; at < line; at += 1) if (!(await reader.skip())) return null;
      at += 1;
      return reader.next();
    };
  };
  const opened = () => openRegularFile(path, 'Choose a log file');
  const locationOf = (line: number, offset: number, folding: LogFolding): LogLocated => {
    const { row, run, isHidden } = foldOf(folding).rowOfLine(line);
    return { line, row, offset, hiddenBy: isHidden ? (run?.firstLine ?? null) : null };
  };

  return {
    get state() {
      return {
        generation,
        sizeBytes: Math.max(sizeBytes, index.bytes),
        indexedBytes: index.bytes,
        isComplete,
        lines: index.lines,
        foldedRows: index.folds.rows(index.lines, index.openFold, []),
        troubleCount: index.troubleCount,
        rootLine: index.rootTrouble?.line ?? null,
        firstTimeMs: index.firstTimeMs,
      };
    },
    async catchUp() {
      await firstLook;
      await tail.catchUp();
    },
    async rows(firstRow, count, folding) {
      const fold = foldOf(folding);
      const totalRows = fold.rows;
      if (firstRow >= totalRows) return { rows: [], totalRows };
      await using file = await opened();
      const lineAt = lineSeeker(file.handle);
      const rows: LogRow[] = [];
      for (let row = firstRow; row < Math.min(totalRows, firstRow + count); row += 1) {
        const { line, run } = fold.lineOfRow(row);
        const raw = await lineAt(line);
        if (raw === null) break;
        const { offset, sizeBytes: size } = raw;
        const shown = rowText(raw);
        const isFirst = run !== null && run.firstLine === line;
        rows.push({
          line,
          offset,
          sizeBytes: size,
          ...shown,
          updates: index.updatesOf(offset) ?? shown.updates,
          repeat: isFirst ? { ...run, isUnfolded: folding.unfolded.includes(line) } : null,
        });
      }
      return { rows, totalRows };
    },
    async locate(at, folding) {
      const last = Math.max(0, index.lines - 1);
      if (at.kind === 'line') {
        const line = Math.min(at.line, last);
        await using file = await opened();
        const raw = await lineSeeker(file.handle)(line);
        return locationOf(line, raw?.offset ?? 0, folding);
      }
      const place =
        at.kind === 'offset' ? index.places.beforeOffset(at.offset) : index.places.beforeTime(at.atMs);
      if (place === null) return locationOf(0, 0, folding);
      await using file = await opened();
      const reader = createLineReader(file.handle, place.offset);
      let { line } = place;
      if (at.kind === 'offset') {
        let { offset } = place;
        while (line < last && (await reader.skip()) && reader.offset <= at.offset) {
          line += 1;
          ({ offset } = reader);
        }
        return locationOf(line, offset, folding);
      }
      let found = place;
      for (; line <= last && line - place.line < MAX_TIME_LINES; line += 1) {
        const raw = await reader.next();
        if (raw === null) break;
        const atMs = lineTimeMs(rowText(raw).text, Date.now());
        if (atMs === null) continue;
        if (atMs > at.atMs) break;
        found = { line, offset: raw.offset };
      }
      return locationOf(found.line, found.offset, folding);
    },
    troubles: () => ({
      troubles: index.troubles.toSorted((one, other) => one.line - other.line),
      count: index.troubleCount,
      root: index.rootTrouble,
    }),
    async text({ first, last, form, limitBytes }) {
      await using file = await opened();
      const lineAt = lineSeeker(file.handle);
      const start = await lineAt(first);
      if (start === null) return { text: '', nextLine: null };
      // One read, then cut into lines: what is copied is at most a few megabytes.
      const { buffer, bytesRead } = await file.handle.read(
        Buffer.alloc(limitBytes),
        0,
        limitBytes,
        start.offset,
      );
      const bytes = buffer.subarray(0, bytesRead);
      let end = 0;
      let line = first;
      for (; line <= last; line += 1) {
        const found = bytes.indexOf(0x0a, end);
        if (found < 0) break;
        end = found + 1;
      }
      const isAll = line > last || start.offset + bytesRead >= index.bytes;
      // A line that is longer than the limit is given as far as it goes.
      const upTo = line > last ? end : end === 0 || isAll ? bytesRead : end;
      const text = bytes.subarray(0, upTo).toString('utf8').replace(/\n$/, '');
      return {
        text: form === 'raw' ? text : text.split('\n').map(shownText).join('\n'),
        nextLine: isAll ? null : Math.max(line, first + 1),
      };
    },
    async close() {
      await tail.close();
      await firstLook.catch(() => undefined);
    },
  };
}

function shownText(line: string): string {
  return withoutAnsi(statesOf(line.replace(/\r$/, '')).at(-1) ?? '');
}
