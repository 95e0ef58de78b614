// Follows one file that another program appends to: bytes by offset, from the start, until closed.
// A file that shrank or was replaced starts over. Changes are noticed by fs.watch, and by asking where it fails.
import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/** Without a working watch (network file systems) a change is noticed within this time. */
const POLL_MS = 250;
/** A program that writes a line at a time wakes this reader once for a handful of them. */
const SETTLE_MS = 30;
const CHUNK_BYTES = 1_048_576;
/** A file rewritten in place between two looks differs in its first bytes. */
const HEAD_BYTES = 64;

export interface FileTailEvents {
  /** New bytes, in order. The array is reused: copy what must be kept. */
  readonly onBytes: (bytes: Uint8Array) => void;
  /** The file is another one now, or was cut: bytes come from the start again. */
  readonly onReset: () => void;
  /** All bytes there are for now were handed over; `modifiedMs` is null while there is no file. */
  readonly onCaughtUp: (modifiedMs: number | null) => void;
}

export interface FileTail {
  readonly offset: number;
  /** Number of the file on its disk; 0 while there is none. */
  readonly inode: number;
  /** It was read from, and is not there any more. */
  readonly isRemoved: boolean;
  /** Reads what is there now; resolves when caught up. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

export function openFileTail(path: string, events: FileTailEvents): FileTail {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let offset = 0;
  let inode = 0;
  let modifiedMs = -1;
  let head: Buffer = Buffer.alloc(0);
  let closed = false;
  let reading: Promise<void> | null = null;
  let again = false;
  let isRemoved = false;

  const startOver = () => {
    if (offset > 0) events.onReset();
    offset = 0;
    head = Buffer.alloc(0);
  };
  const readHead = async (handle: FileHandle): Promise<Buffer> => {
    const { buffer: bytes, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return bytes.subarray(0, bytesRead);
  };
  const readNew = async (): Promise<void> => {
    const info = await stat(path).catch(() => null);
    if (!info?.isFile()) {
      // Removed: what was read stays until another file takes its place.
      isRemoved = offset > 0;
      events.onCaughtUp(null);
      return;
    }
    isRemoved = false;
    if (info.ino !== inode || info.size < offset) startOver();
    inode = info.ino;
    if (info.mtimeMs !== modifiedMs || info.size > offset) {
      const handle = await open(path, 'r');
      try {
        const nowHead = await readHead(handle);
        if (!nowHead.subarray(0, head.length).equals(head)) startOver();
        head = nowHead;
        while (!closed) {
          const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, offset);
          if (bytesRead === 0) break;
          offset += bytesRead;
          events.onBytes(buffer.subarray(0, bytesRead));
        }
      } finally {
        await handle.close();
      }
      modifiedMs = info.mtimeMs;
    }
    if (!closed) events.onCaughtUp(modifiedMs);
  };
  const catchUp = (): Promise<void> => {
    if (reading) {
      again = true;
      return reading;
    }
    reading = (async () => {
      do {
        again = false;
        await readNew();
      } while (again && !closed);
    })().finally(() => {
      reading = null;
    });
    return reading;
  };
  let waking: NodeJS.Timeout | undefined;
  const wake = () => {
    if (closed) return;
    waking ??= setTimeout(() => {
      waking = undefined;
      if (!closed) void catchUp().catch(() => {});
    }, SETTLE_MS);
  };

  let watcher: FSWatcher | null = null;
  try {
    const name = basename(path);
    watcher = watch(dirname(path), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) wake();
    });
    watcher.on('error', () => {});
  } catch {
    // No watches left, or a folder that cannot be watched: the timer below is enough.
  }
  const timer = setInterval(wake, POLL_MS);
  timer.unref();

  return {
    get offset() {
      return offset;
    },
    get inode() {
      return inode;
    },
    get isRemoved() {
      return isRemoved;
    },
    catchUp,
    async close() {
      closed = true;
      clearInterval(timer);
      clearTimeout(waking);
      watcher?.close();
      await reading?.catch(() => {});
    },
  };
}
