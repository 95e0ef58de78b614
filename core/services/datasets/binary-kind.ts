// What the first bytes of a file are, when they are no text: a picture, an archive, text in another encoding, zero bytes.
// Knows no names and opens nothing.
import { constants, gunzipSync } from 'node:zlib';

export interface BinaryKind {
  /** Goes on after "It ": "is a PNG picture". */
  readonly sentence: string;
  /** What to do about it, where something other than another file helps. */
  readonly hint?: string;
  /** Recognised by nothing but bytes that text has not. */
  readonly isNoise?: true;
}

const UNPACK = 'Unpack it and open the files in it';

/** First bytes as Latin-1, from the specification of each format. */
const MARKS: readonly (readonly [mark: string, is: string, hint?: string])[] = [
  ['\u0089PNG', 'is a PNG picture'],
  ['\u00ff\u00d8\u00ff', 'is a JPEG picture'],
  ['GIF87a', 'is a GIF picture'],
  ['GIF89a', 'is a GIF picture'],
  ['%PDF-', 'is a PDF document', 'Extract its text first'],
  ['PK\u0003\u0004', 'is a ZIP archive', UNPACK],
  ['PK\u0005\u0006', 'is an empty ZIP archive'],
  ['7z\u00bc\u00af\u0027\u001c', 'is a 7-Zip archive', UNPACK],
  ['\u00fd7zXZ\0', 'is packed with xz', 'Unpack it, or pack it with gzip or zstd'],
  ['BZh91AY&SY', 'is packed with bzip2', 'Unpack it, or pack it with gzip or zstd'],
  ['SQLite format 3\0', 'is an SQLite database', 'Export the table as Parquet or CSV'],
  ['\u0089HDF\r\n', 'is an HDF5 file', 'Export the table as Parquet or CSV'],
  ['\u0093NUMPY', 'is a NumPy array', 'Save it as Parquet'],
  ['GGUF\u0003\0\0\0', 'is a GGUF model'],
  ['\u007fELF', 'is a program'],
];
/** Of a tar archive, behind the name and the owner of its first file. */
const TAR = { offset: 257, mark: 'ustar' };
/** Text has a tab and a few separators among its control characters; unpacked noise has nearly all of them. */
const CONTROLS_OF_NOISE = 8;
/** Share of the first or the second bytes of UTF-16 that are zero: nearly all in Latin script, spaces and marks in others. */
const UTF16_ZEROS = 0.3;

/** Null for what may be text. `head` is the beginning of a file. */
export function binaryKind(head: Buffer): BinaryKind | null {
  const start = head.toString('latin1', 0, 16);
  for (const [mark, sentence, hint] of MARKS) {
    if (start.startsWith(mark)) return { sentence, ...(hint === undefined ? {} : { hint }) };
  }
  if (head.toString('latin1', TAR.offset, TAR.offset + TAR.mark.length) === TAR.mark) {
    return { sentence: 'is a tar archive', hint: UNPACK };
  }
  if (isUtf16(head)) {
    return {
      sentence: 'is text in UTF-16, and data is read as UTF-8',
      hint: 'Save it as UTF-8, for example with: iconv -f UTF-16 -t UTF-8',
    };
  }
  if (head.length > 0 && head.every((byte) => byte === 0)) {
    return { sentence: 'begins with zero bytes only', hint: 'Copy or download the file again' };
  }
  const controls = new Set(head.filter((byte) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d)));
  return controls.size >= CONTROLS_OF_NOISE ? { sentence: 'is a binary file', isNoise: true } : null;
}

/**
 * As much of the content as the beginning of a gzip file holds; null when it cannot be unpacked, which reading the file
 * tells with its own words. `limit` in bytes: zeros pack a thousandfold.
 */
export function unpackedHead(head: Buffer, limit: number): Buffer | null {
  try {
    // The rest of the file is not here, so the end may be missing.
    const unpacked = gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
    return unpacked.subarray(0, limit);
  } catch {
    return null;
  }
}

/** By its mark, or zeros on every second byte and nowhere else. */
function isUtf16(head: Buffer): boolean {
  if (head.length < 4) return false;
  const mark = head.readUInt16LE(0);
  if (mark === 0xfeff || mark === 0xfffe) return true;
  const zeros = [0, 0];
  for (const [place, byte] of head.entries()) if (byte === 0) zeros[place % 2] = (zeros[place % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  return Math.min(even, odd) === 0 && Math.max(even, odd) > (UTF16_ZEROS * head.length) / 2;
}
