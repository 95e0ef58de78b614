// Likelihood in the left pane: what can be measured, one line each.
import { href, navigate } from '../../../app/route.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';
import { likelihoodViews } from './views.ts';

export function LikelihoodListSection({ argument, name }: EvaluationKindProps) {
  const isHere = argument === 'likelihood' || argument?.startsWith('likelihood/') === true;
  return (
    <Section title="Likelihood">
      <ListView
        label="Likelihood"
        items={likelihoodViews}
        idOf={({ id }) => id}
        textOf={({ title }) => title}
        selectedId={isHere ? (name ?? 'texts') : null}
        onOpen={(id) => navigate(href('evaluations', `likelihood/${id}`))}
        hrefOf={({ id }) => href('evaluations', `likelihood/${id}`)}
        renderItem={({ title }) => <span>{title}</span>}
      />
    </Section>
  );
}
