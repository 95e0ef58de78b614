// Models: files that can be loaded, and what can be done with one: chat, look inside, compare.
import { MessageSquarePlus } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { href, navigate, currentRoute } from '../../app/route.ts';
import { newId } from './chat/session/chat-state.ts';
import { ModelListPane } from './model-list.tsx';
import { ModelActions, ModelInspector, ModelWork } from './model-modes.tsx';
import { NoModelChosen } from './no-model-chosen.tsx';

export const feature: Feature = {
  id: 'models',
  List: ModelListPane,
  Work: ModelWork,
  Empty: NoModelChosen,
  Inspector: ModelInspector,
  MainAction: ModelActions,
  commands: () => [
    {
      id: 'models.new-chat',
      title: 'New conversation',
      group: 'Models',
      icon: MessageSquarePlus,
      keys: 'Alt+N',
      when: () => currentRoute()?.view === 'models' && currentRoute()?.argument !== null,
      perform: () => navigate(href('models', currentRoute()?.argument ?? null, { chat: newId() })),
    },
  ],
};
