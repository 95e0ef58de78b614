// A text made from another one, with the place in the source that each of its UTF-16 code units comes from.

export interface AlignedText {
  readonly text: string;
  /** Unit i comes from [starts[i], ends[i]) of the source, always whole characters. */
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

/** Text that is its own source, from `base` on. */
export function alignedToItself(text: string, base: number): AlignedText {
  const starts = new Uint32Array(text.length);
  const ends = new Uint32Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const high = text.charCodeAt(at);
    const low = high >= 0xd800 && high < 0xdc00 ? text.charCodeAt(at + 1) : 0;
    starts[at] = base + at;
    ends[at] = base + at + 1;
    if (low < 0xdc00 || low >= 0xe000) continue;
    // Both halves of a character are the character.
    ends[at] = base + at + 2;
    at += 1;
    starts[at] = base + at - 1;
    ends[at] = base + at + 1;
  }
  return { text, starts, ends };
}

export function sliceAligned({ text, starts, ends }: AlignedText, from: number, to: number): AlignedText {
  return { text: text.slice(from, to), starts: starts.subarray(from, to), ends: ends.subarray(from, to) };
}

/** Collects a text from pieces of another. */
export class AlignedBuilder {
  private readonly parts: string[] = [];
  private starts = new Uint32Array(1024);
  private ends = new Uint32Array(1024);
  private length = 0;
  private readonly source: AlignedText;

  constructor(source: AlignedText) {
    this.source = source;
  }

  /** Units [from, to) as they are; `text` of the same length may stand for them. */
  copy(from: number, to: number, text?: string): void {
    this.parts.push(text ?? this.source.text.slice(from, to));
    this.reserve(to - from);
    this.starts.set(this.source.starts.subarray(from, to), this.length);
    this.ends.set(this.source.ends.subarray(from, to), this.length);
    this.length += to - from;
  }

  /** `text` in place of all units [from, to), or of none of them: then it belongs to the place between. */
  replace(from: number, to: number, text: string): void {
    const { starts, ends } = this.source;
    const before = from > 0 ? ends[from - 1] : starts[0];
    const start = to > from ? (starts[from] ?? 0) : (before ?? 0);
    const end = to > from ? (ends[to - 1] ?? start) : start;
    this.parts.push(text);
    this.reserve(text.length);
    this.starts.fill(start, this.length, this.length + text.length);
    this.ends.fill(end, this.length, this.length + text.length);
    this.length += text.length;
  }

  done(): AlignedText {
    return {
      text: this.parts.join(''),
      starts: this.starts.subarray(0, this.length),
      ends: this.ends.subarray(0, this.length),
    };
  }

  private reserve(units: number): void {
    if (this.length + units <= this.starts.length) return;
    const size = Math.max(this.starts.length * 2, this.length + units);
    this.starts = grown(this.starts, size);
    this.ends = grown(this.ends, size);
  }
}

function grown(column: Uint32Array, size: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(size);
  larger.set(column);
  return larger;
}
