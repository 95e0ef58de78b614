// Placeholder of the feature "Configs" until it is written.
import type { Feature } from '../../app/feature.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Pane, PaneHeader } from '../../ui/pane.tsx';

export const feature: Feature = {
  id: 'configs',
  List: () => <Pane header={<PaneHeader title="Configs" />}>{null}</Pane>,
  Work: () => <EmptyState title="Configs" />,
  Empty: () => <EmptyState title="Configs" />,
};
