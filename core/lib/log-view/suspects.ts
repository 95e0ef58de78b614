// A quick test for lines that may tell of trouble: parts of words, four letters each. What passes is read as text and judged; what
// does not pass never becomes a string.

/**
 * In lower case: error, traceback, exception, fatal, of memory, kill, nccl, segmentation, abort, cancelled, failed, preempted,
 * warn, critical, "is nan", timeout.
 */
const PARTS = [
  'rror',
  'ceba',
  'xcep',
  'fata',
  'f me',
  'kill',
  'nccl',
  'segm',
  'abor',
  'ncel',
  'fail',
  'pree',
  'warn',
  'crit',
  's na',
  'imeo',
] as const;

const SLOTS = 4096;
const HASH = 0x9e3779b1;
/** Makes letters lower case; other signs only have to stay apart from letters. */
export const LOWER = 0x20202020;

/** First byte in the lowest place, as a little-endian read has it. */
function wordOf(part: string): number {
  let word = 0;
  for (let at = 3; at >= 0; at -= 1) word = (word << 8) | part.charCodeAt(at);
  return word | LOWER;
}

const slots = new Int32Array(SLOTS);
for (const part of PARTS) slots[slotOf(wordOf(part))] = wordOf(part);

/**
 * Two neighbouring bytes, the first one in the lowest place: whether a part may begin there or one byte before. Looking at every
 * second pair of a text finds every part, wherever it begins.
 */
export const suspectPairs: Uint8Array = (() => {
  const pairs = new Uint8Array(65_536);
  for (const part of PARTS) {
    const word = wordOf(part);
    pairs[word & 0xffff] = 1;
    pairs[(word >>> 8) & 0xffff] = 1;
  }
  return pairs;
})();

/** Four bytes, already with LOWER. */
export function isSuspectWord(word: number): boolean {
  return slots[slotOf(word)] === word;
}

function slotOf(word: number): number {
  return Math.imul(word, HASH) >>> 20;
}
