// Evaluations on targets in the left pane: one line, with how many are under way.
import { href, navigate } from '../../../app/route.ts';
import { ListView } from '../../../ui/list-view.tsx';
import { Section } from '../../../ui/pane.tsx';
import type { EvaluationKindProps } from '../evaluation-kind.ts';

const items = [{ id: 'jobs', title: 'Jobs and rules' }] as const;

export function JobsListSection({ argument }: EvaluationKindProps) {
  return (
    <Section title="On a cluster">
      <ListView
        label="On a cluster"
        items={items}
        idOf={({ id }) => id}
        textOf={({ title }) => title}
        selectedId={argument === 'jobs' ? 'jobs' : null}
        onOpen={() => navigate(href('evaluations', 'jobs'))}
        hrefOf={() => href('evaluations', 'jobs')}
        renderItem={({ title }) => <span>{title}</span>}
      />
    </Section>
  );
}
