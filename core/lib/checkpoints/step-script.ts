// One question about one checkpoint on another computer: is it whole, which files does it have, where is its tokenizer. The answer is
// lines; times and inodes tell whether a file was written again. Never writes.
import type { Checkpoint } from '../../api/checkpoints.ts';
import { quoteWord, remotePath } from '../remote/quote.ts';
import { LATEST_FILES, MAX_SMALL_FILE_BYTES, readCheckpoint, SMALL_FILES } from './layouts.ts';

/** A model of a thousand tensors on a hundred ranks has fewer. */
const MAX_FILES = 200_000;

export interface StepQuestion {
  /** Absolute there. */
  readonly path: string;
  /** As the config names it: a path, or a name of the hub. Null where nothing is said. */
  readonly tokenizer: string | null;
  /** Where a relative path of the config begins: a word for `remotePath`. */
  readonly base: string;
}

export interface RemoteFileLook {
  /** Below its folder, forward slashes. */
  readonly path: string;
  readonly sizeBytes: number;
  /** `<size> <modified> <changed> <inode>` */
  readonly stamp: string;
}

export interface StepLook {
  /** Absolute there, links resolved; null when it is gone. */
  readonly path: string | null;
  readonly checkpoint: Checkpoint | null;
  readonly files: readonly RemoteFileLook[];
  /** Where it lies when it is not beside the weights. */
  readonly tokenizer: { readonly folder: string; readonly files: readonly RemoteFileLook[] } | null;
  readonly canHash: boolean;
  /** What could not be read. */
  readonly refused: readonly string[];
}

/** POSIX sh; needs stat, find and base64 of GNU or busybox. */
export function stepScript({ path, tokenizer, base }: StepQuestion): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return [
    'export LC_ALL=C',
    `cd -- ${quoteWord(path)} 2>/dev/null || { echo "F -"; echo Z; exit 0; }`,
    'echo "F $(pwd -P)"',
    `echo "N "${quoteWord(name)}`,
    `[ -f ../${LATEST_FILES[0]} ] && echo "L $(head -c 20 ../${LATEST_FILES[0]})"`,
    'ls -1 2>/dev/null | head -n 4000 | sed "s/^/E /"',
    `for f in ${SMALL_FILES.join(' ')}; do [ -f "$f" ] && echo "T $f $(head -c ${MAX_SMALL_FILE_BYTES} -- "$f" | base64 | tr -d "\\n")"; done`,
    `find -L . \\( -path ./optimizer -o -path ./random -o -path ./lr_scheduler \\) -prune -o -type f -exec stat -Lc "P %s %Y %Z %i %n" {} + 2>&1 | head -n ${MAX_FILES}`,
    ...tokenizerLines(tokenizer, base),
    'if command -v sha256sum >/dev/null 2>&1 || command -v openssl >/dev/null 2>&1; then echo "H 1"; else echo "H 0"; fi',
    'echo Z',
  ].join('\n');
}

/** A folder, or a model of the hub in the cache of the target. */
function tokenizerLines(tokenizer: string | null, base: string): readonly string[] {
  if (tokenizer === null || /\p{Cc}/u.test(tokenizer)) return [];
  const places = /^[/~$]/.test(tokenizer)
    ? [remotePath(tokenizer)]
    : [
        `${remotePath(base)}/${quoteWord(tokenizer)}`,
        `"\${HF_HUB_CACHE:-\${HF_HOME:-$HOME/.cache/huggingface}/hub}"/${quoteWord(`models--${tokenizer.replaceAll('/', '--')}`)}/snapshots/*`,
      ];
  return [
    `for t in ${places.join(' ')}; do`,
    '[ -f "$t/tokenizer.json" ] || [ -f "$t/tokenizer.model" ] || continue',
    'echo "K $(cd -- "$t" && pwd)"',
    'for f in "$t"/*; do [ -f "$f" ] && [ -r "$f" ] && echo "Q $(stat -Lc "%s %Y %Z %i" -- "$f") ${f##*/}"; done',
    'break; done',
  ];
}

/** Null when the answer broke off. */
export function parseStep(answer: string): StepLook | null {
  const lines = answer.split('\n');
  if (!lines.includes('Z')) return null;
  let path: string | null = null;
  let name = '';
  let latest: string | null = null;
  let tokenizerFolder: string | null = null;
  let canHash = false;
  const entries: string[] = [];
  const texts: Record<string, string> = {};
  const files: RemoteFileLook[] = [];
  const tokenizerFiles: RemoteFileLook[] = [];
  const refused: string[] = [];
  for (const line of lines) {
    const rest = line.slice(2);
    const mark = line.slice(0, 2);
    if (mark === 'F ') path = rest === '-' ? null : rest;
    else if (mark === 'N ') name = rest;
    else if (mark === 'L ') latest = rest;
    else if (mark === 'E ') entries.push(rest);
    else if (mark === 'K ') tokenizerFolder = rest;
    else if (mark === 'H ') canHash = rest === '1';
    else if (mark === 'P ') files.push(...fileOf(rest));
    else if (mark === 'Q ') tokenizerFiles.push(...fileOf(rest));
    else if (mark === 'T ') {
      const [file = '', data = ''] = rest.split(' ');
      texts[file] = textOf(data);
    } else if (/permission denied/i.test(line)) refused.push(line);
  }
  const sizeBytes = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const looks = { name, entries, texts, sizeBytes, files: files.length, modifiedMs: null };
  return {
    path,
    checkpoint: path === null ? null : readCheckpoint(looks, parentOf(path), latest),
    files,
    tokenizer: tokenizerFolder === null ? null : { folder: tokenizerFolder, files: tokenizerFiles },
    canHash,
    refused,
  };
}

function fileOf(line: string): readonly RemoteFileLook[] {
  const found = /^((\d+) \d+ \d+ \d+) (?:\.\/)?(.+)$/.exec(line);
  return found ? [{ path: found[3] ?? '', sizeBytes: Number(found[2]), stamp: found[1] ?? '' }] : [];
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function textOf(base64: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return '';
  }
}
