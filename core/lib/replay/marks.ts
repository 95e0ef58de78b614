// One answer of a replay against the answer of the step it is compared with: the same, where it parts, whether it loops or is empty.
import {
  type ComparedAnswer,
  compareAnswers,
  type ComparisonUnit,
  loopOf,
  loopText,
  partingText,
} from '../text-differences/compare-answers.ts';

/** From good to bad; what is worse wins. `alone`: nothing to compare with yet. */
export type MarkKind = 'reference' | 'same' | 'alone' | 'parts' | 'loops' | 'empty';

export interface ReplayMark {
  readonly kind: MarkKind;
  readonly unit: ComparisonUnit;
  /** Index of the first token or word that differs; null where nothing does. */
  readonly partsAt: number | null;
  /** Tokens or words after which nothing new comes; null without a loop. */
  readonly loopsAfter: number | null;
}

/** `reference` is null while that step has not answered; `answer` itself makes it the step that others are compared with. */
export function markOf(answer: ComparedAnswer, reference: ComparedAnswer | null): ReplayMark {
  const compared = reference === null || reference === answer ? null : compareAnswers(answer, reference);
  const loop = loopOf(answer);
  const unit = compared?.unit ?? loop?.unit ?? (answer.tokens === null ? 'word' : 'token');
  const partsAt = compared?.partsAt ?? null;
  const mark = (kind: MarkKind): ReplayMark => ({
    kind,
    unit,
    partsAt,
    loopsAfter: loop?.after ?? null,
  });
  if (answer.text.trim() === '') return mark('empty');
  if (loop !== null) return mark('loops');
  if (reference === answer) return mark('reference');
  if (compared === null) return mark('alone');
  return mark(partsAt === null ? 'same' : 'parts');
}

/** "Answers part at token 6 · loops after token 11". */
export function markText({ kind, unit, partsAt, loopsAfter }: ReplayMark): string {
  if (kind === 'empty') return 'Empty answer';
  const parting = partsAt === null ? null : partingText({ partsAt, unit });
  const loop = loopsAfter === null ? null : loopText({ unit, after: loopsAfter });
  if (parting !== null) return loop === null ? parting : `${parting} · ${loop}`;
  if (loop !== null) return `L${loop.slice(1)}`;
  return { reference: 'Compared with this one', same: 'Same answer', alone: 'Answered' }[
    kind as 'reference' | 'same' | 'alone'
  ];
}

/** One sign a mark for a terminal: colour never says it alone. */
export const markSigns: Readonly<Record<MarkKind, string>> = {
  reference: '=',
  same: '=',
  alone: '·',
  parts: '/',
  loops: '∞',
  empty: '∅',
};
