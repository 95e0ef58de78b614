// Runs: what was launched, its live curves and log, and any training log of the workspace.
import { HardDrive, Play } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { href, navigate } from '../../app/route.ts';
import { LaunchAction } from './launch/launch-action.tsx';
import { NoRunChosen } from './no-run-chosen.tsx';
import { RunInspector } from './inspector/run-inspector.tsx';
import { RunListPane } from './run-list.tsx';
import { RunWork } from './run-work.tsx';

export { ParameterField, type ParameterValue } from './launch/parameter-field.tsx';

export const feature: Feature = {
  id: 'runs',
  List: RunListPane,
  Work: RunWork,
  Empty: NoRunChosen,
  Inspector: RunInspector,
  MainAction: LaunchAction,
  commands: () => [
    {
      id: 'runs.launch',
      title: 'Launch run…',
      group: 'Runs',
      icon: Play,
      keys: 'G L',
      perform: () => navigate(href('runs', null, { launch: 1 })),
    },
    {
      id: 'runs.checkpoints',
      title: 'Checkpoints on this computer',
      group: 'Runs',
      icon: HardDrive,
      perform: () => navigate(href('runs', null, { checkpoints: 'local' })),
    },
  ],
};
