// One script that looks on a target at everything a launch relies on there: token folders, disks, earlier checkpoints, the checkout of
// the tool, and what a recipe's own program has to say. One round trip; every part may fail for itself. POSIX sh.
import { quoteWord } from '../remote/quote.ts';
import { type PackageAnswer, packageLines, type PackageQuestion, parsePackages } from './package-look.ts';
import { FIELD, PART } from '../remote/answer-parts.ts';

/** A folder of more files than this is no merged corpus; what was read of it still counts. */
const MAX_FILES = 20_000;
const MAX_PROGRAM_OUTPUT = 65_536;

export interface LookProgram {
  /** Its text, and the text of the config it is given. */
  readonly text: string;
  readonly config: { readonly name: string; readonly text: string } | null;
  /** Words of the shell; they may use $NESSO_RUN_FOLDER, below which the config lies. */
  readonly words: readonly string[];
  /** The folder of the Python of the target, as a word; null for the one on PATH. */
  readonly pythonFolder: string | null;
}

export interface LookRequest {
  /** Words of the shell. */
  readonly dataFolders: readonly string[];
  /** Where something is to be written; the nearest folder that exists is looked at. */
  readonly disks: readonly string[];
  readonly checkout: string | null;
  /** Files and folders that are there or not. */
  readonly paths?: readonly string[];
  readonly program: LookProgram | null;
  /** What the recipe starts; absent where nothing is known of it. */
  readonly packages?: PackageQuestion | null;
  /** The batch script, for `bash -n`. */
  readonly script: string | null;
}

export interface TokenFile {
  readonly name: string;
  readonly bytes: number;
}

/** The first two lines of a `.ds.metadata` file: `tokenizer|bytes`, number of tokens. */
export interface TokenMetadata {
  readonly file: string;
  readonly tokenizer: string;
  readonly bytesPerToken: number | null;
  readonly tokens: number | null;
}

export interface DataFolder {
  /** Absolute; null where there is no such folder. */
  readonly folder: string | null;
  readonly files: readonly TokenFile[];
  readonly metadata: readonly TokenMetadata[];
}

export interface DiskSpace {
  /** The folder that exists. */
  readonly folder: string;
  readonly freeBytes: number | null;
  /** What a quota of this login leaves; null where none is told. */
  readonly quotaFreeBytes: number | null;
}

export interface GitState {
  readonly branch: string | null;
  readonly commit: string | null;
  readonly remote: string | null;
  /** Files of git that differ from the commit. */
  readonly changedFiles: number;
}

export interface LookAnswer {
  readonly dataFolders: readonly DataFolder[];
  readonly disks: readonly (DiskSpace | null)[];
  /** As the shell there expands them. */
  readonly paths: readonly { readonly path: string; readonly isThere: boolean }[];
  /** Null where it is no repository, or git is not there. */
  readonly checkout: GitState | null;
  readonly program: { readonly exitCode: number; readonly output: string; readonly errors: string } | null;
  /** Null where nothing was asked, or its environment could not be made. */
  readonly packages: PackageAnswer | null;
  /** What `bash -n` said; empty where it said nothing. */
  readonly scriptErrors: string;
}

export function lookScript({
  dataFolders,
  disks,
  paths = [],
  checkout,
  program,
  packages = null,
  script,
}: LookRequest): string {
  const part = (name: string): string => `printf '\n${PART}%s\n' ${quoteWord(name)}`;
  return [
    'export LC_ALL=C',
    ...dataFolders.flatMap((folder, index) => [
      part(`data ${index}`),
      `( ${dataLines(folder).join('\n')}\n) 2>/dev/null`,
    ]),
    ...disks.flatMap((folder, index) => [
      part(`disk ${index}`),
      `( ${diskLines(folder).join('\n')}\n) 2>/dev/null`,
    ]),
    ...(paths.length === 0 ? [] : [part('paths')]),
    ...paths.map((path) => `p=${path}; printf '%s${FIELD}%s\\n' "$p" "$([ -e "$p" ] && echo 1)"`),
    ...(checkout === null ? [] : [part('checkout'), `( ${gitLines(checkout).join('\n')}\n) 2>/dev/null`]),
    ...(program === null ? [] : [part('program'), ...programLines(program)]),
    ...(packages === null ? [] : [part('packages'), ...packageLines(packages)]),
    ...(script === null
      ? []
      : [part('bash'), `printf '%s' ${quoteWord(script)} | bash --norc -n 2>&1 | head -n 20`]),
    'true',
  ].join('\n');
}

function dataLines(folder: string): readonly string[] {
  return [
    `cd -- ${folder} || exit 0`,
    'pwd -P',
    `ls -lnL . | grep '\\.ds$' | head -n ${MAX_FILES}`,
    // The shell reads two lines of each itself: thousands of files need no process.
    `i=0; for m in *.metadata; do [ -f "$m" ] && [ "$i" -lt ${MAX_FILES} ] || continue; i=$((i+1)); a=; b=; { IFS= read -r a; IFS= read -r b; } < "$m"`,
    `printf '${FIELD}%s${FIELD}%s${FIELD}%s\\n' "$m" "$a" "$b"; done`,
  ];
}

function diskLines(folder: string): readonly string[] {
  return [
    `p=${folder}; while [ ! -d "$p" ]; do n=$(dirname -- "$p"); [ "$n" = "$p" ] && break; p=$n; done`,
    'cd -- "$p" && p=$(pwd -P); printf "%s\\n" "$p"; df -Pk -- "$p" | tail -n 1',
    `printf '${FIELD}\\n'; command -v lfs > /dev/null && lfs quota -q -u "$(id -un)" "$p"`,
    `printf '${FIELD}\\n'; command -v quota > /dev/null && quota -w -p`,
  ];
}

/** A team's checkout often belongs to a colleague, which git refuses to read unless told; its code is about to be run anyhow. */
function gitLines(checkout: string): readonly string[] {
  const git = `git -c safe.directory='*' -c core.fsmonitor=false`;
  return [
    `cd -- ${checkout} && ${git} rev-parse HEAD || exit 0`,
    `${git} rev-parse --abbrev-ref HEAD; ${git} config --get remote.origin.url || echo`,
    `${git} status --porcelain --untracked-files=no | head -n 1000 | wc -l`,
  ];
}

function programLines({ text, config, words, pythonFolder }: LookProgram): readonly string[] {
  return [
    't=$(mktemp -d) || exit 0',
    `printf '%s' ${quoteWord(text)} > "$t"/program`,
    ...(config === null
      ? []
      : [
          `mkdir "$t"/inputs && printf '%s' ${quoteWord(config.text)} > "$t"/inputs/${quoteWord(config.name)}`,
        ]),
    `( export NESSO_RUN_FOLDER="$t"${pythonFolder === null ? '' : ` PATH=${pythonFolder}:"$PATH"`}; python3 "$t"/program ${words.join(' ')} ) > "$t"/out 2> "$t"/err < /dev/null`,
    `printf '%s\\n' "$?"; head -c ${MAX_PROGRAM_OUTPUT} "$t"/out; printf '${FIELD}'; head -c ${MAX_PROGRAM_OUTPUT} "$t"/err; rm -rf -- "$t"`,
  ];
}

export function parseLook(request: LookRequest, answer: string): LookAnswer {
  const parts = new Map<string, string>();
  for (const part of answer.split(`\n${PART}`).slice(1)) {
    const end = part.indexOf('\n');
    parts.set(part.slice(0, end === -1 ? part.length : end), end === -1 ? '' : part.slice(end + 1));
  }
  const text = (name: string): string => parts.get(name) ?? '';
  return {
    dataFolders: request.dataFolders.map((_, index) => dataFolderOf(text(`data ${index}`))),
    disks: request.disks.map((_, index) => diskOf(text(`disk ${index}`))),
    paths: pathsOf(text('paths'), request.paths?.length ?? 0),
    checkout: gitOf(text('checkout')),
    program: request.program === null ? null : programOf(text('program')),
    packages: request.packages == null ? null : parsePackages(text('packages')),
    scriptErrors: text('bash').trim(),
  };
}

function pathsOf(text: string, count: number): LookAnswer['paths'] {
  const lines = text.split('\n');
  return Array.from({ length: count }, (_, index) => {
    const [path = '', there = ''] = (lines[index] ?? '').split(FIELD);
    return { path: path.replace(/\/+$/, ''), isThere: there === '1' };
  });
}

function dataFolderOf(text: string): DataFolder {
  const files: TokenFile[] = [];
  const metadata: TokenMetadata[] = [];
  const [folder = '', ...lines] = text.split('\n');
  for (const line of lines) {
    if (line.startsWith(FIELD)) {
      const [, file = '', first = '', second = ''] = line.split(FIELD);
      const cut = first.lastIndexOf('|');
      const bytes = /^\d+$/.exec(first.slice(cut + 1))?.[0];
      metadata.push({
        file,
        tokenizer: cut < 0 ? first : first.slice(0, cut),
        bytesPerToken: cut < 0 || bytes === undefined ? null : Number(bytes),
        tokens: /^\d+$/.test(second.trim()) ? Number(second.trim()) : null,
      });
      continue;
    }
    // Mode, links, user, group, size, month, day, time or year, name: `ls -ln` of every system.
    const found = /^\S+\s+\d+\s+\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\S+\s(.+\.ds)$/.exec(line);
    if (found) files.push({ name: found[2] ?? '', bytes: Number(found[1]) });
  }
  return { folder: folder.startsWith('/') ? folder : null, files, metadata };
}

function diskOf(text: string): DiskSpace | null {
  const [head = '', lustre = '', unix = ''] = text.split(FIELD);
  const [folder = '', line = ''] = head.split('\n');
  if (!folder.startsWith('/')) return null;
  const found = /^(\S.*?)\s+\d+\s+\d+\s+(\d+)\s+\d+%\s/.exec(line);
  return {
    folder,
    freeBytes: found ? Number(found[2]) * 1024 : null,
    quotaFreeBytes: lustreFree(lustre) ?? unixFree(unix, found?.[1] ?? ''),
  };
}

/** `/scratch 1234* 5000 6000 …`: used, soft and hard limit in KiB; 0 is no limit. A star marks what is over. */
function lustreFree(text: string): number | null {
  const found = /^\s*\S+\s+(\d+)\*?\s+(\d+)\s+(\d+)\s/m.exec(text);
  return found ? freeOf(found) : null;
}

/** The line of the disk's own file system: the login may have quotas on several. */
function unixFree(text: string, fileSystem: string): number | null {
  for (const line of text.split('\n')) {
    const found = /^\s*(\S+)\s+(\d+)\*?\s+(\d+)\s+(\d+)\s/.exec(line);
    if (found && found[1] === fileSystem)
      return freeOf([found[0], found[2] ?? '', found[3] ?? '', found[4] ?? '']);
  }
  return null;
}

function freeOf(found: readonly string[]): number | null {
  const [, used = '0', soft = '0', hard = '0'] = found;
  const limit = Number(soft) === 0 ? Number(hard) : Number(soft);
  return limit === 0 ? null : Math.max(0, limit - Number(used)) * 1024;
}

function gitOf(text: string): GitState | null {
  const [commit = '', branch = '', remote = '', changed = ''] = text.trim().split('\n');
  if (!/^[0-9a-f]{40}/.test(commit)) return null;
  return {
    commit,
    branch: branch === 'HEAD' || branch === '' ? null : branch,
    remote: remote === '' ? null : withoutSecret(remote),
    changedFiles: Number.parseInt(changed, 10) || 0,
  };
}

/** `https://user:token@host/…` must not be written down. */
function withoutSecret(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}

function programOf(text: string): LookAnswer['program'] {
  const end = text.indexOf('\n');
  const code = Number.parseInt(text.slice(0, end), 10);
  if (end < 0 || !Number.isInteger(code)) return null;
  const [output = '', errors = ''] = text.slice(end + 1).split(FIELD);
  return { exitCode: code, output, errors };
}
