// A log child: reads logs away from core, which must stay quick, and runs patterns that may take for ever where they can be
// stopped. Ends with its parent.
import type { LogState } from '../../api/logs.ts';
import { compilePattern } from '../../lib/log-view/search-pattern.ts';
import { StudioError } from '../../api/errors.ts';
import { openRegularFile } from '../files/open-regular-file.ts';
import { toStudioError } from '../system-errors.ts';
import { type FromLogChild, type LogAnswer, type LogRequest, toLogChild } from './log-protocol.ts';
import { rangesIn, scanLines } from './scan-lines.ts';
import { type WatchedLog, watchLog } from './watched-log.ts';

/** At most ten states a second and log. */
const STATE_INTERVAL_MS = 100;

interface Entry {
  readonly log: WatchedLog;
  timer: NodeJS.Timeout | null;
  toldMs: number;
}

const watched = new Map<string, Entry>();

function send(message: FromLogChild): void {
  process.send?.(message);
}

function tell(path: string, entry: Entry): void {
  entry.timer = null;
  entry.toldMs = performance.now();
  send({ kind: 'state', path, state: entry.log.state });
}

function watch(path: string): void {
  if (watched.has(path)) return;
  const log = watchLog(path, () => {
    const entry = watched.get(path);
    if (!entry || entry.timer !== null) return;
    const waitMs = Math.max(0, entry.toldMs + STATE_INTERVAL_MS - performance.now());
    entry.timer = setTimeout(() => tell(path, entry), waitMs);
  });
  watched.set(path, { log, timer: null, toldMs: -STATE_INTERVAL_MS });
}

async function unwatch(path: string): Promise<void> {
  const entry = watched.get(path);
  watched.delete(path);
  if (!entry) return;
  if (entry.timer !== null) clearTimeout(entry.timer);
  await entry.log.close();
}

function logAt(path: string): WatchedLog {
  const entry = watched.get(path);
  if (entry) return entry.log;
  throw new StudioError('UNAVAILABLE', 'This log is no longer followed', { hint: 'Open it again' });
}

async function answer(request: LogRequest): Promise<LogAnswer> {
  switch (request.kind) {
    case 'watch':
      watch(request.path);
      return { kind: 'done' };
    case 'unwatch':
      await unwatch(request.path);
      return { kind: 'done' };
    case 'catch-up': {
      await logAt(request.path).catchUp();
      return { kind: 'done' };
    }
    case 'rows': {
      const log = logAt(request.path);
      const { generation }: LogState = log.state;
      const { firstRow } = request;
      const answered = await log.rows(firstRow, request.count, request.folding);
      return { kind: 'rows', rows: { generation, firstRow, ...answered } };
    }
    case 'locate':
      return { kind: 'locate', location: await logAt(request.path).locate(request.at, request.folding) };
    case 'troubles':
      return { kind: 'troubles', ...logAt(request.path).troubles() };
    case 'text':
      return { kind: 'text', ...(await logAt(request.path).text(request)) };
    case 'scan': {
      await using file = await openRegularFile(request.path, 'Choose a log file');
      const found = await scanLines(file.handle, compilePattern(request.pattern), request);
      return { kind: 'scan', ...found, sizeBytes: file.info.size };
    }
    case 'highlight': {
      const pattern = compilePattern(request.pattern);
      return { kind: 'highlight', ranges: request.texts.map((text) => rangesIn(text, pattern)) };
    }
  }
}

process.on('message', (raw) => {
  const { id, request } = toLogChild.parse(raw);
  answer(request).then(
    (found) => send({ kind: 'done', id, answer: found }),
    (error: unknown) => {
      const { code, message, data } = toStudioError(error);
      send({ kind: 'failed', id, code, message, data });
    },
  );
});
process.on('disconnect', () => process.exit(0));
send({ kind: 'ready' });
