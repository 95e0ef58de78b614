// Evaluations: what will appear here, and what works today.
import type { Feature } from '../../app/feature.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';

export const feature: Feature = {
  id: 'evaluations',
  List: () => <Pane header={<PaneHeader title="Evaluations" />}>{null}</Pane>,
  Work: () => <EmptyState title="Evaluations" />,
  Empty: () => <EmptyState title="Evaluations" />,
};
