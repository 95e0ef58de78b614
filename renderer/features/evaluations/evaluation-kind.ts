// What a kind of evaluation is to the view: its part of the list and its panes. Knows no kind.
import type { ComponentType } from 'react';
import type { PaneProps } from '../../app/feature.ts';

export interface EvaluationKindProps extends PaneProps {
  /** What follows the kind in the link; null for the kind itself. */
  readonly name: string | null;
}

export interface EvaluationKind {
  readonly id: string;
  readonly ListSection: ComponentType<EvaluationKindProps>;
  readonly Work: ComponentType<EvaluationKindProps>;
  readonly Inspector?: ComponentType<EvaluationKindProps>;
  readonly MainAction?: ComponentType<EvaluationKindProps>;
}
