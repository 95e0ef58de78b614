// What the trainer leaves in the run's folder: metrics line by line, the head and its card at the end.
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export interface MetricsFile {
  /** Appends one JSON line; NaN and infinities become null. Each line is one write, so a reader sees whole lines. */
  append(values: Readonly<Record<string, number | string>>): void;
  close(): void;
}

export function openMetrics(folder: string): MetricsFile {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, 'metrics.jsonl'), 'a');
  return {
    append: (values) => {
      writeSync(file, `${JSON.stringify(values)}\n`);
    },
    close: () => closeSync(file),
  };
}

/** Aside, fsync, rename: the file is whole or not there. */
export function writeWhole(path: string, data: string | Uint8Array): void {
  const aside = `${path}.${process.pid}.tmp`;
  const file = openSync(aside, 'w');
  try {
    const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
    let written = 0;
    while (written < bytes.length) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(aside, path);
}
