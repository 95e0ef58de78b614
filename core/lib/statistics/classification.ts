// Scores of a regression head read as classes 0 to 5, and its plain errors.
// Rounding is half-up everywhere (2.5 -> 3): ml_filter mixes half-up for labels with half-to-even for predictions.

/** Clamped to 0–5, then rounded half-up. */
export function ratingClass(score: number): number {
  return Math.floor(Math.min(5, Math.max(0, score)) + 0.5);
}

/** Mean squared error of unrounded scores; NaN for empty columns. */
export function meanSquaredError(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < truth.length; index += 1) {
    sum += ((predicted[index] ?? Number.NaN) - (truth[index] ?? Number.NaN)) ** 2;
  }
  return truth.length === 0 ? Number.NaN : sum / truth.length;
}

/** Mean absolute error of unrounded scores; NaN for empty columns. */
export function meanAbsoluteError(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < truth.length; index += 1) {
    sum += Math.abs((predicted[index] ?? Number.NaN) - (truth[index] ?? Number.NaN));
  }
  return truth.length === 0 ? Number.NaN : sum / truth.length;
}

/**
 * Unweighted mean of the F1 of each class: 2TP / (2TP + FP + FN), 0 for a class without any.
 * `labels` defaults to the union of classes in truth or prediction (scikit-learn's default); pass 0–5 for the alternative.
 */
export function macroF1(
  truth: readonly number[],
  predicted: readonly number[],
  labels: readonly number[] = [...new Set([...truth, ...predicted])],
): number {
  if (labels.length === 0) return Number.NaN;
  let sum = 0;
  for (const label of labels) {
    let agreed = 0;
    let named = 0;
    for (const [index, value] of truth.entries()) {
      if (value === label) named += 1;
      if (predicted[index] === label) named += 1;
      if (value === label && predicted[index] === label) agreed += 1;
    }
    sum += named === 0 ? 0 : (2 * agreed) / named;
  }
  return sum / labels.length;
}

/** F1 of each class weighed by how often the class is true (scikit-learn's `weighted`); NaN without documents. */
export function weightedF1(truth: readonly number[], predicted: readonly number[]): number {
  if (truth.length === 0) return Number.NaN;
  let sum = 0;
  for (const label of new Set(truth)) {
    const support = truth.filter((value) => value === label).length;
    const named = predicted.filter((value) => value === label).length;
    const agreed = truth.filter((value, index) => value === label && predicted[index] === label).length;
    sum += (support * 2 * agreed) / (support + named);
  }
  return sum / truth.length;
}

/** Micro-F1: for one label a document the same as accuracy. NaN without documents. */
export function microF1(truth: readonly number[], predicted: readonly number[]): number {
  if (truth.length === 0) return Number.NaN;
  return truth.filter((value, index) => value === predicted[index]).length / truth.length;
}

/** Share of documents on which both are at or above `threshold`, or both below. NaN without documents. */
export function thresholdAgreement(
  truth: readonly number[],
  predicted: readonly number[],
  threshold: number,
): number {
  if (truth.length === 0) return Number.NaN;
  const agreed = truth.filter(
    (value, index) => value >= threshold === (predicted[index] ?? Number.NaN) >= threshold,
  );
  return agreed.length / truth.length;
}

/**
 * Counts, one row a true class 0–5; columns: invalid predictions (null) first, then classes 0–5 (Fig. 14). Classes, not scores.
 */
export function confusionMatrix(
  truth: readonly number[],
  predicted: readonly (number | null)[],
): readonly (readonly number[])[] {
  const rows = Array.from({ length: 6 }, () => Array.from({ length: 7 }, () => 0));
  for (const [index, value] of truth.entries()) {
    const row = rows[value];
    const given = predicted[index] ?? null;
    const column = given === null ? 0 : given + 1;
    if (row) row[column] = (row[column] ?? 0) + 1;
  }
  return rows;
}
