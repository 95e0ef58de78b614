// One language of one source against people: every measure of a cell. Pure.
import {
  confusionMatrix,
  macroF1,
  meanAbsoluteError,
  meanSquaredError,
  microF1,
  ratingClass,
  thresholdAgreement,
} from '../statistics/classification.ts';
import { spearman } from '../statistics/spearman.ts';
import type { BenchCell } from './bench-report.ts';
import { type BootstrapOptions, spearmanInterval } from './bootstrap.ts';

export interface Judged {
  readonly truth: number;
  /** Null: no valid sample; undefined: the source says nothing. */
  readonly prediction: number | null | undefined;
}

const CLASSES = [0, 1, 2, 3, 4, 5];
const THRESHOLDS = [1, 2, 3, 4, 5];
const real = (number: number): number | null => (Number.isFinite(number) ? number : null);

export function measureCell(
  language: string,
  documents: readonly Judged[],
  bootstrap: BootstrapOptions | null,
): BenchCell {
  const said = documents.flatMap(({ truth, prediction }) =>
    prediction === undefined ? [] : [{ truth, prediction }],
  );
  const valid = said.flatMap(({ truth, prediction }) => (prediction === null ? [] : [{ truth, prediction }]));
  const truth = valid.map((document) => document.truth);
  const predicted = valid.map((document) => document.prediction);
  const trueClasses = truth.map(ratingClass);
  const classes = predicted.map(ratingClass);
  const correlation = spearman(predicted, truth);
  const coefficient = real(correlation.coefficient);
  const interval =
    bootstrap === null || coefficient === null ? null : spearmanInterval(predicted, truth, bootstrap);
  return {
    language,
    documents: valid.length,
    invalid: said.length - valid.length,
    missing: documents.length - said.length,
    spearman: coefficient,
    pValue: real(correlation.pValue),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    macroF1: real(macroF1(trueClasses, classes)),
    macroF1SixClasses: valid.length === 0 ? null : real(macroF1(trueClasses, classes, CLASSES)),
    accuracy: real(microF1(trueClasses, classes)),
    mse: real(meanSquaredError(truth, predicted)),
    mae: real(meanAbsoluteError(truth, predicted)),
    thresholdAgreement: THRESHOLDS.map((threshold) =>
      real(thresholdAgreement(trueClasses, classes, threshold)),
    ),
    confusion: confusionMatrix(
      said.map((document) => ratingClass(document.truth)),
      said.map(({ prediction }) => (prediction === null ? null : ratingClass(prediction))),
    ).map((row) => [...row]),
    atLeast: CLASSES.map((score) => predicted.filter((prediction) => prediction >= score).length),
  };
}
