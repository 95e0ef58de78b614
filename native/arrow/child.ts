// The Arrow child process: writes the batches of one Arrow IPC file or stream into a Parquet file, one at a time, so that memory
// does not grow with the file. Ends when it is done, or with its parent.
import { createWriteStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  Compression,
  type RecordBatch,
  Table,
  transformParquetStream,
  writeParquet,
  WriterPropertiesBuilder,
} from 'parquet-wasm';
import { ArrowProblem, MAX_MESSAGE_BYTES, readMessages } from './messages.ts';
import { plainBatch } from './plain-batch.ts';
import { type FromChild, type ToChild, toChild } from './protocol.ts';

const PROGRESS_INTERVAL_MS = 200;
const END_OF_STREAM = Buffer.from([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]);

const send = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

async function convert({ path, target, rowGroupRows, maxRows }: ToChild): Promise<number> {
  const handle = await open(path, 'r');
  let rows = 0;
  let hasBatch = false;
  let head = Buffer.alloc(0);
  // What goes wrong while a batch is made is lost on its way through the stream: it is kept here.
  let problem: unknown = null;
  async function* batches(): AsyncGenerator<RecordBatch, void> {
    let notedMs = Date.now();
    try {
      const { size } = await handle.stat();
      for await (const { kind, bytes: stored, end } of readMessages(handle, size)) {
        const bytes = plainBatch(stored);
        if (kind === 'schema' || kind === 'dictionary') {
          if (head.length + bytes.length > MAX_MESSAGE_BYTES) {
            throw new ArrowProblem('large', 'The dictionaries are too large');
          }
          head = Buffer.concat([head, bytes]);
        } else if (kind === 'batch') {
          hasBatch = true;
          for (const batch of tableOf([head, bytes])) {
            rows += batch.numRows;
            yield batch;
          }
        }
        if (maxRows !== undefined && rows >= maxRows) return;
        if (Date.now() - notedMs < PROGRESS_INTERVAL_MS) continue;
        notedMs = Date.now();
        send({ kind: 'progress', doneBytes: end });
      }
    } catch (error) {
      problem ??= error;
      throw error;
    }
  }
  try {
    const all = batches();
    const first = await all.next();
    if (!hasBatch) {
      // The streaming writer learns the columns from its first batch.
      await writeFile(target, emptyParquet(head), { flag: 'wx' });
      return 0;
    }
    const properties = new WriterPropertiesBuilder()
      .setCompression(Compression.SNAPPY)
      .setMaxRowGroupSize(rowGroupRows)
      .build();
    const parquet = await transformParquetStream(ReadableStream.from(startingWith(first, all)), properties);
    await pipeline(
      Readable.fromWeb(parquet as Parameters<typeof Readable.fromWeb>[0]),
      createWriteStream(target, { flags: 'wx' }),
    );
    if (problem !== null) throw problem;
    return rows;
  } catch (error) {
    throw problem ?? error;
  } finally {
    await handle.close();
  }
}

async function* startingWith<T>(
  first: IteratorResult<T, void>,
  rest: AsyncGenerator<T, void>,
): AsyncGenerator<T, void> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}

function emptyParquet(head: Buffer): Uint8Array {
  if (head.length === 0) throw new ArrowProblem('damaged', 'There is no schema in it');
  return writeParquet(Table.fromIPCStream(Buffer.concat([head, END_OF_STREAM])));
}

function tableOf(parts: readonly Buffer[]): readonly RecordBatch[] {
  const table = Table.fromIPCStream(Buffer.concat([...parts, END_OF_STREAM]));
  const found = table.recordBatches();
  table.free();
  return found;
}

function reasonOf(error: unknown): Extract<FromChild, { kind: 'failed' }>['reason'] {
  if (error instanceof ArrowProblem) return error.reason;
  return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'full' : 'other';
}

process.on('disconnect', () => process.exit(0));
process.once('message', (raw) => {
  convert(toChild.parse(raw))
    .then((rows) => send({ kind: 'done', rows }))
    .catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      send({ kind: 'failed', reason: reasonOf(error), message });
    })
    .finally(() => process.disconnect());
});
