// The answers of one question beside each other: the first column is what the others are compared with.
import {
  type AnswerToken,
  compareAnswers,
  type ComparedAnswer,
  joinRanges,
  loopOf,
  loopText,
  partingText,
  type TextRange,
} from '../../../../core/lib/text-differences/compare-answers.ts';
import type { AnswerMarks, ColumnAnswer } from './compare-state.ts';

export interface MarkedColumn {
  readonly answer: ColumnAnswer | null;
  /** Equal: token ids mean the same; null while that is not known. */
  readonly vocabulary: string | null;
}

/** One entry a column; null where nothing is answered. */
export function marksOf(columns: readonly MarkedColumn[]): readonly (AnswerMarks | null)[] {
  const answers = columns.map(comparable);
  const [reference = null] = answers;
  const comparisons = answers.map((answer, index) =>
    index === 0 || answer === null || reference === null ? null : compareAnswers(reference, answer),
  );
  const others = comparisons.flatMap((one) => (one === null ? [] : [one.left]));
  // Against several answers nearly all of the first would be marked by one of them, which says nothing.
  const referenceRanges = others.length === 1 ? joinRanges(others) : [];
  return answers.map((answer, index) => {
    if (answer === null) return null;
    const compared = comparisons[index] ?? null;
    const loop = loopOf(answer);
    const parts = [
      ...(answer.text.trim() === '' ? ['Empty answer'] : []),
      ...(compared === null ? [] : [partingText(compared)]),
      ...(loop === null ? [] : [loopText(loop)]),
    ];
    const [first = '', ...rest] = parts;
    const ranges: readonly TextRange[] = index === 0 ? referenceRanges : (compared?.right ?? []);
    return { words: [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' · '), ranges };
  });
}

function comparable({ answer, vocabulary }: MarkedColumn): ComparedAnswer | null {
  if (answer === null) return null;
  const special = new Set(answer.special);
  const tokens = answer.tokenIds.map(
    (id, index): AnswerToken => ({
      id,
      text: answer.tokenTexts[index] ?? '',
      special: special.has(index),
    }),
  );
  return { text: answer.text, tokens: tokens.length === 0 ? null : tokens, vocabulary };
}
