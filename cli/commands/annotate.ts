// `nesso annotate`: what people said about the documents of a campaign, and how far they agree.
import type { Command } from 'commander';
import type { CommandContext } from '../command.ts';
import { inWorkspace, type WorkspaceOption, withWorkspaceOption } from '../in-workspace.ts';
import { agreementText } from './quality-reports.ts';

export function registerAnnotate(program: Command, context: CommandContext): void {
  const annotate = program.command('annotate').description('ratings of documents by people');

  withWorkspaceOption(
    annotate
      .command('report <campaign>')
      .description('how far the annotators of a campaign agree; a campaign is a folder below annotations/'),
  ).action(
    context.action((campaign: string, options: WorkspaceOption) =>
      inWorkspace(context, options, async (client) => {
        const report = await client.annotations.report({ campaign }, { signal: context.signal });
        const hidden =
          report.hiddenDocuments === 0
            ? []
            : [
                `${report.hiddenDocuments.toLocaleString('en')} documents stay hidden until they have ${report.overlap} ratings; the statistics count them`,
              ];
        context.print(report, () =>
          [
            `${campaign}: ${report.completeDocuments.toLocaleString('en')} of ${report.campaignDocuments.toLocaleString('en')} documents have ${report.overlap} ratings`,
            agreementText(report),
            ...hidden,
          ].join('\n\n'),
        );
        return 0;
      }),
    ),
  );
}
