// `nesso run watch`: what the watchdog says about live runs, a line a finding, until they are over; with an id, also its numbers.
import type { Command } from 'commander';
import type { WatchReport } from '../../core/api/monitor.ts';
import type { Run } from '../../core/api/runs.ts';
import { movingCells } from '../../core/lib/derived/number-cells.ts';
import { isOver } from '../../core/lib/runs/run-state.ts';
import type { CommandContext } from '../command.ts';
import { connectRuns } from '../connect-runs.ts';
import { inWorkspace, withWorkspaceOption, type WorkspaceOption } from '../in-workspace.ts';
import { findingLine } from './finding-line.ts';
import { parseRunId } from './run-manage.ts';

/** Between two lines of numbers. */
const DEFAULT_EVERY_SECONDS = 30;
const LOOK_EVERY_MS = 1_000;

interface WatchOptions extends WorkspaceOption {
  readonly every: string;
}

export function registerRunWatch(run: Command, context: CommandContext): void {
  withWorkspaceOption(
    run
      .command('watch')
      .description(
        'print what the watchdog finds in live runs until they are over; exit code 1 when it found something',
      )
      .argument('[id]', 'one run, with its numbers; all live runs without'),
  )
    .option(
      '--every <seconds>',
      'how often the numbers of the run are printed',
      String(DEFAULT_EVERY_SECONDS),
    )
    .action(
      context.action(async (id: string | undefined, options: WatchOptions) =>
        inWorkspace(context, options, async (client) => {
          const wanted = id === undefined ? null : parseRunId(id);
          await connectRuns(context, client, { id: wanted, isNeeded: false });
          const stop = new AbortController();
          const signal = AbortSignal.any([context.signal, stop.signal]);
          const reports = new Map<string, WatchReport>();
          const told = new Set<string>();
          const isWanted = (name: string) => wanted === null || name === wanted;
          const tell = (report: WatchReport) => {
            if (!isWanted(report.id)) return;
            reports.set(report.id, report);
            for (const finding of report.findings) {
              if (told.has(`${report.id} ${finding.id}`) || report.muted.includes(finding.kind)) continue;
              told.add(`${report.id} ${finding.id}`);
              context.write(`${findingLine(report.id, finding)}\n`);
            }
          };
          const following = (async () => {
            for await (const event of await client.monitor.watch(undefined, { signal })) {
              if (event.kind === 'changed') tell(event.report);
              else event.reports.forEach(tell);
            }
          })().catch((error: unknown) => {
            if (!signal.aborted) throw error;
          });
          const everyMs = Math.max(1, Number(options.every) || DEFAULT_EVERY_SECONDS) * 1000;
          if (wanted !== null) tell(await client.monitor.report({ id: wanted }, { signal: context.signal }));
          let runs: readonly Run[] = [];
          let saidMs = 0;
          while (!context.signal.aborted) {
            runs = (await client.runs.list(undefined, { signal: context.signal })).filter((one) =>
              isWanted(one.id),
            );
            if (wanted !== null && Date.now() - saidMs >= everyMs) {
              saidMs = Date.now();
              const numbers = await client.monitor.numbers({ id: wanted }, { signal: context.signal });
              const cells = movingCells(numbers, (ms) => new Date(ms).toISOString().slice(0, 16));
              const known = cells.filter(({ isKnown }) => isKnown);
              context.write(`step ${numbers.step ?? '–'} · ${known.map(cellText).join(' · ')}\n`);
            }
            if (runs.every(({ state }) => isOver(state))) break;
            await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
          }
          if (wanted !== null && runs.length > 0) tell(await client.monitor.report({ id: wanted }));
          stop.abort();
          await following;
          const findings = [...reports.values()].flatMap((report) =>
            report.findings.map((finding) => ({ run: report.id, ...finding })),
          );
          if (context.json) context.print({ runs, findings }, '');
          return told.size > 0 ? 1 : 0;
        }),
      ),
    );
}

function cellText({
  label,
  value,
  detail,
}: {
  readonly label: string;
  readonly value: string;
  readonly detail: string;
}): string {
  return `${label} ${value}${detail === '' ? '' : ` (${detail})`}`;
}
