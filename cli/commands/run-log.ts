// `nesso run log`: what a run printed, to its end or as it comes, of all ranks or one; or only what went wrong in it.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StudioClient } from '../../core/api/contract.ts';
import { StudioError } from '../../core/api/errors.ts';
import type { LogTrouble } from '../../core/api/logs.ts';
import type { RunId } from '../../core/api/runs.ts';
import { withoutAnsi } from '../../core/lib/log-view/ansi.ts';
import { lineRank } from '../../core/lib/log-view/line-facts.ts';
import { rootTrouble } from '../../core/lib/log-view/trouble.ts';
import { isOver } from '../../core/lib/runs/run-state.ts';
import type { CommandContext } from '../command.ts';
import { connectRuns, THIS_COMPUTER } from '../connect-runs.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { parseRunId } from './run-manage.ts';

const STEP_BYTES = 4_194_304;
/** How often the file and the state of the run are looked at while following. */
const FOLLOW_MS = 250;
const STATE_MS = 1000;
/** Longer than core lets pass between two looks at a target. */
const COPY_CALM_MS = 2_000;
const COPY_LIMIT_MS = 10_000;

interface LogOptions extends WorkspaceOption {
  readonly follow?: true;
  readonly rank?: number;
  readonly errors?: true;
}

export function registerRunLog(run: Command, context: CommandContext): void {
  withWorkspaceOption(
    run
      .command('log')
      .description('print the log of a run')
      .argument('<id>', 'id of the run')
      .option('-f, --follow', 'go on until the run ends')
      .option('--rank <n>', 'only what this rank printed', rankNumber)
      .option('--errors', 'only what went wrong, the first cause first'),
  ).action(
    context.action(async (id: string, options: LogOptions) =>
      inWorkspace(context, options, async (client) => {
        const wanted = parseRunId(id);
        const live = await connectRuns(context, client, { id: wanted, isNeeded: false });
        if (live.some(({ target }) => target !== THIS_COMPUTER)) await whenCopied(context, client, wanted);
        if (options.errors) return await printErrors(context, client, wanted, options.rank);
        return await printLog(context, client, wanted, options);
      }),
    ),
  );
}

/** Until its log is here as it is there: it did not grow for a while, or grows faster than that. */
async function whenCopied(context: CommandContext, client: StudioClient, id: RunId): Promise<void> {
  const sizeNow = async () =>
    (await client.series.log({ source: { kind: 'run', id }, start: 0, limitBytes: 1 })).sizeBytes;
  let size = await sizeNow();
  for (const begunMs = performance.now(); performance.now() - begunMs < COPY_LIMIT_MS; ) {
    await sleep(COPY_CALM_MS, undefined, { signal: context.signal });
    const next = await sizeNow();
    if (next === size) return;
    size = next;
  }
}

function rankNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Must be the number of a rank.');
  return value;
}

/** A job of more ranks than this fails in its first ones too. */
const MAX_FILES = 64;

interface FoundTrouble extends LogTrouble {
  readonly file: string;
}

/** Names of a run's logs; of one rank its own log when it has one. */
async function logNames(
  client: StudioClient,
  id: RunId,
  rank: number | undefined,
): Promise<readonly { readonly name: string; readonly isRank: boolean }[]> {
  const { files } = await client.series.logFiles({ source: { kind: 'run', id } });
  const own = rank === undefined ? undefined : files.find((file) => file.rank === rank);
  if (own) return [{ name: own.name, isRank: true }];
  return files.slice(0, MAX_FILES).map(({ name }) => ({ name, isRank: false }));
}

async function printErrors(
  context: CommandContext,
  client: StudioClient,
  id: RunId,
  rank: number | undefined,
): Promise<0 | 1> {
  const { signal } = context;
  const names = await logNames(client, id, rank);
  const all: FoundTrouble[] = [];
  let count = 0;
  for (const { name: file, isRank } of names) {
    const found = await client.logs.troubles({ source: { kind: 'run', id, file } }, { signal });
    const isWanted = (one: LogTrouble): boolean =>
      rank === undefined || isRank || one.rank === `rank ${rank}`;
    const wanted = found.troubles.filter(isWanted);
    count += rank === undefined ? found.count : wanted.length;
    for (const one of wanted) all.push({ ...one, file });
  }
  // Of all ranks the first one, whichever file it is in.
  const root = rootTrouble(all);
  context.print({ id, count, root, troubles: all }, () => {
    if (root === null) return rank === undefined ? 'No errors in this log' : `No errors of rank ${rank}`;
    const place = names.length > 1 ? `line ${root.line + 1} of ${root.file}` : `line ${root.line + 1}`;
    const left = count > all.length ? `\n\n${count - all.length} more` : '';
    const head = ['Line', 'Rank', 'Kind', 'What', ...(names.length > 1 ? ['Log'] : [])];
    const rows = all.map((one) => [...rowOf(one), ...(names.length > 1 ? [one.file] : [])]);
    return `First cause: ${root.title} (${place})\n\n${table(head, rows)}${left}`;
  });
  return all.length > 0 ? 1 : 0;
}

function rowOf({ line, rank, kind, title }: LogTrouble): readonly string[] {
  return [String(line + 1), rank ?? '–', kind, title];
}

async function printLog(
  context: CommandContext,
  client: StudioClient,
  id: RunId,
  { follow, rank }: LogOptions,
): Promise<0> {
  const { signal } = context;
  if (context.json && follow) {
    throw new StudioError('INVALID_INPUT', 'A log that is followed is no single JSON document', {
      hint: 'Leave out --follow or --json',
    });
  }
  const source = { kind: 'run' as const, id };
  const parts: string[] = [];
  const file =
    rank === undefined ? undefined : (await logNames(client, id, rank)).find(({ isRank }) => isRank);
  // A rank without a log of its own: its lines in that of all.
  const out = onlyRank(file ? undefined : rank, (text) =>
    context.json ? parts.push(text) : context.write(text),
  );
  let start = 0;
  const printNew = async (): Promise<void> => {
    for (;;) {
      const chunk = await client.series.log(
        { source, ...(file ? { file: file.name } : {}), start, limitBytes: STEP_BYTES },
        { signal },
      );
      // Cut or written anew: from the beginning.
      const isNew = chunk.sizeBytes < start;
      if (isNew) start = 0;
      else if (chunk.end === start) return;
      else {
        out.push(chunk.text);
        start = chunk.end;
      }
    }
  };
  await printNew();
  let isLive = follow === true;
  let askedMs = 0;
  while (isLive && !signal.aborted) {
    if (Date.now() - askedMs > STATE_MS) {
      askedMs = Date.now();
      const known = (await client.runs.list(undefined, { signal })).find((one) => one.id === id);
      isLive = known !== undefined && !isOver(known.state);
    }
    await printNew();
    if (isLive) await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS));
  }
  out.end();
  if (context.json) context.print({ id, text: parts.join('') }, '');
  return 0;
}

/** Passes on whole lines of one rank; lines that name no rank belong to the rank that was named last. */
function onlyRank(
  rank: number | undefined,
  out: (text: string) => unknown,
): { push(text: string): void; end(): void } {
  if (rank === undefined) return { push: (text) => void out(text), end: () => undefined };
  let rest = '';
  let isWanted = false;
  const line = (text: string): void => {
    const named = lineRank(withoutAnsi(text));
    if (named !== null) isWanted = named === `rank ${rank}` || named === `task ${rank}`;
    if (isWanted) out(text);
  };
  return {
    push(text) {
      const lines = (rest + text).split(/(?<=\n)/);
      rest = lines.at(-1)?.endsWith('\n') === false ? (lines.pop() ?? '') : '';
      for (const one of lines) line(one);
    },
    end: () => (rest === '' ? undefined : line(rest)),
  };
}
