// Progress, comparison and questions in the left pane, one line each.
import { href, navigate } from '../../../app/route.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';

const views = [
  { id: 'progress', title: 'Progress over training' },
  { id: 'compare', title: 'Two models' },
  { id: 'questions', title: 'Questions and answers' },
] as const;

export function ProgressListSection({ argument }: EvaluationKindProps) {
  return (
    <Section title="Compare">
      <ListView
        label="Compare"
        items={views}
        idOf={({ id }) => id}
        textOf={({ title }) => title}
        selectedId={views.find(({ id }) => id === argument)?.id ?? null}
        onOpen={(id) => navigate(href('evaluations', id))}
        hrefOf={({ id }) => href('evaluations', id)}
        renderItem={({ title }) => <span>{title}</span>}
      />
    </Section>
  );
}

/** The three share one section. */
export function NoListSection() {
  return null;
}
