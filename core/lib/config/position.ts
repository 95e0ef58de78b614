// Offsets and 1-based line/column positions of one text. Columns count UTF-16 units.
// Exports: LineIndex, lineIndex(text). Knows nothing about YAML.

export interface Position {
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 units. */
  readonly column: number;
}

export interface LineIndex {
  readonly lineCount: number;
  /** Offsets beyond the text answer with its last position. */
  positionAt(offset: number): Position;
  /** Lines and columns beyond the text are moved to its nearest end. */
  offsetAt(position: Position): number;
  /** Offset of the first character of a 1-based line. */
  lineStart(line: number): number;
  /** Offset after the last character of a 1-based line, its line break not counted. */
  lineEnd(line: number): number;
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  let next = text.indexOf('\n');
  while (next !== -1) {
    starts.push(next + 1);
    next = text.indexOf('\n', next + 1);
  }
  return starts;
}

/** Index of the line starts of a text; building it is one pass, each answer a binary search. */
export function lineIndex(text: string): LineIndex {
  const starts = lineStartsOf(text);
  const clampLine = (line: number) => Math.min(Math.max(1, line), starts.length);
  const lineStart = (line: number) => starts[clampLine(line) - 1] ?? 0;
  const lineEnd = (line: number) => {
    const next = starts[clampLine(line)];
    if (next === undefined) return text.length;
    return text[next - 2] === '\r' ? next - 2 : next - 1;
  };
  return {
    lineCount: starts.length,
    lineStart,
    lineEnd,
    positionAt(offset) {
      const clamped = Math.min(Math.max(0, offset), text.length);
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle] ?? 0) <= clamped) low = middle;
        else high = middle - 1;
      }
      return { line: low + 1, column: clamped - (starts[low] ?? 0) + 1 };
    },
    offsetAt({ line, column }) {
      if (line > starts.length) return text.length;
      return Math.min(lineStart(line) + Math.max(0, column - 1), Math.max(lineStart(line), lineEnd(line)));
    },
  };
}
