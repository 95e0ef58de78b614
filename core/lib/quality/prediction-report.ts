// How good scores are against the truth: correlation and errors on unrounded scores, F1 and confusion on classes (half-up, 0–5).
import {
  confusionMatrix,
  macroF1,
  meanAbsoluteError,
  meanSquaredError,
  microF1,
  ratingClass,
  thresholdAgreement,
  weightedF1,
} from '../statistics/classification.ts';
import { kendallTauB } from '../statistics/kendall.ts';
import { spearman } from '../statistics/spearman.ts';

/** One document that has a truth; a null prediction is an invalid one. */
export interface JudgedDocument {
  readonly language: string | null;
  readonly truth: number;
  readonly prediction: number | null;
}

const CLASSES = [0, 1, 2, 3, 4, 5];
const real = (value: number): number | null => (Number.isFinite(value) ? value : null);

export type PredictionMetrics = ReturnType<typeof measure>;

/** Invalid predictions are left out of everything but their share and the first column of the confusion. */
function measure(documents: readonly JudgedDocument[]) {
  const valid = documents.flatMap(({ truth, prediction }) =>
    prediction === null ? [] : [{ truth, prediction }],
  );
  const truth = valid.map((document) => document.truth);
  const predicted = valid.map((document) => document.prediction);
  const truthClasses = truth.map(ratingClass);
  const classes = predicted.map(ratingClass);
  const correlation = spearman(predicted, truth);
  return {
    documents: valid.length,
    invalid: documents.length - valid.length,
    spearman: real(correlation.coefficient),
    pValue: real(correlation.pValue),
    kendall: real(kendallTauB(predicted, truth)),
    mse: real(meanSquaredError(truth, predicted)),
    mae: real(meanAbsoluteError(truth, predicted)),
    /** Over the classes that occur in truth or prediction (scikit-learn's default). */
    macroF1: real(macroF1(truthClasses, classes)),
    macroF1AllClasses: valid.length === 0 ? null : real(macroF1(truthClasses, classes, CLASSES)),
    weightedF1: real(weightedF1(truthClasses, classes)),
    microF1: real(microF1(truthClasses, classes)),
    /** Share of documents on which both are at or above 3, or both below. */
    ta3: real(thresholdAgreement(truthClasses, classes, 3)),
    /** Rows: true class 0–5. Columns: invalid, then classes 0–5. Counts. */
    confusion: confusionMatrix(
      documents.map((document) => ratingClass(document.truth)),
      documents.map(({ prediction }) => (prediction === null ? null : ratingClass(prediction))),
    ),
  };
}

/** Unweighted mean of the languages; counts and confusion are sums. A mean of p-values says nothing, so there is none. */
function meanOf(languages: readonly PredictionMetrics[]): PredictionMetrics {
  const mean = (pick: (own: PredictionMetrics) => number | null): number | null => {
    const values = languages.map(pick).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    documents: languages.reduce((sum, own) => sum + own.documents, 0),
    invalid: languages.reduce((sum, own) => sum + own.invalid, 0),
    spearman: mean((own) => own.spearman),
    pValue: null,
    kendall: mean((own) => own.kendall),
    mse: mean((own) => own.mse),
    mae: mean((own) => own.mae),
    macroF1: mean((own) => own.macroF1),
    macroF1AllClasses: mean((own) => own.macroF1AllClasses),
    weightedF1: mean((own) => own.weightedF1),
    microF1: mean((own) => own.microF1),
    ta3: mean((own) => own.ta3),
    confusion: CLASSES.map((row) =>
      [-1, ...CLASSES].map((_, column) =>
        languages.reduce((sum, own) => sum + (own.confusion[row]?.[column] ?? 0), 0),
      ),
    ),
  };
}

/**
 * With several languages the numbers are the mean of the languages (JQL's avg-35), each language beside it, and `pooled` all
 * documents together, which also measures how languages differ.
 */
export function reportPredictions(documents: readonly JudgedDocument[]) {
  const names = [...new Set(documents.map(({ language }) => language ?? ''))].sort();
  const pooled = measure(documents);
  if (names.length < 2) return pooled;
  const languages = names.map((name) =>
    measure(documents.filter(({ language }) => (language ?? '') === name)),
  );
  return {
    ...meanOf(languages),
    languages: Object.fromEntries(names.map((name, index) => [name === '' ? 'und' : name, languages[index]])),
    pooled,
  };
}
