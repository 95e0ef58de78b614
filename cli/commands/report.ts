// `nesso report`: a run on one page, with the hashes of everything it was drawn from, and whether that is still so.
import type { Command } from 'commander';
import type { ReportVerification } from '../../core/api/reports.ts';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { table } from '../table.ts';
import { parseRunId } from './run-manage.ts';

export function registerReport(program: Command, context: CommandContext): void {
  const report = program
    .command('report')
    .description('reports of runs: config, data, curves, checkpoints, evaluations, samples and hashes');

  withWorkspaceOption(
    report
      .command('write')
      .description('write reports/<run>/ with report.html, report.md and report.json')
      .argument('<run>'),
  ).action(
    context.action((id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const written = await client.reports.write({ run: parseRunId(id) }, { signal: context.signal });
        context.print(
          written,
          () =>
            `${written.html}: ${written.curves} curves, ${written.evaluations} values of evaluations, ${written.sources} files read`,
        );
        return 0;
      }),
    ),
  );

  withWorkspaceOption(
    report
      .command('verify')
      .description('hash everything a report was drawn from again; fails when something is not the same')
      .argument('<run>'),
  ).action(
    context.action((id: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const verified = await client.reports.verify({ run: parseRunId(id) }, { signal: context.signal });
        context.print(verified, () => verificationText(verified));
        return verified.isSame ? 0 : 1;
      }),
    ),
  );

  withWorkspaceOption(report.command('list').description('list the reports of the workspace')).action(
    context.action((options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const reports = await client.reports.list(undefined, { signal: context.signal });
        context.print({ reports }, () =>
          reports.length === 0
            ? 'No report was written yet'
            : table(
                ['Run', 'Written', ''],
                reports.map(({ run, writtenMs, problem }) => [
                  run,
                  new Date(writtenMs).toISOString().slice(0, 16).replace('T', ' '),
                  problem ?? '',
                ]),
              ),
        );
        return 0;
      }),
    ),
  );
}

const words = {
  same: 'the same',
  grown: 'the same up to what was read',
  changed: 'changed',
  missing: 'missing',
} as const;

function verificationText({ isSame, sources, outputs, run }: ReportVerification): string {
  const rows = [
    ...outputs.map(({ name, state }) => [`reports/${run}/${name}`, words[state]] as const),
    ...sources.map(({ path, state }) => [path, words[state]] as const),
  ];
  const bad = rows.filter(([, state]) => state === words.changed || state === words.missing).length;
  return [
    table(['File', 'Is'], rows),
    isSame
      ? 'Everything is as it was when the report was written'
      : `${bad} of ${rows.length} files are not as they were; write the report anew`,
  ].join('\n');
}
