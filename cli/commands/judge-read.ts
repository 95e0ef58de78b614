// `nesso judge report` and `parse`: what a judgement says, and what the same generations say by another rule.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { aggregateLine, reparseLine } from '../../core/lib/judges/judgement-line.ts';
import { createTally, type JudgementTally } from '../../core/lib/judges/judgement-tally.ts';
import type { ParseRule } from '../../core/lib/judges/parse-score.ts';
import { requireOther } from '../../core/services/files/whole-output.ts';
import { ANNOTATIONS_FILE, readLines, writeWhole } from '../../core/services/judges/judgement-files.ts';
import { type JudgementReport, reportJudgement } from '../../core/services/judges/report.ts';
import { StudioError } from '../../core/api/errors.ts';
import type { CommandContext } from '../command.ts';
import { judgeFor, withRule } from '../judging.ts';
import { shownPath } from '../shown-path.ts';
import { table } from '../table.ts';

interface ParseOptions {
  readonly judge: string;
  readonly rule: ParseRule;
  readonly output?: string;
  readonly aggregated?: string;
}

export function registerJudgeRead(judge: Command, context: CommandContext): void {
  judge
    .command('report <folder>')
    .description('what a judgement says so far')
    .action(
      context.action(async (folder: string) => {
        const report = await reportJudgement(resolve(folder));
        const { judgement, tally, ...rest } = report;
        context.print(
          {
            judge: judgement.judge.name,
            model: judgement.reportedModel ?? judgement.endpoint.model,
            source: judgement.source.path,
            totalDocuments: judgement.documents,
            ended: judgement.ended,
            ...rest,
            ...tally,
          },
          () => reportText(report),
        );
        return undefined;
      }),
    );

  judge
    .command('parse <file>')
    .description('read stored generations again, by another judge or rule; nothing is asked')
    .requiredOption('--judge <judge>', 'whose label and scale count: a name or a .yaml file')
    .addOption(withRule())
    .option('-o, --output <file>', 'write the annotations as they read now; replaced when it exists')
    .option('--aggregated <file>', 'write a line a document with its score; replaced when it exists')
    .action(
      context.action(async (given: string, options: ParseOptions) => {
        const path = await annotationsAt(resolve(given));
        const { judge: template } = await judgeFor(context, { ...options, api: 'chat', seed: 0 });
        for (const output of [options.output, options.aggregated]) {
          if (output !== undefined) await requireOther(path, resolve(output));
        }
        const before = createTally(template.scale.highest);
        const tally = createTally(template.scale.highest);
        const broken = { count: 0 };
        let changed = 0;
        for await (const line of readLines(path, broken)) {
          const now = reparseLine(line, template, options.rule);
          before.add(line);
          tally.add(now);
          if (JSON.stringify(now.scores) !== JSON.stringify(line.scores)) changed += 1;
        }
        if (tally.snapshot().documents === 0) {
          throw new StudioError('INVALID_INPUT', `${shownPath(path)} holds no generations`, {
            hint: 'Choose the annotations.jsonl of a judgement',
            path,
          });
        }
        if (options.output !== undefined) {
          await writeWhole(resolve(options.output), readLines(path), (line) =>
            reparseLine(line, template, options.rule),
          );
        }
        if (options.aggregated !== undefined) {
          await writeWhole(resolve(options.aggregated), readLines(path), (line) =>
            aggregateLine(reparseLine(line, template, options.rule)),
          );
        }
        const now = tally.snapshot();
        context.print(
          { changedDocuments: changed, brokenLines: broken.count, before: before.snapshot(), now },
          () => [`${changed} documents read differently`, ...tallyText(now)].join('\n'),
        );
        return undefined;
      }),
    );
}

async function annotationsAt(path: string): Promise<string> {
  const info = await stat(path);
  return info.isDirectory() ? join(path, ANNOTATIONS_FILE) : path;
}

const percent = (value: number | null): string => (value === null ? '–' : `${(100 * value).toFixed(1)} %`);

function reportText({
  judgement,
  state,
  tally,
  cost,
  unansweredDocuments,
  brokenLines,
}: JudgementReport): string {
  const { judge, endpoint, source, documents } = judgement;
  return [
    `${judge.template.title} by ${judgement.reportedModel ?? endpoint.model}, over ${source.path}: ${state}`,
    `${tally.documents.toLocaleString('en')} of ${documents.toLocaleString('en')} documents${judgement.ended === null ? '' : `; ${judgement.ended.message}`}`,
    ...tallyText(tally),
    ...(cost === null ? [] : [`Cost so far: ${cost.toFixed(2)}`]),
    ...(unansweredDocuments === 0
      ? []
      : [`${unansweredDocuments} documents got no answer; resuming asks again`]),
    ...(brokenLines === 0 ? [] : [`${brokenLines} lines cannot be read and were left out`]),
  ].join('\n');
}

function tallyText(tally: JudgementTally): readonly string[] {
  const share = (part: number, whole: number): string => percent(whole === 0 ? null : part / whole);
  return [
    `Without a valid score: ${share(tally.invalidDocuments, tally.documents)} of documents`,
    `Samples: ${Object.entries(tally.statuses)
      .map(([name, count]) => `${name} ${count.toLocaleString('en')}`)
      .join(', ')}`,
    `Scores: ${tally.classes.map((count, score) => `${score} × ${count.toLocaleString('en')}`).join(', ')}; mean ${tally.mean?.toFixed(3) ?? '–'}`,
    `Samples of a document: majority ${percent(tally.majorityAgreement)}, all equal ${percent(tally.fullAgreement)}, mean deviation ${tally.meanStandardDeviation?.toFixed(3) ?? '–'}`,
    table(
      ['language', 'documents', 'invalid', '', 'mean'],
      tally.languages.map(({ language, documents, invalidDocuments, mean }) => [
        language,
        documents.toLocaleString('en'),
        invalidDocuments.toLocaleString('en'),
        share(invalidDocuments, documents),
        mean?.toFixed(3) ?? '–',
      ]),
    ),
    `Tokens: ${tally.promptTokens.toLocaleString('en')} in, ${tally.completionTokens.toLocaleString('en')} out, counted by the ${tally.tokensByServer ? 'server' : 'studio (estimate)'}`,
  ];
}
