// Half a million scalars to series, as three programs write them, against the data server of TensorBoard (Rust) loading the event file.
// NESSO_PYTHON names a Python with tensorboard; left out, with the reason, without one.
import { execFile, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTrainingLog } from '../../core/lib/logs/training-log.ts';
import type { Measurement } from './measurement.ts';

const TAGS = ['lm_loss', 'grad_norm', 'lr', 'consumed_tokens', 'time_per_iteration_ms', 'tokens_per_sec'];
const STEPS = Math.ceil(500_000 / TAGS.length);
const ROUNDS = 9;
/** What the tail reads at once. */
const CHUNK_BYTES = 1_048_576;
const LOAD_TIMEOUT_MS = 60_000;
const EVENT_FILE = 'events.out.tfevents.1700000000.host.1.0';

export async function bench(): Promise<readonly Measurement[]> {
  const server = await findServer();
  if ('reason' in server) {
    console.log(`tensorboard: left out, ${server.reason}`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), 'nesso-tensorboard-'));
  try {
    const files = [
      { name: 'Event file', path: join(folder, EVENT_FILE), limit: 1 },
      { name: 'JSON lines', path: join(folder, 'metrics.jsonl'), limit: 1 },
      { name: 'Nanotron log', path: join(folder, 'log.txt'), limit: 1 },
    ];
    const [events, lines, log] = [eventFile(), jsonLines(), nanotronLog()];
    writeFileSync(files[0]?.path ?? '', events);
    writeFileSync(files[1]?.path ?? '', lines);
    writeFileSync(files[2]?.path ?? '', log);
    let anchorMs = Number.POSITIVE_INFINITY;
    const oursMs = files.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < ROUNDS; round += 1) {
      anchorMs = Math.min(anchorMs, await loadMs(server.path, folder));
      for (const [index, { path }] of files.entries())
        oursMs[index] = Math.min(oursMs[index] ?? Number.NaN, readMs(path));
    }
    return files.map(({ name, limit }, index) => ({
      name: `${name} of 500k scalars to series`,
      oursMs: oursMs[index] ?? Number.NaN,
      anchorMs,
      anchor: 'data server of TensorBoard loading the event file',
      limit,
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function findServer(): Promise<{ readonly path: string } | { readonly reason: string }> {
  const python = process.env['NESSO_PYTHON'];
  if (python === undefined) return { reason: 'NESSO_PYTHON names no Python with tensorboard' };
  const script = 'import tensorboard_data_server as s; print(s.server_binary() or "")';
  const found = await promisify(execFile)(python, ['-c', script]).catch(() => null);
  const path = found?.stdout.trim() ?? '';
  return path === '' ? { reason: `${python} has no data server of TensorBoard` } : { path };
}

/** What the server itself says that one load of the folder took. */
function loadMs(program: string, folder: string): Promise<number> {
  const child = spawn(program, ['--logdir', folder, '--port', '0', '--reload', 'once', '-v'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('It did not load in time')), LOAD_TIMEOUT_MS);
    let said = '';
    child.once('error', reject);
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /Finished load cycle \(([\d.]+)(ns|µs|ms|s)\)/.exec(said);
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found[1]) * ({ ns: 1e-6, µs: 1e-3, ms: 1, s: 1000 }[found[2] ?? ''] ?? Number.NaN));
    });
  }).finally(() => child.kill());
}

function readMs(path: string): number {
  const start = performance.now();
  const log = createTrainingLog(path);
  const file = openSync(path, 'r');
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const length = readSync(file, chunk);
    if (length === 0) break;
    log.push(chunk.subarray(0, length));
  }
  log.end();
  closeSync(file);
  const ms = performance.now() - start;
  let points = 0;
  for (const column of log.series.values()) points += column.length;
  if (points < STEPS * TAGS.length) throw new Error(`${path}: ${points} points`);
  return ms;
}

function valueOf(tag: number, step: number): number {
  if (tag === 2) return 3e-4 * Math.min(1, step / 2000);
  if (tag === 3) return step * 1_572_864;
  return (tag + 1) * (2 + 8 * Math.exp(-step / 5000) + ((step * 7919) % 997) / 10_000);
}

function jsonLines(): string {
  const lines: string[] = [];
  for (let step = 1; step <= STEPS; step += 1) {
    const values = TAGS.map((tag, index) => `"${tag}":${valueOf(index, step)}`);
    lines.push(`{"step":${step},"time":${1_700_000_000 + step},${values.join(',')}}\n`);
  }
  return lines.join('');
}

function nanotronLog(): string {
  const lines: string[] = [];
  for (let step = 1; step <= STEPS; step += 1) {
    const fields = TAGS.map((tag, index) => `${tag}: ${valueOf(index, step).toPrecision(3)}`);
    const clock = new Date(1_700_000_000_000 + step * 8000).toISOString();
    const head = `${clock.slice(5, 7)}/${clock.slice(8, 10)} ${clock.slice(11, 19)} [INFO|DP=0|TP=0|lrdn0007]`;
    lines.push(`${head}: iteration: ${step} / 800000 | ${fields.join(' | ')} | eta: 13 days, 1:45:39\n`);
  }
  return lines.join('');
}

/** TFRecord: u64 length, masked checksum, event, masked checksum. */
function eventFile(): Buffer {
  const records: Buffer[] = [record(Buffer.concat([wallTime(1.7e9), text(3, 'brain.Event:2')]))];
  for (let step = 1; step <= STEPS; step += 1) {
    for (const [index, tag] of TAGS.entries()) {
      const value = Buffer.alloc(5);
      value[0] = 0x15;
      value.writeFloatLE(valueOf(index, step), 1);
      const summary = message(1, Buffer.concat([text(1, tag), value]));
      records.push(
        record(
          Buffer.concat([
            wallTime(1.7e9 + step),
            Buffer.from([0x10]),
            variableLength(step),
            message(5, summary),
          ]),
        ),
      );
    }
  }
  return Buffer.concat(records);
}

function record(data: Buffer): Buffer {
  const frame = Buffer.alloc(12 + data.length + 4);
  frame.writeUInt32LE(data.length, 0);
  frame.writeUInt32LE(maskedChecksum(frame.subarray(0, 8)), 8);
  data.copy(frame, 12);
  frame.writeUInt32LE(maskedChecksum(data), 12 + data.length);
  return frame;
}

function wallTime(seconds: number): Buffer {
  const field = Buffer.alloc(9);
  field[0] = 0x09;
  field.writeDoubleLE(seconds, 1);
  return field;
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}

function message(field: number, data: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field * 8 + 2]), variableLength(data.length), data]);
}

function variableLength(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** CRC-32C, bit by bit into a table, rotated and shifted as TFRecord wants it. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

function maskedChecksum(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
