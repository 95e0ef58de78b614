// Targets: the computers that runs are sent to, their connections, what they offer and what they are doing.
import { Server } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { AddTargetAction } from './add-target-action.tsx';
import { NoTargetChosen } from './no-target-chosen.tsx';
import { TargetInspector } from './target-inspector.tsx';
import { TargetListPane } from './target-list.tsx';
import { TargetWork } from './target-work.tsx';

export { useConnectTarget } from './use-connect-target.ts';
export { useSiteProfile } from './use-site-profile.ts';

export const feature: Feature = {
  id: 'targets',
  List: TargetListPane,
  Work: TargetWork,
  Empty: NoTargetChosen,
  Inspector: TargetInspector,
  MainAction: AddTargetAction,
  commands: () => [
    {
      id: 'targets.add',
      title: 'Add target…',
      group: 'Targets',
      icon: Server,
      perform: () => navigate(href('targets', null, { add: 1 })),
    },
  ],
};
