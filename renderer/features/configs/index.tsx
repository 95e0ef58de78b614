// The config desk as the shell sees it. Only the list is here at once; Monaco and everything around it is loaded on demand.
import { lazy } from 'react';
import { FilePlus2, GitCompare } from 'lucide-react';
import type { Feature, PaneProps } from '../../app/feature.ts';
import { currentRoute, navigate } from '../../app/route.ts';
import { COMPARE, compareHref } from './compare/compare-route.ts';
import { ConfigsEmpty } from './empty.tsx';
import { ConfigList } from './list/config-list.tsx';
import { askForNew } from './work/ask-for-config.ts';
import { ConfigMainAction } from './work/main-action.tsx';

/** Other features show scripts in it; it is loaded with Monaco. */
export const ShellEditor = lazy(async () => ({
  default: (await import('./editor/shell-editor.tsx')).ShellEditor,
}));
export type { ShellEditorProps, ShellRemark } from './editor/shell-editor.tsx';

const Work = lazy(async () => ({ default: (await import('./work/config-work.tsx')).ConfigWork }));
const Meaning = lazy(async () => ({ default: (await import('./meaning/inspector.tsx')).Inspector }));
const CompareWords = lazy(async () => ({
  default: (await import('./compare/compare-inspector.tsx')).CompareInspector,
}));

function ConfigInspector(props: PaneProps) {
  return props.argument === COMPARE ? <CompareWords query={props.query} /> : <Meaning {...props} />;
}

export const feature: Feature = {
  id: 'configs',
  List: ConfigList,
  Work,
  Empty: ConfigsEmpty,
  Inspector: ConfigInspector,
  MainAction: ConfigMainAction,
  commands: (context) => [
    {
      id: 'configs.new',
      title: 'New config from a template…',
      group: 'Configs',
      icon: FilePlus2,
      perform: () => askForNew(context),
    },
    {
      id: 'configs.compare',
      title: 'Compare configs…',
      group: 'Configs',
      icon: GitCompare,
      perform: () => {
        const route = currentRoute();
        const open = route?.view === 'configs' && route.argument !== COMPARE ? route.argument : null;
        navigate(compareHref({ before: null, after: open }));
      },
    },
  ],
};
