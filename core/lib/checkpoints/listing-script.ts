// One question to another computer about all checkpoint folders of its runs: names, small files, sizes, free disk. What is known to be
// whole is only named again, so a poll costs little however many checkpoints there are.
import type { Checkpoint } from '../../api/checkpoints.ts';
import { quoteWord, remotePath } from '../remote/quote.ts';
import { LATEST_FILES, MAX_SMALL_FILE_BYTES, NAME_PATTERN, readCheckpoint, SMALL_FILES } from './layouts.ts';

/** More folders than any run leaves; the newest are asked first. */
const MAX_CHECKPOINTS = 2000;
/** Looked at more closely in one poll: each walks a tree of hundreds of files. */
const MAX_CLOSE_LOOKS = 20;
const MAX_ENTRIES = 4000;

export interface ListedFolder {
  /** As the config has it; relative to `base`. */
  readonly folder: string;
  /** The folder that a relative one starts from. */
  readonly base: string;
  /** Names of checkpoints that are known to be whole. */
  readonly known: readonly string[];
}

export interface FolderListing {
  /** Absolute there; null when there is no such folder. */
  readonly path: string | null;
  readonly latestText: string | null;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
  /** Names of all folders that may be checkpoints. */
  readonly names: readonly string[];
  /** Those looked at closely. */
  readonly looked: readonly Checkpoint[];
}

/** POSIX sh; needs stat, find, awk and base64 of GNU or busybox. Never writes. */
export function listingScript(folders: readonly ListedFolder[]): string {
  return [
    'export LC_ALL=C',
    LOOK,
    ...folders.map((folder, index) => `look ${index} ${wordsOf(folder)}`),
    'true',
  ].join('\n');
}

function wordsOf({ folder, base, known }: ListedFolder): string {
  const isAbsolute = /^(?:\/|~(?:\/|$)|\$\{?(?:HOME|SCRATCH|WORK)\}?(?:\/|$))/.test(folder);
  const path = isAbsolute ? remotePath(folder) : `${remotePath(base)}/${quoteWord(folder)}`;
  return `${path} ${quoteWord(` ${known.join(' ')} `)}`;
}

/** Where both lie in one folder, the older trainer's: neither counts the steps of the other. */
export const LATEST_LINE = `for f in ${LATEST_FILES.join(' ')}; do [ -f "$f" ] && { echo "L $(head -c 20 "$f")"; break; }; done`;

const SIZES =
  '-exec stat -c "%s %Y" {} + 2>/dev/null | awk \'{s += $1; c += 1; if ($2 > m) m = $2} END {printf "S %.0f %d %d\\n", s, c, m}\'';

function textLine(name: string, path: string): string {
  return `[ -f ${path} ] && echo "T "${name}" $(head -c ${MAX_SMALL_FILE_BYTES} -- ${path} | base64 | tr -d "\\n")"`;
}

/** `F` folder, `D` disk, `L` latest, `N` a name; of one that is looked at: `C`, `E` entries, `T` small files, `S` size, count, newest. */
const LOOK = [
  'look() {',
  '( cd -- "$2" 2>/dev/null || { echo "F $1 -"; exit 0; }',
  'echo "F $1 $(pwd -P)"',
  'df -Pk . 2>/dev/null | awk \'NR == 2 {print "D", $4, $2}\'',
  LATEST_LINE,
  'close=0',
  `ls -1t 2>/dev/null | grep -E "${NAME_PATTERN}" | head -n ${MAX_CHECKPOINTS} | while IFS= read -r n; do`,
  // The files of a checkpoint of nanochat lie beside those of all others.
  'case $n in *.pt) [ -f "$n" ] || continue; s=${n#model_}; s=${s%.pt};; *) [ -d "$n" ] || continue; s=;; esac',
  'echo "N $n"',
  'case $3 in *" $n "*) continue;; esac',
  `[ "$close" -ge ${MAX_CLOSE_LOOKS} ] && continue`,
  'close=$((close+1))',
  'echo "C $n"',
  'if [ -n "$s" ]; then',
  'for f in "$n" "meta_$s.json" "optim_${s}_rank"*.pt; do [ -f "$f" ] && echo "E $f"; done',
  textLine('"meta_$s.json"', '"meta_$s.json"'),
  `find . -maxdepth 1 -type f \\( -name "$n" -o -name "meta_$s.json" -o -name "optim_\${s}_rank*.pt" \\) ${SIZES}`,
  'else',
  `ls -1A -- "$n" 2>/dev/null | head -n ${MAX_ENTRIES} | sed "s/^/E /"`,
  `for f in ${SMALL_FILES.join(' ')}; do ${textLine('"$f"', '"$n/$f"')}; done`,
  `find "$n" -type f ${SIZES}`,
  'fi',
  'done ) ; }',
].join('\n');

/** Lines that are torn or strange are left out: the next poll asks again. */
export function parseListing(answer: string, count: number): readonly FolderListing[] {
  const listings: MutableListing[] = Array.from({ length: count }, () => ({
    path: null,
    latestText: null,
    disk: null,
    names: [],
    looked: [],
  }));
  let current: MutableListing | undefined;
  let looks: MutableLooks | null = null;
  const finish = () => {
    const done = current === undefined || looks === null ? null : wholeLooks(looks, current);
    if (done !== null) current?.looked.push(done);
    looks = null;
  };
  for (const line of answer.split('\n')) {
    const rest = line.slice(2);
    switch (line.slice(0, 2)) {
      case 'F ': {
        finish();
        const [index = '', ...path] = rest.split(' ');
        current = listings[Number(index)];
        if (current && path.join(' ') !== '-') current.path = path.join(' ');
        break;
      }
      case 'D ': {
        const [free = 0, total = 0] = rest.split(' ').map(Number);
        if (current && total > 0) current.disk = { freeBytes: free * 1024, totalBytes: total * 1024 };
        break;
      }
      case 'L ':
        if (current) current.latestText = rest;
        break;
      case 'N ':
        finish();
        current?.names.push(rest);
        break;
      case 'C ':
        finish();
        looks = { name: rest, entries: [], texts: {}, sizeBytes: null, files: null, modifiedMs: null };
        break;
      case 'E ':
        looks?.entries.push(rest);
        break;
      case 'T ': {
        const [name = '', data = ''] = rest.split(' ');
        if (looks) looks.texts[name] = decodeBase64(data);
        break;
      }
      case 'S ': {
        const [size = Number.NaN, files = Number.NaN, seconds = Number.NaN] = rest.split(' ').map(Number);
        if (looks && Number.isFinite(size)) {
          looks.sizeBytes = size;
          looks.files = files;
          looks.modifiedMs = seconds > 0 ? seconds * 1000 : null;
        }
        finish();
        break;
      }
      default:
        break;
    }
  }
  return listings;
}

interface MutableListing {
  path: string | null;
  latestText: string | null;
  disk: FolderListing['disk'];
  readonly names: string[];
  readonly looked: Checkpoint[];
}

interface MutableLooks {
  readonly name: string;
  readonly entries: string[];
  readonly texts: Record<string, string>;
  sizeBytes: number | null;
  files: number | null;
  modifiedMs: number | null;
}

/** Its size comes last: without it the answer broke off. */
function wholeLooks(looks: MutableLooks, { path, latestText }: MutableListing): Checkpoint | null {
  return looks.sizeBytes === null || path === null ? null : readCheckpoint(looks, path, latestText);
}

function decodeBase64(text: string): string {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  } catch {
    return '';
  }
}
