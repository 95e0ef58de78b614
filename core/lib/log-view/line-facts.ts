// What a single line says about itself: when it was written, how grave it is, which rank wrote it. Plain text, escapes gone.
import { parseEnvelope, stampMs } from '../logs/envelope.ts';

export type LineLevel = 'debug' | 'info' | 'warning' | 'error';

/** Facts stand at the beginning; a long line is not searched to its end. */
const LOOKED_AT = 400;

const isoStamp =
  /(?:^|[\s[(|])(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,6}))?(Z|[+-]\d\d:?\d\d)?(?=$|[\s\],|)-])/;
const shortStamp = /(?:^|[\s[])(\d\d\/\d\d(?:\/\d{4})? \d\d:\d\d:\d\d)(?=[\s,\]])/;
const glogStamp = /(?:^|\s)[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\s/;

/**
 * Unix ms of the time that stands at the beginning of the line, or null. Times without a zone are read as UTC, those without a
 * year as the last such day before `referenceMs`: good for distances between lines, not for clocks on a wall.
 */
export function lineTimeMs(line: string, referenceMs: number): number | null {
  const head = line.length > LOOKED_AT ? line.slice(0, LOOKED_AT) : line;
  const iso = isoStamp.exec(head);
  if (iso) {
    const [, day = '', clock = '', fraction = '', zone = ''] = iso;
    const at = Date.parse(
      `${day}T${clock}${zone === '' ? 'Z' : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`,
    );
    return Number.isNaN(at) ? null : at + fractionMs(fraction);
  }
  const short = shortStamp.exec(head)?.[1];
  if (short !== undefined) return finite(stampMs(short, referenceMs));
  const glog = glogStamp.exec(head);
  if (!glog) return null;
  const [, month = '', day = '', clock = '', fraction = ''] = glog;
  const at = finite(stampMs(`${month}/${day} ${clock}`, referenceMs));
  return at === null ? null : at + fractionMs(fraction);
}

function fractionMs(digits: string): number {
  return digits === '' ? 0 : Math.round(Number(`0.${digits}`) * 1000);
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const levelWord =
  /(?:^|[\s[|(:<-])(DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|SEVERE)(?=$|[\s\]|):>,-])/;
const glogLevel = /^(?:\d+: ?)?(?:\[[^\]]*\]:? ?)?([IWEF])\d{4} \d\d:/;
/** `FutureWarning:`, `torch.OutOfMemoryError:`; `error:` at the beginning or behind a place, as compilers print it. */
const pythonWord =
  /(?:^|[\s.:])\w*(Warning|Error|Exception)(?=:|$)|(?:^|: |\]:? ?)(warning|error|fatal)(?=:)/;

/** The level a line names, or what its words make it. Null for ordinary text. */
export function lineLevel(line: string): LineLevel | null {
  const head = line.length > LOOKED_AT ? line.slice(0, LOOKED_AT) : line;
  const word = levelWord.exec(head)?.[1];
  if (word !== undefined) return levelOfWord(word);
  const glog = glogLevel.exec(head)?.[1];
  if (glog !== undefined) return glog === 'I' ? 'info' : glog === 'W' ? 'warning' : 'error';
  const python = pythonWord.exec(head);
  if (python) return /warning/i.test(python[1] ?? python[2] ?? '') ? 'warning' : 'error';
  return /Traceback \(most recent call last\)|Segmentation fault|^Killed$|core dumped/.test(head)
    ? 'error'
    : null;
}

function levelOfWord(word: string): LineLevel {
  if (word === 'DEBUG') return 'debug';
  if (word === 'INFO' || word === 'NOTICE') return 'info';
  return word.startsWith('WARN') ? 'warning' : 'error';
}

/** `rank 3`, `DP 0 TP 1`, `task 2`: as the line itself names who wrote it. Null when it does not. */
export function lineRank(line: string): string | null {
  const head = line.slice(0, LOOKED_AT);
  const rank = /\[rank ?(\d+)\]|\[Rank (\d+)\]|\[default(\d+)\]/.exec(head);
  if (rank) return `rank ${rank[1] ?? rank[2] ?? rank[3]}`;
  const tags = Object.entries(parseEnvelope(head)?.ranks ?? {});
  if (tags.length > 0) return tags.map(([dimension, value]) => `${dimension} ${value}`).join(' ');
  const task = /^(\d{1,6}): /.exec(head)?.[1];
  return task === undefined ? null : `task ${task}`;
}
