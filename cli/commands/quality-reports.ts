// `nesso quality agreement` and `nesso quality evaluate`: statistics over small files of ratings and predictions.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { reportPredictions } from '../../core/lib/quality/prediction-report.ts';
import { reportRatings, type RatingReport } from '../../core/lib/quality/rating-report.ts';
import { joinPredictions, readRatings } from '../../core/services/quality/rating-files.ts';
import type { CommandContext } from '../command.ts';
import { table } from '../table.ts';
import { openLab } from '../quality-lab.ts';

export function registerQualityReports(quality: Command, context: CommandContext): void {
  quality
    .command('agreement <ratings>')
    .description(
      'how far annotators agree: the folder of a campaign, or JSON lines, CSV or Parquet with one row a rating, or lists of ratings',
    )
    .action(
      context.action(async (file: string) => {
        await using lab = openLab(context);
        const ratings = await readRatings(resolve(file), { ...lab, signal: context.signal });
        const report = reportRatings(ratings);
        context.print(report, () => agreementText(report));
        return undefined;
      }),
    );

  quality
    .command('evaluate <predictions> <truth>')
    .description('how good predictions are, joined on the document id')
    .option('--prediction <column>', 'the column with the predicted score')
    .option('--truth <column>', 'the column with the true score')
    .action(
      context.action(
        async (
          predictions: string,
          truth: string,
          options: { readonly prediction?: string; readonly truth?: string },
        ) => {
          await using lab = openLab(context);
          const joined = await joinPredictions(resolve(predictions), resolve(truth), options, {
            ...lab,
            signal: context.signal,
          });
          const { onlyPredicted, onlyTrue, predictionColumn, truthColumn } = joined;
          const report = reportPredictions(joined.documents);
          context.print({ ...report, onlyPredicted, onlyTrue, predictionColumn, truthColumn }, () =>
            [
              `${predictionColumn} against ${truthColumn}: ${report.documents.toLocaleString('en')} documents, ${report.invalid} invalid predictions, ${onlyPredicted + onlyTrue} in one file only`,
              table(
                ['measure', 'value'],
                [
                  ['Spearman', shown(report.spearman)],
                  ['p', report.pValue === null ? '–' : report.pValue.toExponential(3)],
                  ['Kendall τ-b', shown(report.kendall)],
                  ['MSE', shown(report.mse)],
                  ['MAE', shown(report.mae)],
                  ['macro-F1', shown(report.macroF1)],
                  ['weighted F1', shown(report.weightedF1)],
                  ['micro-F1', shown(report.microF1)],
                  ['agreement at 3', shown(report.ta3)],
                ],
              ),
              table(
                ['true', 'invalid', '0', '1', '2', '3', '4', '5'],
                report.confusion.map((row, label) => [String(label), ...row.map(String)]),
              ),
            ].join('\n'),
          );
          return undefined;
        },
      ),
    );
}

function shown(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}

/** The statistics of annotators as tables for people. */
export function agreementText(report: Omit<RatingReport, 'mostContested'>): string {
  const { krippendorff, fleiss } = report;
  return [
    `${report.documents.toLocaleString('en')} documents, ${report.ratings.toLocaleString('en')} ratings, ${report.comparedDocuments.toLocaleString('en')} documents with two or more`,
    table(
      ['measure', 'value'],
      [
        ['majority agreement', shown(report.majorityAgreement)],
        ['full agreement', shown(report.fullAgreement)],
        ['mean standard deviation', shown(report.meanStandardDeviation)],
        ['Krippendorff nominal', shown(krippendorff.nominal)],
        ['Krippendorff ordinal', shown(krippendorff.ordinal)],
        ['Krippendorff interval', shown(krippendorff.interval)],
        [`Fleiss (${fleiss.documents} documents, ${fleiss.ratings} ratings each)`, shown(fleiss.kappa)],
      ],
    ),
    table(
      ['spread at most', ...report.spreadShares.map((_, limit) => String(limit))],
      [['share', ...report.spreadShares.map(shown)]],
    ),
    table(
      ['annotator', 'ratings', 'mean', 'bias'],
      report.annotators.map(({ annotator, ratings, mean, bias }) => [
        annotator,
        String(ratings),
        shown(mean),
        shown(bias),
      ]),
    ),
    ...(report.pairs.length === 0
      ? []
      : [
          table(
            ['pair', 'documents', 'Cohen', 'linear', 'quadratic', 'Spearman', 'Kendall'],
            report.pairs.map(({ left, right, documents, cohen, spearman, kendall }) => [
              `${left} – ${right}`,
              String(documents),
              ...[cohen.none, cohen.linear, cohen.quadratic, spearman, kendall].map(shown),
            ]),
          ),
        ]),
  ].join('\n\n');
}
