// Models: files that can be loaded, conversations with them, sampling settings and the model's card.
import { MessageSquarePlus } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { href, navigate, currentRoute } from '../../app/route.ts';
import { ChatInspector } from './chat-inspector.tsx';
import { newConversationId } from './chat-session.ts';
import { ChatWork } from './chat-work.tsx';
import { ModelListPane } from './model-list.tsx';
import { NewChatAction } from './new-chat-action.tsx';
import { NoModelChosen } from './no-model-chosen.tsx';

export const feature: Feature = {
  id: 'models',
  List: ModelListPane,
  Work: ChatWork,
  Empty: NoModelChosen,
  Inspector: ChatInspector,
  MainAction: NewChatAction,
  commands: () => [
    {
      id: 'models.new-chat',
      title: 'New conversation',
      group: 'Models',
      icon: MessageSquarePlus,
      keys: 'Alt+N',
      when: () => currentRoute()?.view === 'models' && currentRoute()?.argument !== null,
      perform: () =>
        navigate(href('models', currentRoute()?.argument ?? null, { chat: newConversationId() })),
    },
  ],
};
