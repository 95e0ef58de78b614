// Placeholder of the feature "Runs" until it is written.
import type { Feature } from '../../app/feature.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';

export const feature: Feature = {
  id: 'runs',
  List: () => <Pane header={<PaneHeader title="Runs" />}>{null}</Pane>,
  Work: () => <EmptyState title="Runs" />,
  Empty: () => <EmptyState title="Runs" />,
};
