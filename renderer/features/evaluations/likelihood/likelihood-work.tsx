// Likelihood in the middle pane: bits per byte of texts, shares of pairs, or two models on one text.
import { Pane, PaneHeader } from '../../../ui/pane.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { DifferenceView } from './difference-view.tsx';
import { MeasuredView } from './measured-view.tsx';
import { likelihoodViews } from './views.ts';

export function LikelihoodWork({ name }: EvaluationKindProps) {
  const view = likelihoodViews.find(({ id }) => id === name) ?? likelihoodViews[0];
  return (
    <Pane header={<PaneHeader title={view.title} detail={detailOf[view.id]} />} padded>
      {view.id === 'difference' ? <DifferenceView /> : <MeasuredView key={view.id} kind={view.id} />}
    </Pane>
  );
}

const detailOf = {
  texts: 'bits per byte; lower is better, whatever the tokenizer',
  pairs: 'share of pairs whose right sentence is more likely',
  difference: 'which words one of them finds more likely',
} as const;
