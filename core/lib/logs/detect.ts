// Whether a file is one JSON object per line, or a log in which any of the known lines may come.

export type LogShape = 'metrics-jsonl' | 'log';

/** Decided by the first line that is not empty, else by the name. */
export function detectShape(head: string, path: string): LogShape {
  const first = head
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .find((line) => line !== '');
  if (first === undefined) return /\.(jsonl|ndjson)$/i.test(path) ? 'metrics-jsonl' : 'log';
  if (first.startsWith('{"') || first === '{}') return 'metrics-jsonl';
  return first.startsWith("{'") ? 'log' : /\.(jsonl|ndjson)$/i.test(path) ? 'metrics-jsonl' : 'log';
}
