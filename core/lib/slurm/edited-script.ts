// A batch script that a person edited, made fit to be submitted: what the studio needs to find the job again and to know how it ended
// is put back where it was taken out, with a sentence; what would defeat it is refused. The rest is the person's own.
import type { ScriptNote } from '../../api/launches.ts';
import { jobName, logFile, studioLines } from './batch-script.ts';
import type { Scheduler } from './launch-lines.ts';
import { type Directive, readDirectives, valueOf } from './directives.ts';

/** sbatch's own default limit (max_script_size) is 4 MB. */
export const MAX_SCRIPT_LENGTH = 1024 * 1024;
/** Stands for the token of a run that is not launched yet. */
export const PREVIEW_TOKEN = 'TOKEN';

export interface ScriptIdentity {
  readonly name: string;
  readonly token: string;
  /** Absent is Slurm. */
  readonly launch?: { readonly scheduler?: Scheduler };
}

export interface CompletedScript {
  readonly text: string;
  /** In the order of the lines. Line numbers are those of the edited text, from 1. */
  readonly notes: readonly ScriptNote[];
}

export function isRefused(notes: readonly ScriptNote[]): boolean {
  return notes.some(({ kind }) => kind === 'refused');
}

/** Never throws. Where something is refused, the text must not be submitted. */
export function completeScript(edited: string, identity: ScriptIdentity): CompletedScript {
  const notes: ScriptNote[] = [];
  const note = (kind: ScriptNote['kind'], line: number | null, message: string, reason: string): void => {
    notes.push({ kind, line: line === null ? null : line + 1, message, reason });
  };
  if (edited.length > MAX_SCRIPT_LENGTH) {
    note('refused', null, 'The script is larger than 1 MB', 'Sites refuse such scripts; let it call a file');
    return { text: edited, notes };
  }
  let text = edited;
  if (text.includes('\0')) {
    note('refused', null, 'The script holds a zero byte', 'No shell reads such a file');
    return { text, notes };
  }
  // Elsewhere a carriage return may be part of a value.
  if (/^[^\n]*\r\n/.test(text)) {
    text = text.replaceAll('\r\n', '\n');
    note('restored', null, 'Line ends of Windows were replaced', 'bash takes a carriage return for text');
  }
  if (!text.endsWith('\n')) text += '\n';
  checkShebang(text, note);
  checkCommands(text, note);
  const reading = readDirectives(text);
  const quoted = quotedLines(text);
  for (const line of reading.late) {
    if (quoted.has(line)) continue;
    note('noted', line, 'sbatch does not read this directive', 'A command stands before it');
  }
  checkDirectives(reading.directives, note);
  if (identity.launch?.scheduler !== 'processes') text = restoreDirectives(text, identity, note);
  text = restoreStudioLines(text, note);
  return { text, notes: notes.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0)) };
}

type Note = (kind: ScriptNote['kind'], line: number | null, message: string, reason: string) => void;

function checkShebang(text: string, note: Note): void {
  const [first = ''] = text.split('\n', 1);
  if (!first.startsWith('#!'))
    note(
      'refused',
      0,
      'The first line must name a shell, such as #!/bin/bash',
      'sbatch refuses the script otherwise',
    );
  else if (!/\b(?:ba|da|k|z)?sh\b/.test(first)) {
    const reason = 'How the job began and ended is noted by lines of shell; start other programs from there';
    note('refused', 0, 'The script must be one of a shell', reason);
  }
}

/** Zero-based lines that begin inside quotes: text of a value, no commands. */
function quotedLines(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  let quote = '';
  let line = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\n') {
      line += 1;
      if (quote !== '') found.add(line);
    } else if (quote === "'") {
      if (character === "'") quote = '';
    } else if (character === '\\') {
      if (text.charAt(index + 1) !== '\n') index += 1;
    } else if (quote === '"') {
      if (character === '"') quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '#' && /^\s?$/.test(text.charAt(index - 1))) {
      // A comment may hold an apostrophe.
      const end = text.indexOf('\n', index);
      index = (end < 0 ? text.length : end) - 1;
    }
  }
  return found;
}

/** Commands that would keep the end of the job from being noted. */
function checkCommands(text: string, note: Note): void {
  const own = new Set(studioLines().map((line) => line.trim()));
  const quoted = quotedLines(text);
  for (const [line, written] of text.split('\n').entries()) {
    const command = written.trim();
    if (own.has(command) || quoted.has(line)) continue;
    const trapped = /^trap\s+(?:--\s+)?(?:'[^']*'|"[^"]*"|\S+)\s+(.*)$/.exec(command)?.[1] ?? '';
    if (/(?:^|\s)(?:EXIT|SIGEXIT|0)(?:\s|;|$)/.test(trapped)) {
      const reason =
        'It would replace the one that notes how the job ended; put its commands at the end of the script';
      note('refused', line, 'A trap on EXIT cannot be set here', reason);
    } else if (/(?:^|\s)(?:SIG)?TERM(?:\s|;|$)/.test(trapped)) {
      const reason = 'The warning before the time limit no longer reaches the command by itself';
      note('noted', line, 'This trap takes the place of the studio’s own', reason);
    }
    // `exec > file` only redirects.
    if (/^exec\s+(?![0-9]*[<>])\S/.test(command)) {
      note(
        'refused',
        line,
        'exec replaces the script',
        'Nobody would be left to note how the job ended; leave exec out',
      );
    }
  }
}

function checkDirectives(directives: readonly Directive[], note: Note): void {
  for (const { option, value, line } of directives) {
    if (option === 'chdir') {
      const reason =
        'The studio reads log, metrics and the end of the job in the run’s own folder; use cd in the script';
      note('refused', line, 'The job cannot start in another folder', reason);
    } else if (option === 'clusters') {
      note(
        'refused',
        line,
        'The job cannot go to another cluster',
        'The studio asks the scheduler of this target only',
      );
    } else if (option === 'wrap' || option === 'test-only') {
      note('refused', line, `--${option} has no place in a script`, 'Nothing would be submitted');
    } else if (option === 'error') {
      note(
        'noted',
        line,
        `Errors go to ${value ?? 'a file of their own'}`,
        'They are not in the log that the studio shows',
      );
    } else if (option === 'hold') {
      note('noted', line, 'The job is held', 'It waits until somebody releases it: scontrol release');
    }
  }
}

interface Managed {
  readonly option: string;
  readonly value: string;
  /** What else counts as untouched. */
  readonly isOwn: (value: string | null) => boolean;
  readonly message: string;
  readonly reason: string;
}

function restoreDirectives(text: string, { name, token }: ScriptIdentity, note: Note): string {
  const { directives } = readDirectives(text);
  const log = logFile(valueOf(directives, 'array') ?? null);
  const endsInToken = (separator: string) => (value: string | null) =>
    value !== null && [token, PREVIEW_TOKEN].some((one) => value.endsWith(`${separator}${one}`));
  const managed: readonly Managed[] = [
    {
      option: 'job-name',
      value: jobName(name, token),
      isOwn: endsInToken('.'),
      message: 'The job’s name was put back',
      reason: 'It ends in a token by which the job is found again when its number is lost',
    },
    {
      option: 'comment',
      value: `nesso:${token}`,
      isOwn: endsInToken(':'),
      message: 'The comment was put back',
      reason: 'It holds the token by which the run is told from others',
    },
    {
      option: 'output',
      value: log,
      // Becoming an array, or one job again, renames it.
      isOwn: (value) => value === logFile(null) || value === logFile('0'),
      message: `The log goes to ${log} again`,
      reason: 'The studio follows that file',
    },
    {
      option: 'open-mode',
      value: 'append',
      isOwn: () => false,
      message: 'The log is appended to again',
      reason: 'A requeued job would wipe what it had printed before',
    },
  ];
  const lines: (string | null)[] = text.split('\n');
  const added: string[] = [];
  const removed = new Set<Directive>();
  for (const { option, value, isOwn, message, reason } of managed) {
    const found = directives.filter((directive) => directive.option === option);
    const [only] = found;
    if (found.length === 1 && only?.value === value) continue;
    const wanted = `#SBATCH --${option}=${value}`;
    const alone = only !== undefined && directives.filter(({ line }) => line === only.line).length === 1;
    if (found.length === 1 && only && alone) {
      lines[only.line] = wanted;
      if (!isOwn(only.value)) note('restored', only.line, message, reason);
      continue;
    }
    for (const directive of found) removed.add(directive);
    added.push(wanted);
    note('restored', only?.line ?? null, message, reason);
  }
  for (const line of new Set([...removed].map((directive) => directive.line))) {
    const others = directives.filter((other) => other.line === line && !removed.has(other));
    lines[line] = others.length === 0 ? null : `#SBATCH ${others.map(written).join(' ')}`;
  }
  const [first = '', ...rest] = lines;
  return [first, ...added, ...rest].filter((line) => line !== null).join('\n');
}

function written({ option, value }: Directive): string {
  if (value === null) return `--${option}`;
  return `--${option}=${/[\s"'#]/.test(value) ? `"${value.replaceAll('"', '')}"` : value}`;
}

/** The lines by which the job tells when it began and how it ended: whole and before every command, or put there. */
function restoreStudioLines(text: string, note: Note): string {
  const wanted = studioLines();
  const lines = text.split('\n');
  const needed = wanted.filter((line) => !line.startsWith('#'));
  const places = needed.map((line) => lines.findIndex((candidate) => candidate.trim() === line.trim()));
  const isWhole = places.every(
    (place, index) => place >= 0 && (index === 0 || place > (places[index - 1] ?? 0)),
  );
  const { firstCommand } = readDirectives(text);
  if (isWhole && places[0] === firstCommand) return text;
  const known = new Set(wanted.map((line) => line.trim()));
  const start = places.find((place) => place >= 0) ?? -1;
  const ownLines = new Set<number>();
  for (const [index, line] of lines.entries()) {
    // A closing brace may be anybody's: it goes only with the lines of the function it ends.
    const isOwn = line.trim() === '}' ? ownLines.has(index - 1) : known.has(line.trim());
    if (isOwn) ownLines.add(index);
  }
  const kept = lines.filter((_, index) => !ownLines.has(index));
  const command = readDirectives(kept.join('\n')).firstCommand;
  note(
    'restored',
    start < 0 ? null : start,
    'The lines that note the beginning and the end were put back',
    'Without them nobody knows how the job ended where Slurm keeps no accounting',
  );
  return [...kept.slice(0, command), ...wanted, '', ...kept.slice(command)].join('\n');
}
