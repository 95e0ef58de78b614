// Placeholder of the feature "Models" until it is written.
import type { Feature } from '../../app/feature.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';

export const feature: Feature = {
  id: 'models',
  List: () => <Pane header={<PaneHeader title="Models" />}>{null}</Pane>,
  Work: () => <EmptyState title="Models" />,
  Empty: () => <EmptyState title="Models" />,
};
