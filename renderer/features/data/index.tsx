// Placeholder of the feature "Data" until it is written.
import type { Feature } from '../../app/feature.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';

export const feature: Feature = {
  id: 'data',
  List: () => <Pane header={<PaneHeader title="Data" />}>{null}</Pane>,
  Work: () => <EmptyState title="Data" />,
  Empty: () => <EmptyState title="Data" />,
};
